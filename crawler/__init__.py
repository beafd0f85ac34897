"""First floor: the Scrapy project, from a board's URL to postings with proof of completeness."""
