"""Feeds: fetching bytes politely and parsing them into items."""
