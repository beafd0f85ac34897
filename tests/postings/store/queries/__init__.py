"""Tests of `postings.store.queries`."""
