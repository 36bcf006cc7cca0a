"""The manners of a polite guest, as pure rules: when to ask a server again, and what to believe of its answers."""
