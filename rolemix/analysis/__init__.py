"""From history to results: mixes, reports and frames."""
