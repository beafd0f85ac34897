"""What a title and a place are compared by."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache, lru_cache

from opencc import OpenCC

from postings.facts.places import places_in_title, read_places
from postings.identity.numbers import without_numbers
from postings.identity.records import Job

_GENDER = r"(?:m[äa]nnlich|weiblich|divers[e]?|div\.?|male|female|gn|mann|frau|[mwfdxi])"
_NO_WORDS = r"(?:all|alle|any|every|jedes)\s(?:genders?|geschlechter?|gender\sidentit(?:y|ies))"
# "(m/w/d)", "m/f/x", "(all genders)", "(gn)": says nothing about the job. Two bare letters do: H/W, F/W.
_GENDERS = re.compile(
    rf"[(\[]\s?(?:{_GENDER}(?:\s?[/|*,]\s?{_GENDER}){{2,3}}|[mwd]{{3}}|[mfd]{{3}}|gn\*?|(?:m|h)\s?[/|]\s?f|f\s?[/|]\s?(?:m|h)"
    rf"|m\s?[/|]\s?w|w\s?[/|]\s?m|{_NO_WORDS})\s?[)\]]"
    rf"|(?<![\w/]){_GENDER}(?:\s?[/|*]\s?{_GENDER}){{2,3}}(?![\w/])"
    r"|(?<=\w)(?:[:*_]|/-?)in(?:nen)?\b"
)
_CAPITAL_IN = re.compile(r"(?<=[a-zäöüß])In(?:nen)?\b")
_SEGMENT = re.compile(r"\s[-–—|·/]\s|[:：|｜,，()\[\]（）【】]")
_SHORT = {"sr": "senior", "jr": "junior", "mgr": "manager"}
_HAN = re.compile(r"[\u3400-\u9fff]")
_FEWEST_TITLES = 5
"""How many titles a board needs before what most of them repeat counts as the board's own words."""
_LONGEST = 500
"""Characters of a title that are compared."""


def fold(text: str) -> str:
    """Return a text without differences of case, width and, in Chinese, between traditional and simplified.

    >>> fold("軟體ＡＰＩ")
    '软体api'
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    return _simplifier().convert(plain) if _HAN.search(plain) else plain


def is_han(text: str) -> bool:
    """Return whether a text has Chinese characters."""
    return bool(_HAN.search(text))


def title_key(title: str, places: Iterable[str] = ()) -> str:
    """Return a title without case, signs, marks of gender, numbers, and the places that the posting names.

    Levels and every other word stay: "Engineer I" and "Engineer II" are different jobs.

    >>> title_key("Sr. Data Engineer (m/w/d) – Berlin", ["Berlin, Germany"])
    'senior data engineer'
    """
    plain = _GENDERS.sub(" ", fold(_CAPITAL_IN.sub("", without_numbers(title[:_LONGEST]))))
    words = [_SHORT.get(word, word) for word in re.findall(r"[^\W_]+|\+\+|#", plain)]
    named = frozenset().union(*map(_place_words, places))
    return " ".join([word for word in words if word not in named] or words)


def title_keys(jobs: Sequence[Job]) -> dict[str, str]:
    """Return the `title_key` of each job by its key, without what its board alone puts around most of its titles.

    Such words are an employer's name, a slogan or a call: "Lanternfish: Diver", "Diver | Jobs at Lanternfish".
    """
    keys = {job.key: title_key(job.title, job.places) for job in jobs}
    # Titles are counted without places: one job in ten cities is one title.
    titles: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for job in jobs:
        if keys[job.key] not in titles[job.board]:
            titles[job.board][keys[job.key]] = _segments(job.title)
    if len(titles) < 2:
        return keys
    counts = {board: Counter(part for parts in of.values() for part in set(parts)) for board, of in titles.items()}
    for board, of in titles.items():
        elsewhere = set().union(*(parts for other, parts in counts.items() if other != board))
        frame = {part for part, count in counts[board].items() if count > len(of) / 2 and part not in elsewhere}
        if not frame or len(of) < _FEWEST_TITLES:
            continue
        for job in jobs:
            if job.board == board and (kept := [part for part in _segments(job.title) if part not in frame]):
                keys[job.key] = title_key(" - ".join(kept), job.places)
    return keys


@lru_cache(maxsize=100_000)
def place_keys(place: str) -> frozenset[str]:
    """Return the places that a board's words name, each from country to county, or its words where it is not known.

    None where the words name no place: "53 Locations", "Remote".

    >>> sorted(place_keys("München; Lampwick Pier"))
    ['DE/Bavaria/Munich', 'lampwick pier']
    """
    return frozenset(
        "/".join(filter(None, (one.country, one.region, one.city, one.county)))
        or " ".join(re.findall(r"\w+", fold(one.words)))
        for one in read_places(place)
    )


def place_labels(places: Iterable[str]) -> frozenset[str]:
    """Return what a posting's places are told apart by: where they name no place, the words themselves.

    >>> sorted(place_labels(["Oslo, Norway", "Remote"]))
    ['NO/Oslo/Oslo', 'remote']
    """
    return frozenset().union(*(place_keys(place) or _words(place) for place in places))


def with_places(job: Job) -> Job:
    """Return a job with the places that its title names, where its own words name none."""
    if any(map(place_keys, job.places)):
        return job
    named = tuple(place.words for place in places_in_title(job.title[:_LONGEST]))
    return replace(job, places=named) if named else job


def may_be_one_place(one: str, other: str) -> bool:
    """Return whether the words for one place may mean the other: a country and its city, or the same unknown name.

    >>> may_be_one_place("Germany", "München"), may_be_one_place("Pier 4", "Pier 4, Oslo")
    (True, True)
    >>> may_be_one_place("York", "New York")
    False
    """
    mine, its = place_keys(one), place_keys(other)
    if not mine or not its or any(a == b or a.startswith(f"{b}/") or b.startswith(f"{a}/") for a in mine for b in its):
        return True
    if all(key[:2].isupper() for key in mine | its):
        return False  # the gazetteer knows them all
    first, second = _place_words(one), _place_words(other)
    return first <= second or second <= first


@lru_cache(maxsize=100_000)
def _place_words(place: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W_]+", fold(place)))


def _words(place: str) -> frozenset[str]:
    return frozenset(filter(None, [" ".join(re.findall(r"\w+", fold(place)))]))


def _segments(title: str) -> list[str]:
    return [part.strip() for part in _SEGMENT.split(unicodedata.normalize("NFKC", title[:_LONGEST])) if part.strip()]


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")
