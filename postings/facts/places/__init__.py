"""Places: boards' words for where work is done, kept as names and resolved to city, region and country."""

from postings.facts.places.parts import place_in, places_of, resolve_places
from postings.facts.places.reading import ResolvedPlace, country_code, country_name, read_places, split_places

__all__ = [
    "ResolvedPlace",
    "country_code",
    "country_name",
    "place_in",
    "places_of",
    "read_places",
    "resolve_places",
    "split_places",
]
