"""Look-up: which signals may stand in a text, and where their words and the names of actors do."""
