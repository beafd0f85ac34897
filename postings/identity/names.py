"""What a title, a place and an id are compared by."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from urllib.parse import unquote

from postings.facts.places import read_places

# "(m/w/d)", "(all genders)", "(f/m/x)": says nothing about the job.
_GENDERS = re.compile(r"[(\[]\s*(?:[mwfdxi]\s?[/|*,]\s?){1,3}[mwfdxi]\s*[)\]]|\(all genders\)|(?<=\w)[:*]in(?:nen)?\b")
_NUMBER = re.compile(r"(?<![A-Za-z0-9])(JR|REQ|R|J)[-_ ]?(\d{4,})(?:-\d{1,2})?(?![A-Za-z0-9])", re.IGNORECASE)
_DIGITS = re.compile(r"(?<![A-Za-z0-9])\d{5,}(?![A-Za-z0-9])")
_UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def title_key(title: str, places: Iterable[str] = ()) -> str:
    """Return a title without case, signs, marks of gender, and the places that the posting names.

    Levels, numbers and every other word stay: "Engineer I" and "Engineer II" are different jobs.

    >>> title_key("Data Engineer (m/w/d) – Berlin", ["Berlin, Germany"])
    'data engineer'
    """
    plain = _GENDERS.sub(" ", unicodedata.normalize("NFKC", title).casefold())
    words = re.findall(r"[^\W_]+|\+\+|#", plain)
    named = frozenset().union(*(_place_words(place) for place in places)) if places else frozenset()
    kept = [word for word in words if word not in named]
    return " ".join(kept or words)


@lru_cache(maxsize=100_000)
def place_key(place: str) -> str:
    """Return what a place is compared by: what it means where that is known, else its words."""
    found = read_places(place)
    known = sorted({"/".join(filter(None, (one.country, one.region, one.city, one.county))) for one in found})
    return ";".join(filter(None, known)) or " ".join(re.findall(r"\w+", place.casefold()))


@lru_cache(maxsize=100_000)
def _place_words(place: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]+", unicodedata.normalize("NFKC", place).casefold()))


def requisition_numbers(identifier: str, url: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return the requisition numbers in a posting's id and address: those of a known form, and bare numbers.

    A number of a known form (``JR-12345``, ``R0012345``) names a requisition by itself; a bare one is also how boards
    count postings.

    >>> [sorted(numbers) for numbers in requisition_numbers("JR-12345-1", "https://example.com/jobs/998877")]
    [['JR12345'], ['12345', '998877']]
    """
    where = _UUID.sub(" ", f"{identifier} {unquote(url).partition('?')[0]}")
    # A suffix ("-1") tells the places of one requisition apart.
    formed = frozenset(f"{letters.upper()}{digits}" for letters, digits in _NUMBER.findall(where))
    return formed, frozenset(_DIGITS.findall(where))
