"""Intake: whether a posting is for students, for new graduates or for people with experience, with the words for it."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterable, Iterator

from postings.facts.employment import without_work_for_learners
from postings.facts.stems import Stems, matches_near

IN_SCHOOL = "in-school"
CAMPUS = "campus"
EXPERIENCED = "experienced"


@dataclasses.dataclass(frozen=True, slots=True)
class Intake:
    """One group of people that a posting is for.

    Attributes:
        kind: ``in-school`` (students), ``campus`` (new graduates) or ``experienced``.
        words: The words that say so.
    """

    kind: str
    words: str


_NOT = (
    r"(?<!非)(?<!不招)(?<!不接受)(?<!不考虑)(?<!不收)(?<!不含)(?<!拒绝)(?<!谢绝)(?<!勿扰)(?<!no\s)(?<!not\s)(?<!keine\s)"
    r"(?<!not\sfor\s)(?<!former\s)(?<!mentor\s)(?<!supervise\s)(?<!mentoring\s)"
)
# In a title or a board's own field a bare word is enough.
_STUDENTS_SERVED = r"affairs|success|services|support|loan|advis\w+|life|experience|recruit\w*"
_IN_SCHOOL_FIELD = (
    r"实习|實習|在校生?|在读|在讀|工讀生|\bintern(?:ship)?s?\b|\bco-op\b|working[\s_-]student|\bwerkstud\w*"
    r"|\w{0,15}praktik(?:um|ant)\w*|\bstudentische\w*|\bhiwi\b|インターン"
    rf"|\bstudents?\b(?!\s(?:{_STUDENTS_SERVED}))"
)
_CAMPUS_FIELD = (
    r"校招|校园招聘|校園|应届|應屆|(?:20)?[23]\d届|(?:20)?[23]\d屆|管培生?|培训生|新幹班|\bnew[\s-]grad(?:uate)?s?\b"
    r"|\bcampus(?:\shir\w+)?\b(?!\srecruit)|\b(?:university|recent)\sgrad(?:uate)?s?\b|\bearly\scareers?\b"
    r"|\bgraduate\s(?:program\w*|scheme|trainee|\w{0,12}\s?engineer)|\babsolvent\w*|\bberufseinsteiger\w*"
    r"|\btraineeprogramm\b|\b20\d\d\s(?:new\s)?grad(?:uate)?s?\b|新卒"
)
_EXPERIENCED_FIELD = (
    r"社招|社会招聘|社會招聘|\bexperienced\s(?:hires?|professionals?)|\bberufserfahrene\w*|\bprofessionals\b|中途採用"
)
# In running text the words must be about the one who applies.
_IN_SCHOOL_TEXT = (
    r"在校(?:大?学生|生|本科|硕士|研究生|博士)|(?:本科|硕士|博士|研究生)及?以?上?在读|在读(?:本科|硕士|博士|研究生|学生)"
    r"|在讀(?:學生|碩士)|(?:大三|大四|研一|研二)(?:及以上)?(?:在校|学生|同学)"
    r"|(?:每周|一周)(?:至少|可|能)?(?:实习|到岗|出勤)\S{0,4}[3-5三四五]\s?天"
    r"|\bcurrently\s(?:enrolled|pursuing|studying)\b"
    r"|\benrolled\s(?:in|at)\s(?:an?|the)\b[^.\n]{0,30}(?:degree|program\w*|university|college)"
    r"|\bimmatrikuliert\w*|\beingeschriebene\w*\sstudent\w*|\bdu\sstudierst\b|\bsie\sstudieren\b|\blaufendes\sstudium"
)
_CAMPUS_TEXT = (
    r"应届(?:毕业)?(?:生|硕士|博士|本科)?|應屆(?:畢業)?生?|(?:20)?[23]\d\s?届(?:毕业生|应届)?|\bnew\sgrad(?:uate)?s?\b"
    r"|\brecent\s(?:college\s|university\s)?grad(?:uate)?s?\b|\bgraduating\s(?:in|by|between)\b"
    r"|\b(?:hochschul|universitäts)?absolvent\w*|\bberufseinsteiger\w*"
)
_FIELD = ((IN_SCHOOL, _IN_SCHOOL_FIELD), (CAMPUS, _CAMPUS_FIELD), (EXPERIENCED, _EXPERIENCED_FIELD))
_TEXT = ((IN_SCHOOL, _IN_SCHOOL_TEXT), (CAMPUS, _CAMPUS_TEXT))
_FIELD_PATTERNS = tuple((kind, re.compile(_NOT + f"(?:{words})", re.IGNORECASE)) for kind, words in _FIELD)
_TEXT_PATTERNS = tuple((kind, re.compile(_NOT + f"(?:{words})", re.IGNORECASE)) for kind, words in _TEXT)
# What each match in a text has; words that follow it, as of a degree, may be further away than those before.
_TEXT_STEMS = {
    IN_SCHOOL: Stems(
        "在校|在读|在讀|大三|大四|研一|研二|每周|一周|currently|enrolled|immatrikuliert|eingeschriebene",
        "du studierst|sie studieren|laufendes studium",
    ),
    CAMPUS: Stems("应届|應屆|届|new grad|recent |graduating |absolvent|berufseinsteiger"),
}
_BEFORE, _AFTER = 24, 90
# "不接受应届生", "应届生勿投", "往届": the words that follow take it back, or need both.
_DENIED = re.compile(r"\s?(?:及?同学)?(?:勿[投扰]|除外|不考虑|请绕|慎投|不要)")


def intakes(title: str = "", *, kind: str | None = None, description: str = "") -> tuple[Intake, ...]:
    """Return whom a posting says that it is for, each kind once; empty where it says nothing.

    Args:
        title: The title; who leads programmes for interns is no intern.
        kind: The board's own field: the words for the employment type, or its channel (校招, 社招).
        description: The text; only words about the applicant count there.
    """
    found: dict[str, Intake] = {}
    fields = " | ".join(filter(None, (without_work_for_learners(title), kind)))
    in_fields = ((kind, pattern.finditer(fields)) for kind, pattern in _FIELD_PATTERNS)
    in_text = (
        (kind, matches_near(pattern, _TEXT_STEMS[kind], description, _AFTER, before=_BEFORE))
        for kind, pattern in _TEXT_PATTERNS
    )
    for intake in (*_asked(in_fields), *_asked(in_text)):
        found.setdefault(intake.kind, intake)
    return tuple(found[each] for each in sorted(found))


def _asked(kinds: Iterable[tuple[str, Iterator[re.Match[str]]]]) -> Iterator[Intake]:
    """Yield the first match of each kind that is not taken back."""
    for kind, matches in kinds:
        for found in matches:
            if not _DENIED.match(found.string, found.end()):
                yield Intake(kind, found[0])
                break
