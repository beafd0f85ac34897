"""Places that a board gives in parts: city, region and country in fields of their own."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator

from postings.facts.places.model_words import without_model_words
from postings.facts.places.reading import ResolvedPlace, read_places, split_places
from postings.posting import Place


def place_in(
    city: str | None, region: str | None, country: str | None, *, name: str | None = None, code: str | None = None
) -> Place | None:
    """Return a place that a board gives in parts; None where it gives none.

    Words for a work model, and words that name no place, are no parts: a board writes them into any field.

    Args:
        city: The city or district.
        region: The province or state.
        country: The country.
        name: The place as the board writes it; None to join the parts, each once.
        code: The country's ISO 3166 code, which is the same in every language.
    """
    city, region, country, name = map(_named, (city, region, country, name))
    full_name = name or ", ".join(dict.fromkeys(filter(None, (city, region, country))))
    if not full_name:
        return None
    return Place(name=full_name, address_locality=city, address_region=region, address_country=code or country)


def places_of(names: Iterable[str | None]) -> tuple[Place, ...]:
    """Return the places that a board names in free text, each once."""
    return tuple(Place(name=name) for name in dict.fromkeys(place for text in names for place in split_places(text)))


def resolve_places(places: Iterable[Place]) -> tuple[ResolvedPlace, ...]:
    """Return the places of a posting, resolved, each once; ``words`` are the board's name of each.

    >>> [(place.city, place.country) for place in resolve_places([Place(name="Head office", address_locality="Köln")])]
    [('Köln', 'DE')]
    """
    return tuple(dict.fromkeys(found for place in places for found in _resolved(place)))


def _resolved(place: Place) -> Iterator[ResolvedPlace]:
    parts = dict.fromkeys(filter(None, (place.address_locality, place.address_region, place.address_country)))
    in_parts = read_places(", ".join(parts), country=place.address_country)
    by_name = read_places(place.name, country=place.address_country)
    if len(in_parts) == 1 and (len(by_name) != 1 or _depth(in_parts[0]) > _depth(by_name[0])):
        yield dataclasses.replace(in_parts[0], words=place.name)
    else:
        yield from by_name


def _depth(place: ResolvedPlace) -> int:
    return sum(map(bool, (place.city, place.region, place.country, place.county)))


def _named(part: str | None) -> str | None:
    """Return a part that names a place, as the board writes it but for the words of a work model; else None."""
    if not part or (without_model_words(part) == part and split_places(part)):
        return part
    return ", ".join(split_places(part)) or None
