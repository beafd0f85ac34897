"""Tests of `classifier.training`."""
