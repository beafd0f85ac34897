"""All facts of a posting, read at once: from its fields, its title and its text."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date

from postings.facts.domains import domains
from postings.facts.employment import employment_types, kind_in_title, kind_line
from postings.facts.hiring import Deadline, HeadCount, deadline, head_count, urgency
from postings.facts.intake import Intake, intakes
from postings.facts.languages import WantedLanguage, posting_language, wanted_languages
from postings.facts.mentions import Mention
from postings.facts.no_opening import NoOpening, no_opening
from postings.facts.pay_in_text import pay_in_text
from postings.facts.places import ResolvedPlace, WorkModel, places_in_title, posting_work_model, resolve_places
from postings.facts.requirements import Education, Experience, education, experience, publications
from postings.facts.seniority import Seniority, seniority
from postings.facts.technologies import technologies
from postings.posting import JobPosting, Salary

FACTS_VERSION = "1"
"""Changes whenever a reader or a table of facts gives another value, so that stored facts are read again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a posting states, each fact with the words that say so.

    Attributes:
        version: The `FACTS_VERSION` that read them.
        no_opening: Why the posting offers no opening; such a posting is kept and not counted.
        seniority: The rank that the title states.
        experience: The years of experience asked.
        education: The lowest education accepted.
        publications: The sentence that wants a candidate who has published.
        urgency: The sentence that calls the posting urgent.
        head_count: The number of people to be hired.
        deadline: The last day for applications.
        languages: The natural languages wanted, sorted by code.
        language: ISO 639-1 code of the language that the posting is written in.
        technologies: Every mention of a technology, in the order of the text.
        domains: The domains that the role is about, such as law or medicine.
        employment_type: As in `JobPosting`, from its field or else from the title or a line of the text.
        intake: Whom it is for: students, new graduates, experienced applicants.
        places: Where the work is done, resolved; from the title where no field says so.
        work_model: Whether the work is remote, hybrid or on site.
        pay: Base pay, from its field, or else from a sentence of the text.
        pay_words: The words that say so.
        unit: The department or team, as the board names it.
    """

    version: str = FACTS_VERSION
    no_opening: NoOpening | None = None
    seniority: Seniority | None = None
    experience: Experience | None = None
    education: Education | None = None
    publications: str | None = None
    urgency: str | None = None
    head_count: HeadCount | None = None
    deadline: Deadline | None = None
    languages: tuple[WantedLanguage, ...] = ()
    language: str | None = None
    technologies: tuple[Mention, ...] = ()
    domains: tuple[Mention, ...] = ()
    employment_type: tuple[str, ...] = ()
    intake: tuple[Intake, ...] = ()
    places: tuple[ResolvedPlace, ...] = ()
    work_model: WorkModel | None = None
    pay: Salary | None = None
    pay_words: str | None = None
    unit: str | None = None


def posting_facts(posting: JobPosting, *, seen: date | None = None) -> Facts:
    """Read all facts of a posting: of its words, and of its fields, which outrank the words.

    Args:
        posting: The posting.
        seen: A day on which it was open, for deadlines that state no year.
    """
    read = read_facts(posting.title, posting.description, seen=seen)
    count = posting.total_job_openings
    stated = None if posting.base_salary else pay_in_text(posting.description, posting.job_location)
    return dataclasses.replace(
        read,
        urgency=read.urgency or (posting.title if posting.urgent else None),
        head_count=HeadCount(count, str(count)) if count else read.head_count,
        education=read.education or education(posting.education_requirements or ""),
        employment_type=posting.employment_type or read.employment_type,
        intake=intakes(posting.title, kind=posting.employment_type_raw, description=posting.description),
        places=resolve_places(posting.job_location) or places_in_title(posting.title),
        work_model=posting_work_model(posting),
        pay=stated.pay if stated else posting.base_salary,
        pay_words=stated.words if stated else posting.base_salary_raw,
        unit=posting.employment_unit,
    )


def read_facts(title: str, description: str = "", *, seen: date | None = None) -> Facts:
    """Read the facts of a posting's words alone.

    Args:
        title: The title.
        description: The text, as plain text.
        seen: A day on which the posting was open, for deadlines that state no year.

    >>> facts = read_facts("Senior Go Engineer", "5+ years of experience with Go and Kafka. Fluent English.")
    >>> facts.seniority.levels, facts.experience.min_years, sorted({found.name for found in facts.technologies})
    (('senior',), 5, ['Go', 'Kafka'])
    """
    text = f"{title}\n{description}"
    return Facts(
        no_opening=no_opening(title, description),
        seniority=seniority(title),
        experience=experience(text),
        education=education(text),
        publications=publications(text),
        urgency=urgency(title, description),
        head_count=head_count(title, description),
        deadline=deadline(text, seen),
        languages=wanted_languages(text),
        language=posting_language(text),
        technologies=technologies(text),
        domains=domains(title, description),
        employment_type=employment_types(kind_line(description) or kind_in_title(title)),
    )
