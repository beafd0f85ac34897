"""From a board's words about places to names of places, and from names to city, region and country."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from postings.facts.places.gazetteer import HAN, LONGEST_HAN, Entry, fold, gazetteer
from postings.facts.places.model_words import without_model_words

_HARD = re.compile(r"[|;；、•\n\r\t]|\sor\s|\soder\s|或")
"""Separators that stand between places only. "or" in lower case: OR is Oregon."""
_SOFT = re.compile(r"(?<!\d)/|/(?!\d)|\s&\s|\s\+\s|\sand\s|\sund\s|[和及与]")
"""Separators that stand within a place's name too: Bosnia and Herzegovina."""
_COMMA = re.compile(r"[,，·・]|\s[-–—]+\s|\s[-–—](?=\w)|(?<=\w)[-–—]+\s|:\s|：")
"""What stands between the parts of one place, or between places."""
_INNER = re.compile(r"[-–—.]")
"""What joins parts without a blank: US-NY-New York, USA.VA.Reston."""
AREA = re.compile(
    r"\b(?:EU|European\sUnion|EEA|EMEA|APAC|LATAM|AMER|NAMER|DACH|MENA|ANZ|Europe|Europa|Asia|Africa|Oceania|Americas"
    r"|(?:North|South|Latin)\sAmerica|Middle\sEast|Nordics|Benelux)\b|欧盟|欧洲|亚太|北美|东南亚"
)
"""Areas wider than a country, which have no place in an address."""
_EDGES = " \t,-–—:/·•.'\"“”*#"
_LINKING = "(?:or|oder|and|und|in|within|from|im|at)"
_LOOSE = re.compile(rf"^(?:{_LINKING}\s)+|(?:\s{_LINKING})+$")
_EMPTY_BRACKETS = re.compile(r"[(（\[]\s*[)）\]]")
_ALL_BRACKETED = re.compile(r"[(（\[【]([^()（）\[\]【】]*)[)）\]】]")
_BRACKETED = re.compile(r"[(（\[【]([^()（）\[\]【】]*)[)）\]】]")
NO_PLACE = re.compile(
    r"(?:\+?\s?\d+\s?(?:more\s|weitere\s)?(?:locations?|places|cities|sites|standorte|offices)"
    r"|(?:multiple|various|several|many|all|different|any|flexible|mehrere|verschiedene|diverse|alle)"
    r"\s?(?:\w+\s)?(?:locations?|cities|places|sites|offices|countries|standorte?|orte?)?"
    r"|location\s(?:flexible|independent|negotiable)|flexible?|negotiable"
    r"|(?:home\sbased\s?)?(?:world[\s-]?wide|global(?:ly)?|anywhere(?:\sin\sthe\sworld)?|everywhere|international|weltweit|earth)"
    r"|nation[\s-]?wide|country[\s-]?wide|bundesweit|deutschlandweit|überregional|ortsunabhängig"
    r"|n\s?/?\s?a|none|null|undefined|unknown|unspecified|not\s(?:specified|stated|available)|tb[ad]|other|others|remote|hybrid"
    r"|全国各?地?|全球|海外|国外|境外|不限|地点不限|城市不限|多地|多地可选|多个?(?:城市|地点|地区)|各地|其他|其它|异地|待定|面议|工作地点)",
    re.IGNORECASE,
)
"""Words that stand where places do and name none."""
_AFFIXES = re.compile(
    r"^(?:greater|metro|metropolitan|downtown|central|near|raum|großraum|region|stadt|city\sof|area\sof|based\sin"
    r"|office\sin|hq)\s+"
    r"|\s+(?:offices?|hq|headquarters?|campus|area|metro(?:politan)?(?:\sarea)?|region|und\sumgebung|and\ssurroundings"
    r"|only|site|based|city)$",
    re.IGNORECASE,
)
_COUNTY = re.compile(r"\s(?:(?:new\s)?district|county|banner|flag|qu|xian)$", re.IGNORECASE)
_HOUSE_OR_POSTAL = re.compile(r"^(?:[A-Z]{1,2}-)?\d{4,6}\s+")
_POSTAL = re.compile(r"\s+(?P<us>\d{5}(?:-\d{4})?)$|\s+[A-Z]{1,2}\d[\dA-Z]?\s?\d[A-Z]{2}$")
_CODE = re.compile(r"[A-Z]{2,3}|(?:[A-Z]\.){2,3}|[A-Z]\.[A-Z]")
_STREET = re.compile(r"[东西南北中]?[一二三四]?[路街巷弄]|大道|大街|大厦|大学|银行|广场|医院|机场|车站|国际")
# Official names of countries that gazetteers shorten, and that a conjunction would divide.
_OFFICIAL = {
    fold("United Kingdom of Great Britain and Northern Ireland"): "United Kingdom",
    fold("Vereinigtes Königreich Großbritannien und Nordirland"): "United Kingdom",
}
_CITY_LIKE = re.compile(r"[^\W\d_][^\d_/@()]{2,40}")
_NO_CITY = re.compile(
    r"\b(?:office|hq|headquarters?|campus|area|region|site|plant|building|floor|street|st|road|rd|ave|blvd|drive|dr|hwy|center|centre"
    r"|warehouse|store|zone|field|home|north|south|east|west|flexible|travel|time|tz|zeitzone|state|states|only|based|eu|emea|apac)\b",
    re.IGNORECASE,
)
_DOMINANT = 3
"""How many times more inhabitants a place needs than all others of its name to be meant without further words."""
_DOMINANT_OTHER_KIND = 10
"""The same, between a city and a region or country."""
_CITY_OF_REGION = 0.1
"""The share of a region's inhabitants from which its name means the city of that name: New York, not Quebec."""
_WIDELY_KNOWN = 100
"""Inhabitants, in thousands, from which a name in a list of commas starts a new place."""
_CITY_BESIDE_REGION = 0.5
"""The same for a city that lies in another region: Moscow, not Washington."""
_CITY_STATES = {"SG", "HK", "MO", "MC", "VA", "GI"}
_MOST_READINGS = 200
_MOST_TOKENS = 2_000
_LONGEST_TOKEN = 120
_LONGEST_FIELD = 50_000
"""Characters of a field for places; what is longer is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResolvedPlace:
    """A place that a board names, and what the gazetteer knows about it.

    Attributes:
        words: The board's words for it.
        city: The city, in English; in China the prefecture. None where the words name none, or could mean several.
        region: The state or province, in English.
        country: ISO 3166-1 code, two letters.
        county: The county or district in China, in Chinese as its government writes it (``海淀区``).
    """

    words: str
    city: str | None = None
    region: str | None = None
    country: str | None = None
    county: str | None = None


class _Token(NamedTuple):
    start: int
    end: int
    readings: tuple[Entry, ...]
    is_glued: bool
    """Whether it follows the token before it without any separator, as in 北京朝阳."""
    is_american: bool = False
    """Whether it has an American postal code."""


class _Group(NamedTuple):
    """The tokens of one place, and what they can mean together."""

    tokens: list[_Token]
    readings: tuple[Entry, ...]


def split_places(text: str | None) -> list[str]:
    """Return the places that a location field names, work-model words removed, each once.

    >>> split_places("San Francisco, CA & New York, NY | Berlin/Hamburg")
    ['San Francisco, CA', 'New York, NY', 'Berlin', 'Hamburg']
    >>> split_places("Remote - European Union; Hybrid; 53 Locations")
    ['European Union']
    >>> split_places("Portland, OR or London (HQ)")
    ['Portland, OR', 'London (HQ)']
    """
    return list(dict.fromkeys(words for _, words, _ in _read(text)))


def read_places(text: str | None, *, country: str | None = None) -> tuple[ResolvedPlace, ...]:
    """Return the places that a location field names, resolved, each once.

    >>> [(place.city, place.region, place.country) for place in read_places("US, CA, Santa Clara | 乌兰察布")]
    [('Santa Clara', 'California', 'US'), ('Ulanqab', 'Inner Mongolia', 'CN')]

    Args:
        text: The board's words.
        country: The country that the board states apart from them, as it writes it.
    """
    return tuple(dict.fromkeys(place for _, place in locate_places(text, country=country)))


def locate_places(text: str | None, *, country: str | None = None) -> Iterator[tuple[tuple[int, int], ResolvedPlace]]:
    """Yield the places as `read_places`, each time that one is named, with the span of its words in the text."""
    code = country_code(country)
    for span, words, group in _read(text):
        yield span, _resolved(words, group, code)


def country_code(words: str | None) -> str | None:
    """Return the ISO 3166-1 code of a country that a board names or abbreviates; None where no single one is meant.

    >>> country_code("Vereinigte Staaten"), country_code("USA"), country_code("us"), country_code("Georgia, US")
    ('US', 'US', 'US', None)
    """
    name = (words or "").strip()
    if len(name) > _LONGEST_TOKEN:
        return None
    entries = [*_lookup(name), *gazetteer().codes.get(name.upper(), ())]
    codes = {entry.country for entry in entries if not entry.region and not entry.city}
    return codes.pop() if len(codes) == 1 else None


def country_name(code: str) -> str:
    """Return a country's English name by its ISO 3166-1 code; the code itself where there is no such country."""
    return gazetteer().countries.get(code, code)


# Splitting ---------------------------------------------------------------------------------------------------------


def _read(text: str | None) -> Iterator[tuple[tuple[int, int], str, _Group]]:
    """Yield every place named: where its words stand, the words, and what they can mean."""
    if not text or len(text) > _LONGEST_FIELD:
        return
    blanked = without_model_words(text)
    for start, end in _parts(blanked):
        for group in _grouped(_tokens(blanked, start, end)):
            span = group.tokens[0].start, group.tokens[-1].end
            words = _cleaned(blanked[span[0] : span[1]])
            if words and not NO_PLACE.fullmatch(words) and any(map(str.isalpha, words)):
                yield span, words, group


def _cleaned(text: str) -> str:
    name = " ".join(_EMPTY_BRACKETS.sub(" ", text).split()).strip(_EDGES)
    if found := _ALL_BRACKETED.fullmatch(name):
        name = found[1]
    for opening, closing in ("()", "（）", "[]", "【】"):
        if name.count(opening) != name.count(closing):
            name = name.strip(opening + closing)
    name = _LOOSE.sub("", name.strip(_EDGES)).strip(_EDGES)
    first, comma, rest = name.partition(",")
    return first if comma and fold(first) == fold(rest) else name


def _parts(text: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of every part between separators that stand between places."""
    start = 0
    for found in [*_HARD.finditer(text), None]:
        end = found.start() if found else len(text)
        yield from _soft_parts(text, start, end)
        start = found.end() if found else end


def _soft_parts(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for field_start, field_end in _fields(text, start, end):
        if field_end - field_start <= _LONGEST_TOKEN and _lookup(text[field_start:field_end].strip()):
            continue  # Bosnia & Herzegovina
        for found in _SOFT.finditer(text, field_start, field_end):
            yield start, found.start()
            start = found.end()
    yield start, end


def _fields(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for found in _COMMA.finditer(text, start, end):
        yield start, found.start()
        start = found.end()
    yield start, end


# Tokens ------------------------------------------------------------------------------------------------------------


def _tokens(text: str, start: int, end: int) -> Iterator[_Token]:
    for field_start, field_end in _fields(text, start, end):
        field = text[field_start:field_end]
        stripped = field.strip()
        if stripped:
            at = field_start + field.index(stripped)
            yield from _field_tokens(stripped, at)


def _field_tokens(field: str, at: int) -> Iterator[_Token]:
    end = at + len(field)
    if len(field) > _LONGEST_TOKEN:
        yield _Token(at, end, (), is_glued=False)
        return
    if HAN.search(field):
        yield from _han_tokens(field, at)
        return
    if readings := _readings(field):
        postal = _POSTAL.search(field)
        yield _Token(at, end, readings, is_glued=False, is_american=bool(postal and postal["us"]))
        return
    yield from _known_pieces(field, at) or [_Token(at, end, (), is_glued=False)]


def _known_pieces(field: str, at: int) -> list[_Token]:
    """Return the parts of a field that is made of known names without a separator; none where anything is unknown."""
    for pattern in (_INNER, re.compile(r"\s")):
        words = [found.span() for found in re.finditer(rf"(?:(?!{pattern.pattern}).)+", field)]
        pieces, index = [], 0
        while 1 < len(words) <= 12 and index < len(words):
            for last in range(len(words) - 1, index - 1, -1):
                start, end = words[index][0], words[last][1]
                if readings := _lookup(field[start:end].strip()):
                    pieces.append(_Token(at + start, at + end, readings, is_glued=False))
                    index = last + 1
                    break
            else:
                break
        if pieces and index == len(words):
            return pieces
    return []


def _readings(field: str) -> tuple[Entry, ...]:
    """Return what a field can mean, with what surrounds a name taken off step by step."""
    name = unicodedata.normalize("NFKC", field).strip(_EDGES)
    for simpler in (
        lambda name: name,
        lambda name: _POSTAL.sub("", name),
        lambda name: _BRACKETED.sub(" ", name).strip(_EDGES + "()[]"),
        lambda name: _AFFIXES.sub("", name),
    ):
        name = simpler(name).strip()
        if found := _lookup(name):
            return found
    if (county := _COUNTY.sub("", name)) != name and any(entry.county for entry in _lookup(county)):
        return tuple(entry for entry in _lookup(county) if entry.county)
    if (without := _HOUSE_OR_POSTAL.sub("", name)) != name:
        # American addresses begin with the number of the house, European ones with the postal code of the town.
        return tuple(entry for entry in _lookup(without) if entry.country not in ("US", "CA"))
    inside = _BRACKETED.search(field)
    return _lookup(_AFFIXES.sub("", inside[1].strip())) if inside else ()


def _lookup(name: str) -> tuple[Entry, ...]:
    if AREA.fullmatch(name):
        return ()
    known = gazetteer()
    name = _OFFICIAL.get(fold(name), name)
    if HAN.search(name):
        simple = name.translate(known.simplified)
        found = known.han.get(simple) or known.short_counties.get(simple) or ()
        # Taiwan's and Hong Kong's districts, which the gazetteer lacks, share names with the mainland's: 中山區.
        is_elsewhere = simple != name and all(entry.county for entry in found)
        return () if is_elsewhere else tuple(found)
    codes = known.codes.get(name, ()) if _CODE.fullmatch(name.rstrip(".")) or name in known.codes else ()
    if not codes and _CODE.fullmatch(name):
        codes = known.codes.get(name.replace(".", ""), ())
    return tuple(dict.fromkeys((*codes, *known.names.get(fold(name), ()))))


def _han_tokens(field: str, at: int) -> Iterator[_Token]:
    """Yield the places of Chinese words, which stand next to each other without separators."""
    known = gazetteer()
    simple = field.translate(known.simplified)
    for found in re.finditer(r"[^\s()（）\[\]【】\-–—]+", simple):
        run = found[0]
        tokens: list[_Token] = []
        if whole := _lookup(field[found.start() : found.end()]):
            yield _Token(at + found.start(), at + found.end(), whole, is_glued=False)
            continue
        index = 0
        while index < len(run):
            for length in range(min(LONGEST_HAN, len(run) - index), 1, -1):
                name = run[index : index + length]
                entries = (*known.han.get(name, ()), *known.short_counties.get(name, ()))
                if entries and not _STREET.match(run, index + length):
                    start = at + found.start() + index
                    tokens.append(_Token(start, start + length, entries, is_glued=bool(tokens)))
                    index += length
                    break
            else:
                index += 1
        covered = sum(token.end - token.start for token in tokens) == len(run)
        if not tokens:
            yield _Token(at + found.start(), at + found.end(), (), is_glued=False)
        for index, token in enumerate(tokens):
            # The last one's words go on to the end of the run: 杭州西湖区云谷园区.
            end = at + found.end() if index + 1 == len(tokens) else token.end
            start = at + found.start() if index == 0 else token.start
            is_within = not covered or simple[token.end - at - 1] in "区县镇乡"
            yield token._replace(start=start, end=end, is_glued=token.is_glued and is_within)


# Groups ------------------------------------------------------------------------------------------------------------


def _grouped(tokens: Iterable[_Token]) -> Iterator[_Group]:
    """Yield the tokens place by place: those that can all be true of one place belong together."""
    group = _Group([], ())
    for count, token in enumerate(tokens):
        if _are_countries(group, token):
            yield group._replace(readings=tuple(_countries(group.readings)))
            group = _Group([token], token.readings)
            continue
        together = _together(group.readings, token)
        if count > _MOST_TOKENS:
            break
        if not token.readings or together or not group.readings:
            group = _Group([*group.tokens, token], together or group.readings)
        elif token.is_glued or not _starts_a_place(token):
            group = _Group([*group.tokens, token._replace(readings=())], group.readings)
        else:
            yield group
            group = _Group([token], token.readings)
    if group.tokens:
        yield group


def _are_countries(group: _Group, token: _Token) -> bool:
    """Whether two parts are two countries, although one is a city's name in the other: Jamaica, United States."""
    if len(group.tokens) != 1 or not (_countries(group.readings) and _countries(token.readings)):
        return False
    merged = _together(group.readings, token)
    return bool(merged) and all(entry.city for entry in merged)


def _countries(readings: Iterable[Entry]) -> list[Entry]:
    return [entry for entry in readings if entry.population and not entry.region and not entry.city]


def _together(before: tuple[Entry, ...], token: _Token) -> tuple[Entry, ...]:
    """Return every reading of a place that agrees with one of a further token."""
    if not before:
        return token.readings
    merged = (_merge(one, other) for one in before for other in token.readings)
    return tuple(dict.fromkeys(entry for entry in merged if entry))[:_MOST_READINGS]


def _merge(one: Entry, other: Entry) -> Entry | None:
    """Return the place that two readings mean together; None where they contradict each other."""
    levels = []
    for mine, theirs in zip(_levels(one), _levels(other), strict=True):
        if mine and theirs and mine != theirs:
            return None
        levels.append(mine or theirs)
    country, region, city, county = levels
    return Entry(country, region, city, county, max(one, other, key=_depth).population)


def _levels(entry: Entry) -> tuple[str, str, str, str]:
    return entry.country, entry.region, entry.city, entry.county


def _depth(entry: Entry) -> int:
    return sum(map(bool, _levels(entry)))


def _starts_a_place(token: _Token) -> bool:
    """Whether a token in a list of commas is a place of its own, not a quarter or street that shares its name."""
    return any(
        not entry.county and (not entry.city or not entry.population or entry.population >= _WIDELY_KNOWN)
        for entry in token.readings
    )


# Resolution --------------------------------------------------------------------------------------------------------


def _resolved(words: str, group: _Group, country: str | None) -> ResolvedPlace:
    readings: Sequence[Entry] = group.readings
    if any(token.is_american for token in group.tokens):
        country = "US"
    if country and any(entry.country == country for entry in readings):
        readings = [entry for entry in readings if entry.country == country]
    readings = _beside_counties(words, readings) if len(group.tokens) == 1 else readings
    found = _meant(readings)
    city = found.city or (_unlisted_city(words, group) if found.region else "")
    return ResolvedPlace(
        words=words,
        city=city or None,
        region=found.region or None,
        country=found.country or (country if not readings else None) or None,
        county=found.county or None,
    )


def _beside_counties(words: str, readings: Sequence[Entry]) -> Sequence[Entry]:
    """Return what a single name can mean, where Chinese counties are called so too.

    Their inhabitants do not tell which is meant: Chaoyang is a city, and the district of Beijing that more people mean.
    In Latin letters their few syllables are names in Taiwan and beyond: only towns in their own right count.
    """
    counties = [entry for entry in readings if entry.county]
    others = [entry for entry in readings if not entry.county]
    if not HAN.search(words) and not (others and any(entry.region == entry.city for entry in counties)):
        counties = [entry for entry in counties if entry.population and not _COUNTY.search(words)]
    return [entry._replace(population=0) for entry in (*others, *counties)] if counties else others


def _meant(readings: Sequence[Entry]) -> Entry:
    """Return the place that is meant, as far down as that is certain; an empty one where not even a country is."""
    if not readings:
        return Entry("")
    ranked = sorted(readings, key=lambda entry: -entry.population)
    serious = [ranked[0]]
    for entry in ranked[1:]:
        factor = _DOMINANT if bool(entry.city) == bool(ranked[0].city) else _DOMINANT_OTHER_KIND
        if not ranked[0].population or entry.population * factor > ranked[0].population or _contains(ranked[0], entry):
            serious.append(entry)
    serious = _without_outer(serious)
    country, region, city, county = (_only(values) for values in zip(*map(_levels, serious), strict=True))
    # A part holds only together with those above it.
    if not country or (not region and any(entry.region for entry in serious)):
        return Entry(country)
    return Entry(country, region, city, county if city else "")


def _without_outer(entries: list[Entry]) -> list[Entry]:
    """Leave out of a place and a city of its name in it the one that is not meant."""
    kept = list(entries)
    for outer in entries:
        inner = [entry for entry in kept if _contains(outer, entry)]
        if not inner:
            continue
        share = max(entry.population for entry in inner) / max(outer.population, 1)
        is_within = any(entry.region == outer.region for entry in inner)
        least = _CITY_OF_REGION if is_within else _CITY_BESIDE_REGION
        is_city = share > least if outer.region else outer.country in _CITY_STATES
        if not is_city and not is_within:
            inner = [entry for entry in inner if entry.population * _DOMINANT_OTHER_KIND <= outer.population]
        kept = [entry for entry in kept if (entry != outer if is_city else entry not in inner)]
    return kept


def _contains(outer: Entry, inner: Entry) -> bool:
    """Whether one is a region or country and the other a city in the same country: in it, or beside it as Moscow is."""
    return not outer.city and bool(inner.city) and outer.country == inner.country


def _only(values: Iterable[str]) -> str:
    distinct = set(values)
    return distinct.pop() if len(distinct) == 1 else ""


def _unlisted_city(words: str, group: _Group) -> str:
    """Return a town that the gazetteer lacks: the one unknown part beside a region."""
    unknown = [token for token in group.tokens if not token.readings]
    if len(unknown) != 1 or len(group.tokens) < 2:
        return ""
    start, offset = unknown[0].start, group.tokens[0].start
    name = _cleaned(_BRACKETED.sub(" ", words[start - offset : unknown[0].end - offset]))
    return name if _CITY_LIKE.fullmatch(name) and not _NO_CITY.search(name) and len(name.split()) <= 4 else ""
