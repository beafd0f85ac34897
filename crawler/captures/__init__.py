"""Responses that were kept: saved files, browser sessions and recordings."""
