"""Tests of `rolemix.analysis`."""
