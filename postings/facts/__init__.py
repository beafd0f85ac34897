"""Facts read from a posting's raw fields and text: pay, places, dates, requirements, technologies, domains."""

from postings.facts.reading import FACTS_VERSION, Facts, posting_facts, read_facts
from postings.facts.rows import FACT_KINDS, Fact, fact_rows

__all__ = ["FACTS_VERSION", "FACT_KINDS", "Fact", "Facts", "fact_rows", "posting_facts", "read_facts"]
