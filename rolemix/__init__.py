"""Top floor: what people use: the command line, reports, feed and watchlist."""
