"""What the history says: mixes and reports."""
