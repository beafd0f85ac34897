"""Seniority: the rank that a title states, from C-level to junior."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

LEVELS = ("junior", "mid", "senior", "lead", "manager", "head", "chief")
"""From the lowest to the highest. ``lead`` has principal and staff engineers, ``manager`` those who manage people, and
``head`` directors and vice presidents."""


@dataclass(frozen=True, slots=True)
class Seniority:
    """The rank that a title states.

    Attributes:
        levels: One of `LEVELS`, or several where the title offers them ("Junior/Senior"), the lowest first.
        words: The words that say so.
    """

    levels: tuple[str, ...]
    words: str


_CRAFT = r"(?:engineer|developer|scientist|designer|architect|researcher|analyst|programmer|manager)"
_PATTERN = re.compile(
    r"""
      (?P<none>\bchief\sof\sstaff|\b(?:account|art|creative|funeral)\sdirector|\blead(?:ing|s)?\s(?:gen\b|generation)
        |\bsenior\s(?:living|care|citizen)|\bhead\s?(?:count|hunt\w*)|\bassistant\s(?:[\w&]+\s){0,2}?(?:manager|director)
        |\bproject\slead\b|总监助理|总裁助理|主管助理|经理助理|主管护师|专家助理|高级中学)
    | (?P<chief>\bchief\s(?:[\w&]+\s){1,3}?officer\b|\bc[etfompi]o\b|\bciso\b|\bgeschäftsführ\w+|首席\w{1,4}官)
    | (?P<head>\bhead\s(?:of|,|-|–)|\bglobal\shead\b|\bhead$|\bdirector\b|\b(?:[es]?vp|vice\spresident)\b
        |\bbereichsleit\w+
        |\bleiter(?:in|:in|\*in)?\b|\bgeneral\smanager\b|总监|總監|总经理|總經理|副总裁|负责人|負責人)
    | (?P<manager>^(?:(?:senior|sr\.?)\s)?(?:manager|mgr)\b(?=\s?[,\-–—|(:/]|\sof\b|\s?$)
        |\b(?:engineering|development|team|store|shop|branch|department|restaurant|plant|people)\smanager\b
        |\bsupervisor\b|\b(?:filial|abteilungs|referats)leit\w+|主管|店[长長]|店[经經]理|部[门門]?[经經]理|研发经理|技术经理)
    | (?P<lead>\b(?:tech(?:nical)?|team)[\s-]?lead(?:er)?\b|\blead\b|\bleader\b|\bteamlead\w*|\b(?:team|gruppen)leit\w+
        |\bprincipal\b|\bstaff\s(?=(?:[\w&/+-]+\s){0,4}?"""
    + _CRAFT
    + r"""\b)|[组組][长長]|首席(?!代表)|带头人)
    | (?P<senior>\bsenior\b|\bsr\b\.?|\bseniorentwickler|资深|資深|高级|高級|高工|专家)
    | (?P<mid>\bmid(?:dle)?[\s-]?(?:level|senior)?\b(?!\s?market)|\bintermediate\b|\bmedior\b|中级|中級)
    | (?P<junior>\bjunior\b|\bjr\b\.?|\bentry[\s-]level\b|\bberufseinsteiger\w*|初级|初級)
    """,
    re.VERBOSE | re.IGNORECASE,
)
_CHINESE_LEVELS = re.compile(r"[初中高]级?(?:\s?[/、到至~-]\s?[初中高]级?){1,2}级?")
_OF_CHINESE = {"初": "junior", "中": "mid", "高": "senior"}
_SECOND_OF_LADDER = re.compile(r"\bII\b")
_SERVED = re.compile(r"\b(?:to|of|for)\s(?:the|our)\s$|\b(?:assistant\sto|office\sof)\s?$", re.IGNORECASE)
_SERVES = re.compile(r"\s?(?:助理|秘书|秘書|办公室|office\b|assistant\b)", re.IGNORECASE)
_OR = re.compile(r"\s?(?:[/,&、|]|or|und|bis|to|-)\s?", re.IGNORECASE)
_LONGEST = 300


def seniority(title: str) -> Seniority | None:
    """Return the rank that a title states; None where it states none.

    The highest counts where several describe one rank ("Senior Staff Engineer"). A manager of things is none: the
    ``manager`` of "Product Manager" says nothing of rank.

    >>> seniority("Junior/Senior Data Engineer (m/w/d)")
    Seniority(levels=('junior', 'senior'), words='Junior/Senior')
    >>> seniority("Executive Assistant to the Head of Research"), seniority("Product Manager")
    (None, None)
    """
    title = title[:_LONGEST]
    if several := _CHINESE_LEVELS.search(title):
        named = {_OF_CHINESE[char] for char in several[0] if char in _OF_CHINESE}
        return Seniority(_sorted(named), several[0])
    found = [
        match
        for match in _PATTERN.finditer(title)
        if match.lastgroup != "none"
        and not _SERVED.search(title, 0, match.start())
        and not _SERVES.match(title, match.end())
    ]
    if not found:
        second = _SECOND_OF_LADDER.search(title)
        return Seniority(("mid",), second[0]) if second else None
    offered = all(_OR.fullmatch(title, one.end(), two.start()) for one, two in pairwise(found))
    if len(found) > 1 and offered:
        return Seniority(_sorted({str(match.lastgroup) for match in found}), title[found[0].start() : found[-1].end()])
    highest = max(found, key=lambda match: LEVELS.index(str(match.lastgroup)))
    return Seniority((str(highest.lastgroup),), highest[0].strip())


def _sorted(levels: set[str]) -> tuple[str, ...]:
    return tuple(level for level in LEVELS if level in levels)
