"""Tests of `classifier.quantification`."""
