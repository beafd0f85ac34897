"""Tests of `rolemix.publishing`."""
