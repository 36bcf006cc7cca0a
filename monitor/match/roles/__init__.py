"""Roles: who did it, to whom, and who says so."""
