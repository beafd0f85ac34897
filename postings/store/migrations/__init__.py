"""The steps by which the store's layout came to be; a new step is a new file in ``versions``."""
