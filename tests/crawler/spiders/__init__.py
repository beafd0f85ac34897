"""Tests of each recruiting system's spider, one module per system."""
