"""Places that a board gives in parts: city, region and country in fields of their own."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator

from postings.facts.places.model_words import find_model_words, without_model_words
from postings.facts.places.reading import NO_PLACE, ResolvedPlace, read_places, split_places
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


def distinct_places(places: Iterable[Place]) -> tuple[Place, ...]:
    """Return a board's places, one by one: without words that name none, several in one name split, each once.

    >>> [place.name for place in distinct_places([Place(name="全国"), Place(name="北京,上海")])]
    ['北京', '上海']
    """
    return tuple(dict.fromkeys(one for place in places for one in _split(place)))


def _split(place: Place) -> Iterator[Place]:
    """Yield the places that the name of one holds; parts of an address belong to one place and hold it together."""
    in_parts = [part for part in (place.address_locality, place.address_region) if part and part != place.name]
    names = split_places(place.name)
    if names == [place.name] or (in_parts and names):
        yield place
    elif in_parts or (not names and place.address_country not in (None, place.name)):
        without = {part: _named(getattr(place, part)) for part in ("address_locality", "address_region")}
        if name := ", ".join(filter(None, (*without.values(), place.address_country))):
            yield dataclasses.replace(place, name=name, **without)
    else:
        for name in names:
            locality = name if place.address_locality == place.name else None
            yield dataclasses.replace(place, name=name, address_locality=locality)


def place_words(*places: str | None, model: str | None = None) -> str | None:
    """Return a board's words about where the work is done, where its places alone would lose some of them.

    Words for a work model, and words such as "全国" and "53 Locations", name no place.

    >>> place_words("Remote (US)", "Austin"), place_words("Austin", "北京,上海"), place_words("Oslo", model="hybrid")
    ('Remote (US); Austin', None, 'Oslo; hybrid')

    Args:
        places: What the board writes of places.
        model: What it writes of the work model in a field of its own.
    """
    stated = list(dict.fromkeys(filter(None, places)))
    lost = any(find_model_words(text) or (re.search(r"[^\W\d]", text) and not split_places(text)) for text in stated)
    named = [model] if model and find_model_words(model) else []
    return "; ".join([*stated, *named]) if lost or named else None


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
    if not part or part.isdigit() or (without_model_words(part) == part and not NO_PLACE.fullmatch(part.strip())):
        return part  # a number is the code of a region
    return ", ".join(split_places(part)) or None
