"""Tests of the facts read from raw fields."""
