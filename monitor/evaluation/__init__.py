"""How well rules read: scores on labelled items, and a keyword alert to compare with."""
