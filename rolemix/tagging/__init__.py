"""Tagging what is in the store, and asking a person about it."""
