"""Tests of rules, written beside them: texts and what they say, timelines and what statuses they lead to."""
