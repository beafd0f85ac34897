"""Tests of `crawler.runs`."""
