"""From boards to history: the watchlist, crawling, ingesting, and boards that moved."""
