"""What an item says of the conditions: a compiled index of signals, and a reading of each sentence. Pure."""
