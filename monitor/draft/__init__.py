"""From a document to a draft: who demands what of whom, in which words, for a person to finish."""
