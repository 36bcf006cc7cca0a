"""The condition monitor: what governments demanded, and what has been done about it since."""

__version__ = "0.1.0"
