"""The dashboard and the review desk: server-rendered pages, a JSON API, and feeds of what changed."""
