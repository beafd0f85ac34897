"""Tests of `rolemix.tagging`."""
