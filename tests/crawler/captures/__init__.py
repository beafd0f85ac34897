"""Tests of `crawler.captures`."""
