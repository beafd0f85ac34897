"""Tests of `crawler.bases`."""
