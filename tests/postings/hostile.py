"""Text made to keep a pattern busy, every reader of text, and a check that their time grows no faster than the text."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import pairwise

from postings.facts import dates
from postings.facts.domains import domains
from postings.facts.employment import employment_types, kind_in_title, kind_line
from postings.facts.hiring import deadline, head_count, urgency
from postings.facts.intake import intakes
from postings.facts.job_tracks import find_job_tracks
from postings.facts.languages import posting_language, wanted_languages
from postings.facts.no_opening import no_opening
from postings.facts.periods import period_of
from postings.facts.places import country_code, read_places, read_work_model, work_model
from postings.facts.requirements import education, experience, publications
from postings.facts.salary import amount, parse_salary
from postings.facts.seniority import seniority
from postings.facts.technologies import technologies
from postings.text import clean_text, one_line, plain_text, web_address

SIZES = (1_000, 8_000, 64_000)
"""Characters, each eight times the one before: linear work grows eightfold, quadratic work by 64."""

MOST_GROWTH = 24
"""Between the two, as many times from one as from the other."""

SHORT = 0.01
"""Seconds of the processor that are too few to be compared: quadratic work that takes no longer for the longest text
takes two or three seconds for a million characters."""

TURNS = 3
"""One measurement may be disturbed; that each of several is disturbed as much is not to be expected."""

_DAY = datetime(2026, 1, 1, tzinfo=UTC)

Reader = Callable[[str], object]

# Repeated to the length wanted.
UNITS = (
    *("1", "1 ", "1,", "1,111 ", "1-", "a1 ", "$1 ", "+86 "),
    *("<", "</", "<p>", "<!--", "&lt;", "&", "([{", ")]}", "(1)", "【"),
    *("\u202e", "\u202e1\u202c", "\u200b", "İ", "a\u0301", "１"),
    *(
        "a",
        " ",
        "\n",
        "a\n",
        ",",
        "，",
        ".",
        "a.",
        "A. ",
        "|",
        "-",
        "_",
        "@",
        "a@",
        "Donaudampfschifffahrtsgesellschaft ",
    ),
    *("汉", "年", "3年", "薪", "招聘", "北京", "本科"),
    *("and ", "word ", "remote ", "bonus ", "under ", "degree ", "5 years ", "English "),
)

# A text that is both a title and a description is read as both.
READERS: Mapping[str, Reader] = {
    "amount": amount,
    "clean text": clean_text,
    "country": country_code,
    "dates": lambda text: (
        dates.iso(text),
        dates.rfc_822(text),
        dates.relative(text, datetime(2026, 1, 1, tzinfo=UTC)),
    ),
    "deadline": lambda text: deadline(text, _DAY.date()),
    "domains": lambda text: domains(text, text),
    "education": education,
    "employment": lambda text: (employment_types(text), kind_line(text), kind_in_title(text)),
    "experience": experience,
    "head-count": lambda text: head_count(text, text),
    "intake": lambda text: intakes(text, kind=text, description=text),
    "job tracks": find_job_tracks,
    "language": posting_language,
    "no opening": lambda text: no_opening(text, text),
    "one line": one_line,
    "pay": parse_salary,
    "pay after an amount": lambda text: parse_salary(f"$1 000{text}", yuan=False),
    "period of pay": period_of,
    "places": read_places,
    "plain text": plain_text,
    "plain text in a tag": lambda text: plain_text(f"<p>{text}</p>"),
    "publications": publications,
    "seniority": seniority,
    "technologies": technologies,
    "urgency": lambda text: urgency(text, text),
    "wanted languages": wanted_languages,
    "web address": web_address,
    "work model of a field": lambda text: (work_model(text), read_work_model(text)),
    "work model of a text": lambda text: read_work_model(None, text),
}


def assert_linear_time(unit: str, *readers: Reader) -> None:
    """Fail where eight times as many repeats of a unit take far more than eight times as long to read.

    The processor's time is measured, so that other processes do not count, and short texts come first, so that what
    grows too fast is found before it takes for ever.
    """
    for read in readers:
        for shorter, longer in pairwise(SIZES):
            growths = [_growth(read, unit, shorter, longer)]
            while growths[-1] > MOST_GROWTH:
                assert len(growths) < TURNS, f"{unit!r}: 8 times the text takes {min(growths):.0f} times as long"
                growths.append(_growth(read, unit, shorter, longer))


def _growth(read: Reader, unit: str, shorter: int, longer: int) -> float:
    """Return how many times as long the longer text takes; 0 where that is short anyway."""
    seconds = _seconds(read, unit * (longer // len(unit)))
    return 0 if seconds < SHORT else seconds / _seconds(read, unit * (shorter // len(unit)))


def _seconds(read: Reader, text: str) -> float:
    start = time.process_time()
    read(text)
    return time.process_time() - start
