"""Telling people of status changes: what is worth telling, when, in what words, and through whom."""
