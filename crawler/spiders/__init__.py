"""One module a recruiting system; a company is never code."""
