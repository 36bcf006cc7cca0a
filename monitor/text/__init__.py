"""Sentences, words and cue scopes. Pure: text in, frozen values out."""
