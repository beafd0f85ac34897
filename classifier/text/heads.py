"""The head of a title: the noun that says what the person hired is, apart from the words around it."""

from __future__ import annotations

import re

from classifier.text.glossary import Glossary
from classifier.text.tokens import HAN, tokens

# What stands beside the head noun without changing it: seniority, employment type, forms of address.
_BESIDE = frozenset(
    "senior sr junior jr principal staff chief vice president associate graduate trainee apprentice entry level mid i ii"
    " iii iv v vi 1 2 3 4 5 l3 l4 l5 l6 temporary contract contractor part full time fulltime parttime remote hybrid"
    " onsite m f d w x div all genders gn fmd mwd working fellow fellowship new grad campus experienced"
    " 资深 高级 初级 中级 实习 实习生 校招 急聘 急招 应届 应届生 岗 岗位 方向 储备 全职 兼职 日常 助理".split()
)

# Heads that name a rank. The word before, or what the rank is "of", says more.
_RANKS = frozenset(
    "manager director head lead leader vp specialist coordinator expert officer executive intern internship assistant"
    " werkstudent werkstudentin praktikant praktikantin praktikum leiter leiterin leitung referent referentin spezialist"
    " spezialistin mitarbeiter mitarbeiterin fachkraft partner consultant associate member 经理 专家 专员 主管 总监 负责人"
    " 组长 顾问 总经理 副总裁 主任 组员 人员 师 员".split()
)

# English words that end like the name of an agent and are none, and agents that do not end so.
_NO_AGENTS = frozenset(
    "center computer power server customer user container number order paper water career consumer fiber layer laser"
    " sensor vector motor sector tier cluster router weather winter summer under over after other inter per offer cyber"
    " peer better former border matter interior exterior major minor labor behavior vendor investor content talent"
    " client payment equipment environment event government investment engagement plant important".split()
)
_AGENTS = frozenset(
    "counsel paralegal lead intern sre nurse chef fellow head architect associate clerk expert representative rep sdr"
    " bdr secretary attorney executive dba model advocate cto ceo cfo coo cmo crew hand guard phd staff".split()
)
_AGENT = re.compile(r".{2,}(?:er|or|ist|ian|man|yst)s?")

_SEGMENT = re.compile(
    rf"[()\[\]【】,;|:/、·•]|\s[-–—]+\s?|\s?[-–—]+\s|(?<=[{HAN}])[-–—_]|[-–—_](?=[{HAN}])"
    r"|\b(?:for|of|in|at|with|to|für|im|bei|mit|within|on|und)\b"
)


def head_terms(title: str) -> list[str]:
    """Return terms for the head of a title, which outranks its modifiers when a role is decided.

    The head is the last noun before the first comma, bracket, dash or preposition: a person's function in English where
    there is one, the end of a compound in Chinese and German, whose English words from the glossary are added. Each
    term begins with ``^``; a term of two words has the word before the head, too.

    Args:
        title: A title, folded by `classifier.text.tokens.fold`.

    >>> head_terms("data center recruiter, gpu infrastructure")
    ['^recruiter', '^center recruiter']
    >>> head_terms("paralegal ai research")
    ['^paralegal']
    >>> head_terms("head of product")
    ['^head', '^product head', '^product']
    >>> head_terms("rechenzentrumstechniker (m/w/d)")
    ['^rechenzentrumstechniker', '^technician', '^center technician']
    >>> head_terms("算法招聘专家")
    ['^专家', '^招聘 专家', '^招聘', '^recruiter', '^learning recruiter']
    """
    segments = []
    for segment in _SEGMENT.split(title):
        if words := [word for word in tokens(segment) if word not in _BESIDE]:
            segments.append((segment, words))
    if not segments:
        return []
    segment, words = segments[0]
    if len(segments) > 1 and all(word in _RANKS for word in words):
        rank = words[-1]
        segment, words = segments[1]
        words = [*words, rank]
    at = len(words) - 1
    if words[at][0].isascii() and not _is_agent(words[at]):
        at = max((index for index, word in enumerate(words) if _is_agent(word)), default=at)
    terms = [f"^{words[at]}"]
    if at:
        terms.append(f"^{words[at - 1]} {words[at]}")
        if words[at] in _RANKS:
            terms.append(f"^{words[at - 1]}")
    english = Glossary.load().english(segment)
    terms += [f"^{word}" for word in english[-1:]]
    terms += [f"^{english[-2]} {english[-1]}"] if len(english) > 1 else []
    return list(dict.fromkeys(terms))


def _is_agent(word: str) -> bool:
    return word in _AGENTS or (word not in _NO_AGENTS and _AGENT.fullmatch(word) is not None)
