"""Tests of `crawler.parsing`."""
