"""Bytes to items to evidence to statuses to transitions: the core's decisions carried from step to step and stored.

The daemon, the one-shot commands and the demo all go through here.
"""
