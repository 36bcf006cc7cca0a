"""Which entry of a feed is it, and have its words changed? Pure: decided over all that an entry carries."""
