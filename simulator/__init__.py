"""The simulator: a fictional world of companies and an HTTP server that answers as their job boards do."""
