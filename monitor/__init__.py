"""The condition monitor: what governments demanded, and what has been done about it since."""

__version__ = "0.2.0"
