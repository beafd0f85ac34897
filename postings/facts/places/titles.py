"""A place that only a posting's title names, where the board has no field for it."""

from __future__ import annotations

import re

from postings.facts.places.gazetteer import HAN, fold, gazetteer
from postings.facts.places.reading import ResolvedPlace, read_places

LEAST_INHABITANTS = 300
"""Thousands of inhabitants of a city that a title may name alone: smaller ones are too often ordinary words."""

# What stands behind a dash, a bar or a comma, or in brackets, at the end.
_TAIL = re.compile(
    r"(?:[(（\[【](?P<bracket>[^()（）\[\]【】]{2,40})[)）\]】]\s*|(?:\s[-–—|]\s|[—–|]|(?<=[一-鿿])-|,\s)(?P<last>[^-–—|()（）]{2,40}))$"
)
_MARK = re.compile(r"\s*[(\[（]\s?(?:[mwfdx]\s?[/|]\s?){1,3}[mwfdx]\s?[)\]）]|\s*\(all genders\)", re.IGNORECASE)


def places_in_title(title: str) -> tuple[ResolvedPlace, ...]:
    """Return the places at the end of a title; none where they could be ordinary words or a company's name.

    >>> [place.city for place in places_in_title("售前工程师-青岛")], places_in_title("大客户销售经理（阿里）")
    (['Qingdao'], ())
    >>> [place.city for place in places_in_title("Data Engineer (m/w/d) - Hamburg")], places_in_title("Nurse - Mobile")
    (['Hamburg'], ())

    Args:
        title: The title.
    """
    tail = _TAIL.search(_MARK.sub("", title).strip())
    if not tail:
        return ()
    words = (tail["bracket"] or tail["last"]).strip()
    found = read_places(words)
    return found if found and all(_is_surely_a_place(place) for place in found) else ()


def _is_surely_a_place(place: ResolvedPlace) -> bool:
    if not place.country or not (place.city or place.region):
        return False
    name = place.words.strip()
    if HAN.search(name):
        # "阿里" is a prefecture and a company, and "阿里市" is nothing: a short name must be a city's or a province's.
        return any(f"{name}{kind}" in gazetteer().han for kind in ("市", "省")) or name[-1] in "市省州县区盟旗"
    if "," in name and place.region:
        return True
    readings = gazetteer().names.get(fold(name), [])
    return bool(readings) and max(entry.population for entry in readings) >= LEAST_INHABITANTS
