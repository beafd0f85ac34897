"""Facts read from a posting's raw fields and text: pay, places, dates, requirements, technologies, domains."""

from postings.facts.reading import FACTS_VERSION, Facts, read_facts

__all__ = ["FACTS_VERSION", "Facts", "read_facts"]
