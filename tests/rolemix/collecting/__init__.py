"""Tests of `rolemix.collecting`."""
