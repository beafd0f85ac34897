"""The migrations, one module each; each names the one before it."""
