"""Training the weights of the tagger and the parser from a treebank; run by hand, never when sentences are read."""
