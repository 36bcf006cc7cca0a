"""A sentence with its words, names and grammar: verb groups, clauses, and what a word of a clause can reach."""
