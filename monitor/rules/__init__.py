"""Rulesets and sources: reading, validating, proving. Pure but for reading files."""
