"""Tests of `classifier.evaluation`."""
