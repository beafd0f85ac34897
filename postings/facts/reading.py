"""All facts of a posting's words, read at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from postings.facts.domains import domains
from postings.facts.employment import employment_types, kind_in_title, kind_line
from postings.facts.hiring import Deadline, HeadCount, deadline, head_count, urgency
from postings.facts.languages import WantedLanguage, posting_language, wanted_languages
from postings.facts.mentions import Mention
from postings.facts.no_opening import NoOpening, no_opening
from postings.facts.requirements import Education, Experience, education, experience, publications
from postings.facts.seniority import Seniority, seniority
from postings.facts.technologies import technologies
from postings.posting import Place, Salary

FACTS_VERSION = "1"
"""Changes whenever a reader or a table of facts gives another value, so that stored facts are read again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a posting's title and text state, each fact with the words that say so.

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
        employment_type: As in `JobPosting`, from the title or a line of the text.
        places: Places that the words name; filled where a board's fields are read.
        pay: Pay that the words name; filled where a board's fields are read.
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
    places: tuple[Place, ...] = ()
    pay: Salary | None = None


def read_facts(title: str, description: str = "", *, seen: date | None = None) -> Facts:
    """Read all facts of a posting's words.

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
