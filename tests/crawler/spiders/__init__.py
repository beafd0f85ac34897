"""Tests of each system's reader, one module a system."""
