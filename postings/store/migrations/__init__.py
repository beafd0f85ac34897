"""The migrations of the store's layout; a new one is a new file in ``versions``."""
