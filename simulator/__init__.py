"""The simulator: a fictional world of companies and an HTTP server that responds as their job boards do."""
