"""What a text says of the conditions. A sentence goes through the folders in this order:

lookup, sentence, roles, cues, discourse; then verdict, signal_reader and item_reader put together what they found.
"""
