"""The daemon: the same pipeline, started by a clock."""
