"""Tests of `classifier.text`."""
