"""Requisition numbers: in a posting's id, address and title, and where its text states one."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from postings.identity.records import Job

MOST_TITLES = 2
"""A number that a board has under more titles than this is the board's, a team's or a place's, not a requisition's."""

_FORMED = re.compile(
    r"(?<![A-Za-z0-9])(JR|REQ|RQ|R|J|JOB)[-_ #]?((?:19|20)\d\d[-_]\d{3,8}|\d{4,12})(?:-\d{1,2})?(?![A-Za-z0-9])",
    re.IGNORECASE,
)
_UUID = re.compile(r"(?<![0-9a-f])[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?![0-9a-f])", re.IGNORECASE)
_YEARLY = re.compile(r"(?<![A-Za-z0-9-])(?:19|20)\d\d-\d{3,8}(?![A-Za-z0-9])")
_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{0,6}\d{4,14}[A-Za-z0-9]{0,4}(?![A-Za-z0-9])")
_IN_TITLE = re.compile(r"(?<![A-Za-z0-9])\d{5,}(?![A-Za-z0-9])")
_FEWEST_DIGITS = 5
_STATED = re.compile(r"[:：#] {0,3}(?=\S{0,19}\d{3})([A-Za-z0-9][A-Za-z0-9_/-]{2,30})")
_LABEL = re.compile(
    r"(?:(?:job|req(?:uisition)?|posting|position|vacancy|reference|ref|role|opening)[ .]{0,2}"
    r"(?:req(?:uisition)?|posting|reference)?[ .]{0,2}(?:id|nr|no|number|code)"
    r"|\bref(?:erence)?|(?:stellen|referenz|ausschreibungs|job)-?(?:id|nummer|nr)|kennziffer|referenz"
    r"|(?:职位|岗位|职务|招聘|需求|職位|職缺|工作)(?:编号|编码|代码|編號|代碼|id))[ .]{0,2}$",
    re.IGNORECASE,
)
_LONGEST_LABEL = 40
_MOST = 20_000
"""Characters of a text in which a stated number is looked for."""
_LONGEST = 1_000
"""Characters of an id, an address and a title that are read."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """The requisition numbers of a posting.

    Attributes:
        formed: Those that are called so: of a known form (``JR-12345``, ``R0012345``), or stated as such in the text.
        bare: Other numbers, and UUIDs, which are also how boards count postings.
    """

    formed: frozenset[str] = frozenset()
    bare: frozenset[str] = frozenset()


def read_numbers(job: Job) -> Numbers:
    """Return the numbers in a posting's id, address, title and text.

    >>> found = read_numbers(Job(key="", board="", identifier="JR-12345-1", title="", url="https://a.com/?gh_jid=998877"))
    >>> sorted(found.formed), sorted(found.bare)
    (['JR12345'], ['12345', '998877'])
    """
    named = f"{job.identifier[:_LONGEST]} {_without_host(job.url[:_LONGEST])} {job.title[:_LONGEST]}"
    where = unicodedata.normalize("NFKC", named)
    stated = _stated(job.text)
    uuids = {uuid.lower() for uuid in _UUID.findall(where)}
    rest = _UUID.sub(" ", where)
    formed = {_plain(letters + digits) for letters, digits in _FORMED.findall(rest)} | stated
    words = {word.upper() for word in _WORD.findall(rest) if sum(map(str.isdigit, word)) >= _FEWEST_DIGITS}
    # A board that has the bare number of another one's "JR-12345" names the same requisition.
    digits = {match for word in words | formed for match in re.findall(r"\d{5,}", word)}
    yearly = {_plain(number) for number in _YEARLY.findall(rest)}
    return Numbers(frozenset(formed), frozenset(uuids | words | digits | yearly) - formed)


def own_numbers(jobs: Sequence[Job], titles: Mapping[str, str]) -> dict[str, Numbers]:
    """Return each job's numbers, without those that its board has under several titles, or bare ones on all postings.

    Args:
        jobs: The jobs of one company.
        titles: The `title_key` of each, by the job's key.
    """
    found = {job.key: read_numbers(job) for job in jobs}
    boards: dict[str, list[Job]] = defaultdict(list)
    for job in jobs:
        boards[job.board].append(job)
    for listed in boards.values():
        titled: dict[str, set[str]] = defaultdict(set)
        for job in listed:
            for number in found[job.key].formed | found[job.key].bare:
                titled[number].add(titles[job.key])
        boards_own = frozenset(number for number, names in titled.items() if len(names) > MOST_TITLES)
        on_all = frozenset.intersection(*(found[job.key].bare for job in listed)) if len(listed) > 1 else frozenset()
        for job in listed:
            mine = found[job.key]
            found[job.key] = Numbers(mine.formed - boards_own, mine.bare - boards_own - on_all)
    return found


def without_numbers(title: str) -> str:
    """Return a title without the requisition number that it ends or begins with.

    >>> without_numbers("Data Engineer (JR-12345)")
    'Data Engineer ( )'
    """
    return _IN_TITLE.sub(" ", _FORMED.sub(" ", title))


@lru_cache(maxsize=100_000)
def _stated(text: str) -> frozenset[str]:
    """Return the numbers that a text calls the posting's or the requisition's."""
    return frozenset(
        _plain(found[1])
        for found in _STATED.finditer(text, 0, _MOST)
        if _LABEL.search(text[max(0, found.start() - _LONGEST_LABEL) : found.start()])
    )


def _without_host(url: str) -> str:
    """Return an address without its host; all of it where it is none."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return unquote(url)
    return unquote(f"{parts.path} {parts.query} {parts.fragment}")


def _plain(number: str) -> str:
    return re.sub(r"[-_/ #]", "", number).upper()
