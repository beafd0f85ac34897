"""Tests of `rolemix.cli`."""
