"""From evidence to statuses. Pure: evidence and an explicit ``now`` in, standings out."""
