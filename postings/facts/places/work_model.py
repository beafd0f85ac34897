"""Work models: remote, hybrid or on site, with the words that said so, and where remote work is limited to."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from postings.facts.places.model_words import (
    DENIED_AT_HOME,
    DENIED_FULLY,
    NOT_OFFERED,
    Model,
    ModelWords,
    find_model_words,
    joining_words,
)
from postings.facts.places.parts import resolve_places
from postings.facts.places.reading import AREA, ResolvedPlace, locate_places, read_places
from postings.facts.stems import Stems, matches_near
from postings.posting import JobPosting

_SEGMENT = re.compile(r"[|;；、•\n]|(?<=\))\s?[,&/]")
_OR = re.compile(r"\s(?:or|oder)\s")
_ATTACHED = re.compile(r"\s?[-–—:(（]?\s?")
_TOUCHING = re.compile(r"[\s-]{0,3}")
# "Remote, OR" can be the town of that name in Oregon.
_TOWN_OF_REMOTE = re.compile(r"\bremote,\s?(?:OR\b|oregon\b)", re.IGNORECASE)

_HOME = r"(?:remote|home[\s-]?office|telecommuting)"
_THIS_JOB = r"\b(?:this|the)\s(?:role|position|job)\s(?:is|will\sbe|requires)\s"
_AT_OFFICE = r"(?:on[\s-]?site|in[\s-](?:office|person))"
_TEXT_REMOTE = re.compile(
    rf"(?:\bthis\sis\sa\s|{_THIS_JOB})(?:an?\s)?(?:\w{{1,12}}\s){{0,2}}?(?:(?:100\s?%|fully|completely|entirely)[\s-])?"
    r"remote\b(?!\s?-?\s?(?:first|friendly)\s(?:company|team|culture))"
    r"|\b(?:100\s?%|fully)[\s-]remote\s(?:work|role|position|job|opportunity)\b"
    r"|\b(?:location|work\smodel|arbeitsort|standort)\s?(?:designation)?\s?[:：]\s?[^\n]{0,40}?\bremote\b(?!\s?\(?\d)"
    r"|\bwork\s(?:remotely\s)?(?:from\s)?(?:a\shome\soffice\s)?(?:from\s)?anywhere\sin\b"
    r"|\b100\s?%\s(?:homeoffice|home[\s-]office|remote)\b"
    r"|\|\s?(?:fully\s)?remote\s?(?:\([^()|\n]{2,30}\)\s?)?\|"
    r"|(?:工作(?:方式|性质|地点|形式)|办公方式)(?:是)?\s?[:：]?\s?[^\n。；]{0,8}(?<!不支持)远程"
    r"|(?:全职|全|纯|完全)、?远程(?:办公|工作|岗位|职位)?(?!控制|协助|桌面|连接|接入|线程)",
    re.IGNORECASE,
)
_TEXT_HYBRID = re.compile(
    r"\bhybrid\s(?:role|position|job|work(?:ing)?|model|schedule|arrangement|environment|setup)\b"
    r"|\bhybride[sn]?\s(?:arbeit\w*|modell)|\bhybrid\s?\([^()\n]{2,40}\)|\|\s?hybrid\b"
    r"|\b(?:location|standort|arbeitsort)\s?[:：][^\n]{0,40}?\bhybrid\b"
    r"|\d\s?(?:-\s?\d\s)?(?:days?|tagen?|tage)\s(?:\w{1,8}\s){0,3}?"
    r"(?:in\s(?:the|our)\soffice|remote|home[\s-]?office|mobile\soffice)"
    r"|\b(?:bis\s(?:zu\s)?|up\sto\s)\d{1,2}\s?%[\s-](?:remote|home[\s-]?office|mobil)"
    rf"|混合办公|部分远程|每周\d天(?:远程|居家)|{DENIED_FULLY}",
    re.IGNORECASE,
)
_TEXT_ON_SITE = re.compile(
    rf"\b(?:fully|100\s?%|entirely|completely|strictly)\s{_AT_OFFICE}\b|{_THIS_JOB}(?:\w{{1,12}}\s){{0,2}}?{_AT_OFFICE}\b"
    rf"|{DENIED_AT_HOME}"
    rf"|\b{_HOME}\s?(?:(?:work|or|and|hybrid|options?|arrangements?|/)\s){{0,4}}(?:is|are|will\sbe|can)\s?(?:not|n't)\s"
    r"(?:\w{1,12}\s)?(?:possible|available|offered|an\soption|supported|permitted|allowed|considered|eligible|be)\b"
    r"|\b100\s?%\s(?:vor\sort|präsenz)|需?(?:全职)?(?:到岗|坐班|现场)办公",
    re.IGNORECASE,
)
_NOT_FULLY_REMOTE = re.compile(DENIED_FULLY, re.IGNORECASE)
_HOME_STEMS = "remote|home office|home-office|homeoffice|telecommut|telework|远程|居家"
# The pattern for each model in a text, what each of its matches has, and how far that may reach before and after it.
_IN_TEXT = (
    (
        Model.ON_SITE,
        _TEXT_ON_SITE,
        Stems(
            f"{_HOME_STEMS}|遠端|遠程|wfh|from home|mobile arbeit|mobiles arbeit",
            "on-site|on site|onsite|in-office|in office|in-person|in person|vor ort|präsenz|在家|到岗|坐班|现场",
        ),
        (70, 130),
    ),
    (
        Model.HYBRID,
        _TEXT_HYBRID,
        Stems(_HOME_STEMS, "hybrid|混合办公|in the office|in our office|mobile office|% mobil|%-mobil"),
        (70, 60),
    ),
    (Model.REMOTE, _TEXT_REMOTE, Stems(_HOME_STEMS, "anywhere in"), (90, 60)),
)
_NAME = r"(?:[A-Z]\.?[\w.]*\s?)"
_LIMITED = re.compile(
    r"(?:\bremote(?:ly)?|\banywhere|\bwork\sfrom\shome)\s(?:\w{1,10}\s){0,2}?"
    rf"(?:from\s(?:anywhere\s)?(?:within|in)|within|in|from)\s(?:the\s)?(?P<where>{_NAME}{{1,4}})"
    rf"|\b(?:position|role)\sfor\scandidates\s(?:based\s|located\s)?in\s(?:the\s)?(?P<whose>{_NAME}{{1,3}})"
    r"|\b(?:must|need\sto)\s(?:\w{1,10}\s){0,3}?(?:reside|live|be\s(?:based|located))\s(?:\w{1,10}\s){0,2}?in\s(?:the\s)?"
    rf"(?P<home>{_NAME}{{1,3}})"
)
_DENIED_BEFORE = re.compile(rf"{NOT_OFFERED}$", re.IGNORECASE)
_BEFORE = 60
"""Characters before words in which remote work may be offered beside them, or denied."""
_MOST_TEXT = 100_000
"""Characters of a text that are read; longer ones are no postings."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkModel:
    """Where the work of a posting is done.

    Attributes:
        model: ``REMOTE`` where all of it may be done from elsewhere, ``HYBRID`` where a part, ``ON_SITE`` where none.
        words: The board's words that said so.
        countries: ISO 3166-1 codes of the countries that remote work is limited to; empty where none is stated.
        areas: Wider areas that remote work is limited to, as the board writes them: ``EMEA``, ``European Union``.
    """

    model: Model
    words: str
    countries: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()


def work_model(text: str | None) -> str | None:
    """Return ``TELECOMMUTE`` where a location field states that all work may be done from home, else None.

    Hybrid work is not TELECOMMUTE, which schema.org defines as work done entirely away from the office.
    """
    stated = _stated(text or "")
    return "TELECOMMUTE" if stated and stated[0] is Model.REMOTE else None


def read_work_model(location: str | None, description: str = "") -> WorkModel | None:
    """Return the work model that a posting states; None where it states none.

    The location field counts, unless the text contradicts it: boards have a place called "Remote" that postings are
    put into for lack of a better one.

    >>> read_work_model("Remote (US)").countries
    ('US',)
    >>> read_work_model("US, TX, Remote", "This position is fully on-site at our plant.").model
    <Model.ON_SITE: 'ON_SITE'>
    """
    field = location or ""
    stated = _stated(field)
    in_text = _stated_in_text(description[:_MOST_TEXT])
    denied = in_text and (in_text[0] is Model.ON_SITE or _NOT_FULLY_REMOTE.fullmatch(in_text[1]))
    if in_text and (stated is None or (stated[0] is Model.REMOTE and denied)):
        stated, field = in_text, field if in_text[0] is Model.REMOTE else ""
    if stated is None:
        return None
    model, words = stated
    if model is not Model.REMOTE:
        return WorkModel(model=model, words=words)
    countries, areas = _limits(field)
    if not countries and not areas:
        countries, areas = _limits_in_text(description[:_MOST_TEXT])
    return WorkModel(model=model, words=words, countries=countries, areas=areas)


def posting_work_model(posting: JobPosting) -> WorkModel | None:
    """Return the work model of a posting: as its board states it, unless the posting's text contradicts that.

    Where all places of remote work are countries or states, it is limited to those countries.
    """
    field = "; ".join(filter(None, (posting.job_location_raw, *(place.name for place in posting.job_location))))
    if posting.job_location_type != "TELECOMMUTE":
        return read_work_model(field, posting.description)
    resolved = resolve_places(posting.job_location)
    words = field if _stated(field) else "Remote"
    stated = read_work_model(words, posting.description)
    if stated is None or stated.model is not Model.REMOTE:
        return stated
    if required := posting.applicant_location_requirements:
        countries = tuple(name for name in required if re.fullmatch("[A-Z]{2}", name))
        return dataclasses.replace(stated, countries=countries, areas=tuple(sorted(set(required) - set(countries))))
    if any(place.city for place in resolved):
        return stated
    countries = _codes(place.country for place in resolved)
    areas = tuple(dict.fromkeys(found[0] for found in AREA.finditer(field)))
    return dataclasses.replace(stated, countries=countries or stated.countries, areas=areas or stated.areas)


def _stated(text: str) -> tuple[Model, str] | None:
    """Return the model that a field names, and the words for it; remote where that is one of several to choose from."""
    if _TOWN_OF_REMOTE.search(text):
        return None
    found = _joined(text, find_model_words(text))
    for model in (Model.REMOTE, Model.HYBRID, Model.ON_SITE):
        if words := next((words for words in found if words.model is model), None):
            return model, " ".join(text[words.start : words.end].split())
    return None


def _joined(text: str, found: Sequence[ModelWords]) -> list[ModelWords]:
    """Return the words with those that touch as one: "Remote Hybrid" is hybrid."""
    joined: list[ModelWords] = []
    for words in found:
        before = joined[-1] if joined else None
        touches = before and _TOUCHING.fullmatch(text, before.end, words.start)
        if before and touches and Model.HYBRID in (before.model, words.model):
            joined[-1] = ModelWords(Model.HYBRID, before.start, words.end)
        else:
            joined.append(words)
    return joined


def _stated_in_text(text: str) -> tuple[Model, str] | None:
    for model, pattern, stems, (before_stem, after_stem) in _IN_TEXT:
        if found := next(matches_near(pattern, stems, text, after_stem, before=before_stem), None):
            before = text[max(0, found.start() - _BEFORE) : found.end()]
            if model is Model.HYBRID and _is_one_of_several(before):
                model = Model.REMOTE  # "remote or hybrid"
            return model, " ".join(found[0].split())
    return None


def _is_one_of_several(text: str) -> bool:
    """Whether a text offers remote work beside another model: "fully remote, in office or hybrid"."""
    words = find_model_words(text)
    return any(
        Model.REMOTE in (one.model, other.model) and joining_words(text, one.end, other.start)
        for one, other in pairwise(words)
    )


def _limits(field: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the countries and areas beside the words for remote work; a city beside them limits nothing."""
    segments = [part for whole in _SEGMENT.split(field) for part in _alternatives(whole) if part.strip()]
    remote = [part for part in segments if (stated := _stated(part)) and stated[0] is Model.REMOTE]
    beside = [_beside(part) for part in remote]
    areas = [found[0] for part in remote for found in AREA.finditer(part)]
    if not any(beside) and not areas:
        beside = [read_places(part) for part in segments]
    if len(beside) > 1 and remote:
        beside = [places for places in beside if not any(place.city for place in places)] if any(beside) else beside
    places = [place for group in beside for place in group if place.country]
    countries = () if any(place.city for place in places) else _codes(place.country for place in places)
    return countries, tuple(dict.fromkeys(areas))


def _alternatives(part: str) -> Sequence[str]:
    """Return what "or" stands between; "Remote - Germany or Austria" is one, because only countries stand there."""
    places = read_places(part)
    return [part] if places and not any(place.city or place.region for place in places) else _OR.split(part)


def _beside(part: str) -> Sequence[ResolvedPlace]:
    """Return the places that words for remote work touch ("Remote - US", "Canada (Remote)"), else all in the part."""
    spans = [(words.start, words.end) for words in find_model_words(part) if words.model is Model.REMOTE]
    places = list(locate_places(part))
    touching = [
        place
        for (start, end), place in places
        for at, to in spans
        if _ATTACHED.fullmatch(part, to, start) or _ATTACHED.fullmatch(part, end, at)
    ]
    named = [place for _, place in places]
    return touching if touching and any(place.city for place in named) else named


def _limits_in_text(text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    countries, areas = [], []
    for found in _LIMITED.finditer(text):
        if _DENIED_BEFORE.search(text[max(0, found.start() - _BEFORE) : found.start()]):
            continue  # "no remote work from Alaska"
        where = (found["where"] or found["whose"] or found["home"]).strip(" .")
        countries += [place.country for place in read_places(where) if not place.city]
        areas += [area[0] for area in AREA.finditer(where)]
    return _codes(countries), tuple(dict.fromkeys(areas))


def _codes(countries: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, countries)))
