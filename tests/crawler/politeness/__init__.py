"""Tests of `crawler.politeness`."""
