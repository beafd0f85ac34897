"""Tests of `classifier.model`."""
