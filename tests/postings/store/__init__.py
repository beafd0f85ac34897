"""Tests of `postings.store`."""
