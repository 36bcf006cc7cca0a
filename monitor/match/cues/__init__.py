"""Cues: the words that make a deed a promise, a demand, a denial or a thing that is not real."""
