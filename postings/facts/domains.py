"""Domains of a role, such as law or medicine: what its data or product is about, from a kept table."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from postings.facts.job_tracks import find_job_tracks
from postings.facts.mentions import Found, Mention, Vocabulary, mention, sentence_at

SHIPPED = Path(__file__).with_name("domains.toml")

_NONE = "not-a-domain"

# In a text a domain is the role's where words say so; a name alone may stand in a list of benefits.
_ZH = re.compile(r"[^\n，,、。；;]{0,3}?(?:领域|領域|行业|行業|方向|垂类|学科|大模型|数据产品)")
_LATIN = re.compile(
    r"[\s-](?:domain|data|datasets?|industry|sector|experts?|products?|platform|models?|"
    r"records|system|branche|bereich|vertical)\b",
    re.IGNORECASE,
)
_COMPANY = re.compile(
    r"(?i:\b(?:we are|about us|founded|our company|is an?)\b|公司(?:是|成立)|我们是|是一家|位于)[^\n。.]{0,80}$"
)
_OF_CANDIDATE = re.compile(
    r"experience|knowledge|background|passion|erfahrung|kenntnis|经验|背景|专业|优先", re.IGNORECASE
)
_REACH = 100


@cache
def vocabulary() -> Vocabulary:
    """Return the shipped table, compiled."""
    return Vocabulary(tomllib.loads(SHIPPED.read_text(encoding="utf-8")))


def domains(title: str, description: str = "") -> tuple[Mention, ...]:
    """Return the domains that a role is about, each at its first mention.

    Read are the title and the names of the job tracks that the text lists; only where these name none, the sentences
    of the text that speak of a domain as one ("in the legal domain", 医疗行业).

    >>> [found.name for found in domains("数据产品经理", "招聘方向：法律方向、医学方向、语言学方向")]
    ['law', 'medicine', 'languages']
    >>> domains("Data Engineer", "Benefits: medical, dental and vision")
    ()
    """
    named = "\n".join((title, *find_job_tracks(description).names))
    found = _first(named, vocabulary().find(named))
    if found:
        return found
    return _first(description, (each for each in vocabulary().find(description) if _stated(description, each)))


def _first(text: str, places: Iterable[Found]) -> tuple[Mention, ...]:
    first: dict[str, Found] = {}
    for found in places:
        if found.kind == _NONE:
            continue
        first.setdefault(found.name, found)
    return tuple(mention(text, found) for found in first.values())


def _stated(text: str, found: Found) -> bool:
    after = _ZH if text[found.end - 1] > "\u3400" else _LATIN
    if not after.match(text, found.end) or _COMPANY.search(text, max(0, found.start - _REACH), found.start):
        return False
    return not _OF_CANDIDATE.search(sentence_at(text, found.start, found.end))
