"""From boards or saved files to runs with verdicts."""
