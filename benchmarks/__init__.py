"""What is fast, measured beside a peer or a bare floor in one run."""
