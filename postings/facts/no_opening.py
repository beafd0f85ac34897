"""Postings that offer no opening: talent pools, general applications, expressions of interest, events."""

from __future__ import annotations

import re
from dataclasses import dataclass

from postings.facts.mentions import sentence_at
from postings.facts.stems import Stems, matches_near


@dataclass(frozen=True, slots=True)
class NoOpening:
    """Why a posting offers no opening.

    Attributes:
        kind: ``talent-pool``, ``general-application``, ``expression-of-interest`` or ``event``.
        words: The words that say so.
    """

    kind: str
    words: str


# A job about a pool or an event is a job: the noun at the end decides.
_JOB = (
    r"manag\w*|coordinat\w*|specialist\w*|engineer\w*|producer\w*|partner\w*|recruit\w*|lead\w*|develop\w*|analyst\w*"
    r"|associate\w*|director\w*|assistant\w*|market\w*|planner\w*|support\w*|program\w*|staff\w*|acquisition|operations"
    r"|host\w*|technician\w*|representative\w*|executive\w*|designer\w*|supervisor\w*|professional\w*|referent\w*|leit\w*"
    r"|sourc\w*"
)
_NO_JOB_AFTER = rf"(?!\s?[-–,/&]?\s?(?:\w+\s){{0,2}}(?:{_JOB})\b)"
_TITLE = re.compile(
    rf"""
      (?P<talent_pool>\btalent[\s-]?(?:pool|community|network|pipeline|bank)\b{_NO_JOB_AFTER}|\bopen\spipeline\b
        |(?:人才|简历|簡歷)(?:库|庫|池)(?![^\s]{{0,4}}(?:专员|经理|运营|管理|建设|平台|系统|工程师)))
    | (?P<general_application>\b(?:general|open|speculative|spontaneous|unsolicited|initiative
        |evergreen)\sapplications?\b{_NO_JOB_AFTER}
        |\binitiativ\s?-?bewerb\w*{_NO_JOB_AFTER}|\bblindbewerbung|\bdon['’]t\ssee\s(?:a|the|your|what)|\bcandidature\sspontanée
        |通用(?:申请|简历)|自由投递|主動應徵)
    | (?P<expression_of_interest>\bexpressions?\sof\s(?:general\s)?interest\b|\b(?:register
        |express)\syour\sinterest\b|\bgeneral\sinterest\b
        |\bfuture\s(?:opportunit(?:y|ies)|openings?|roles?|positions?)\b|\bjoin\sour\steam!?$)
    | (?P<event>宣讲会|宣講會|双选会|招聘会(?!.{{0,4}}(?:专员|经理))|空中宣讲|开放日|\b(?:career|job
        |recruiting)\s(?:fair|day|event)\b{_NO_JOB_AFTER}
        |\bhiring\s(?:event|day)\b{_NO_JOB_AFTER}|\bopen\s(?:day|house)\b{_NO_JOB_AFTER}|\binfo(?:rmation)?\s(?:session|day|event)\b{_NO_JOB_AFTER}
        |\b(?:karriere|bewerber|recruiting)tag\b|\bjobmesse\b|\binsight\sday\b|\bhackathon\b{_NO_JOB_AFTER}|\bwebinar\b{_NO_JOB_AFTER})
    """,
    re.VERBOSE | re.IGNORECASE,
)
_TEXT = re.compile(
    r"\b(?:this|the)\s(?:is|posting|position|role|requisition|advert|job)\b[^.\n]{0,40}?\b(?:not\s(?:a|an|for\sa|for\san|tied\sto\sa)\s"
    r"(?:current|currently|active|actual|open|specific|live)|for\s(?:a\s|our\s)?(?:future|talent\s(?:pool|community|pipeline))"
    r"|evergreen)|\bwe\s(?:are|['’]re)\snot\scurrently\s(?:actively\s)?hiring\sfor\sthis|\bno\s(?:current|open)\s(?:vacancy|position)"
    r"\sfor\sthis|(?:本|该|此)(?:岗位|职位)[^\n。]{0,6}(?:人才储备|储备人才|长期收集)",
    re.IGNORECASE,
)

_TEXT_STEMS = Stems(
    *(f"{end} {word}" for end in ("a", "an") for word in ("current", "active", "actual", "open", "specific", "live")),
    *(f"for {whose}{what}" for whose in ("", "a ", "our ") for what in ("future", "talent")),
    "evergreen|not currently|no current|no open|储备|长期收集",
)


def no_opening(title: str, description: str = "") -> NoOpening | None:
    """Return why a posting offers no opening; None where it offers one.

    The title decides, or a sentence of the text that says it of this posting: that a company also keeps a talent
    community says nothing.

    >>> no_opening("General Application")
    NoOpening(kind='general-application', words='General Application')
    >>> no_opening("Talent Community Manager") is None
    True
    """
    if found := _TITLE.search(title[:300]):
        return NoOpening(str(found.lastgroup).replace("_", "-"), found[0])
    if found := next(matches_near(_TEXT, _TEXT_STEMS, description, 70, before=90), None):
        return NoOpening("talent-pool", sentence_at(description, found.start(), found.end()))
    return None
