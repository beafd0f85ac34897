"""The records that queries return: small and frozen, times in UTC."""

from __future__ import annotations

import dataclasses
import enum
from collections.abc import Mapping
from datetime import date, datetime

from postings.facts import Fact
from postings.posting import JobPosting
from postings.store.schema import ClosedReason
from postings.verdict import Verdict


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RecordedRun:
    """A run as it is stored: the evidence (see `postings.verdict.BoardRun`) and what it changed.

    Attributes:
        observed_at: When the board was looked at.
        verdict: What the run proves.
        reason: The numbers behind the verdict.
        reported_total: The total that the board reported, if it did.
        pages: Responses read that held a list of postings.
        rows: Records read from them.
        unique: Distinct postings, as the run counts them.
        etag: The validator of the board's response, if it had one.
        coverage: How many postings carry each field.
        seen: Distinct postings that reached the store.
        opened: Postings seen for the first time.
        closed: Openings that ended.
        reopened: Postings listed again after they had closed.
        changed: Known postings whose content changed.
        held: Why closings were withheld; None when none were.
        readers: The state of the readers that read the responses; None where it is not known.
    """

    observed_at: datetime
    verdict: Verdict
    reason: str
    reported_total: int | None
    pages: int
    rows: int
    unique: int
    etag: str | None
    coverage: Mapping[str, int]
    seen: int
    opened: int
    closed: int
    reopened: int
    changed: int
    held: str | None
    readers: str | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class DetailRead:
    """A posting as it was last read, and when its own page was.

    Attributes:
        posting: Its newest content.
        listed_hash: The hash of its record in the list then.
        read_at: When its own page was read.
    """

    posting: JobPosting
    listed_hash: str
    read_at: datetime


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RecordedBoard:
    """A board, and how well it is known at some moment.

    Attributes:
        url: Its canonical address.
        system: The recruiting system.
        organization: The employer's name as the board gives it, if it does.
        company: The employer's name as the user gives it, if they did.
        key: The organization's key on the recruiting system; None where it is not recorded yet.
        several_employers: Whether it is a search over a job site, whose postings are of many employers.
        last_run: The newest run, whatever its verdict; None before the first.
        last_complete: The newest complete run; None before the first.
        last_seen_whole: When all of the board was last known: at the newest complete run, or at a later one to which
            the board reported that nothing had changed. None is a gap in the record, not an empty board.
        continued_by: The address of the live board that has this recorded history as its past, so that only that board
            counts; None for any other board.
    """

    url: str
    system: str
    organization: str | None
    company: str | None
    key: str | None
    several_employers: bool
    last_run: RecordedRun | None
    last_complete: RecordedRun | None
    last_seen_whole: datetime | None
    continued_by: str | None = None

    @property
    def name(self) -> str:
        """The company's name: the user's, else the board's, else its key; the address where nothing else is known."""
        return self.company or self.organization or self.key or self.url

    @property
    def is_search(self) -> bool:
        """Whether each posting is shown under the employer that it names, because no company was given for them all."""
        return self.several_employers and not self.company


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OpenCount:
    """How many postings a board has open.

    Attributes:
        board_url: The board.
        open: Open postings, without those of the other counts.
        redirects: Open postings that only redirect to another one.
        no_openings: Other open postings that offer no opening: talent pools, general applications, events.
    """

    board_url: str
    open: int
    redirects: int
    no_openings: int = 0


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class StoredTag:
    """What one model predicts for one version of a posting.

    Attributes:
        model: The model's hash.
        taxonomy: The taxonomy's version.
        role: The role; None where the model abstains.
        focus: The role's focus.
        confidence: The probability of the most probable role, 0 to 1.
        roles: The probability of each role, by name.
    """

    model: str
    taxonomy: str
    role: str | None
    focus: str | None = None
    confidence: float
    roles: Mapping[str, float]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OpenTag:
    """An open posting's tag and facts, without the posting's content.

    Attributes:
        board_url: The board.
        identifier: The board's own id for the posting.
        version_id: The version that is tagged.
        described: Whether the posting has a description, not only a title.
        several_tracks: Whether it advertises several jobs (`postings.facts.job_tracks`), so that it counts in parts
            towards several roles.
        tag: The model's tag; None where the version has none yet.
        hiring_organization: The employer that the posting names; None where it names none.
        facts: Its facts, in the order of `postings.facts.FACT_KINDS`; empty where they were not asked for, or have not
            been read.
    """

    board_url: str
    identifier: str
    version_id: int
    described: bool
    several_tracks: bool
    tag: StoredTag | None
    hiring_organization: str | None = None
    facts: tuple[Fact, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class TaggedVersion:
    """A version's tag, and from when it stood.

    Attributes:
        observed_at: When it was first seen.
        tag: The version with its tag.
        counted: Whether its posting counts: it neither only redirects nor offers no opening.
        title: Its title.
        url: Where a person reads it.
        date_posted: When the board says that it was posted, in ISO 8601; None where it does not.
        text: Its description; empty where it was not asked for.
    """

    observed_at: datetime
    tag: OpenTag
    counted: bool
    title: str
    url: str
    date_posted: str | None = None
    text: str = ""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Spell:
    """One opening of a posting.

    Attributes:
        board_url: The board.
        identifier: The board's own id for the posting.
        opened_at: When it began.
        closed_at: When it ended; None while it lasts.
        last_seen_at: When it was last seen; while it lasts only a lower bound.
        versions: The versions of the posting, oldest first; the first is not later than the beginning.
    """

    board_url: str
    identifier: str
    opened_at: datetime
    closed_at: datetime | None
    last_seen_at: datetime
    versions: tuple[TaggedVersion, ...]

    def version_at(self, at: datetime) -> TaggedVersion:
        """Return the version that stood at a moment, the oldest for an earlier one."""
        known = [version for version in self.versions if version.observed_at <= at]
        return known[-1] if known else self.versions[0]


class EventKind(enum.StrEnum):
    """What can happen to a posting."""

    OPENED = "opened"
    """It was seen for the first time."""
    REOPENED = "reopened"
    """It had closed, and is listed again under its own id."""
    CHANGED = "changed"
    """Its content changed while it was open."""
    CLOSED = "closed"


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class StoredEvent:
    """Something that happened to a posting.

    Attributes:
        kind: What.
        at: When it was seen.
        board_url: The board.
        identifier: The board's own id for the posting.
        version: The posting as it was then; its last version for a closing.
    """

    kind: EventKind
    at: datetime
    board_url: str
    identifier: str
    version: TaggedVersion


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PeriodCount:
    """What a company had open at the end of a period, and what opened and closed in it, all by role.

    Attributes:
        company: The company.
        first: The first day of the period.
        at: The moment that counts: the last time in the period at which all of the company's boards known by then had
            been seen whole in it. None is a gap.
        open: Postings open at that moment, by role; empty in a gap, where their number is not known.
        opened: Postings that opened in the period. What a board held when it was first seen whole had not.
        closed: Postings that closed in it.
    """

    company: str
    first: date
    at: datetime | None
    open: Mapping[str | None, int]
    opened: Mapping[str | None, int]
    closed: Mapping[str | None, int]

    @property
    def complete(self) -> bool:
        """Whether it is known what was open at the end of the period."""
        return self.at is not None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class OpenPosting:
    """A posting that is open at some moment, as it was then.

    Attributes:
        board_url: The board.
        version_id: The version current at that moment.
        posting: Its content.
        first_seen: When the posting was seen for the first time ever.
        opened_at: When the current opening began.
        last_seen: The last run, up to that moment, known to have covered it. Between a complete run that
            lacked it and one that held it again, this may be the one that lacked it.
        missing_since: The complete run that lacked it, while closing is withheld; None where it is not missing.
        tag: The requested model's tag; None without a model, or where it has not tagged this version.
    """

    board_url: str
    version_id: int
    posting: JobPosting
    first_seen: datetime
    opened_at: datetime
    last_seen: datetime
    missing_since: datetime | None
    tag: StoredTag | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class PostingHistory:
    """A posting, open or closed, in its newest version and opening.

    Attributes:
        board_url: The board.
        version_id: The newest version.
        posting: Its content.
        first_seen: When the posting was seen for the first time ever.
        changed_at: When the newest version was first seen.
        opened_at: When the newest opening began.
        last_seen: The last run known to have covered it.
        closed_at: When the newest opening ended; None while it is open.
        closed_reason: The proof that it ended; None while it is open.
        tag: The requested model's tag; None without a model, or where it has not tagged this version.
        facts: Its facts, in the order of `postings.facts.FACT_KINDS`; empty where they have not been read.
    """

    board_url: str
    version_id: int
    posting: JobPosting
    first_seen: datetime
    changed_at: datetime
    opened_at: datetime
    last_seen: datetime
    closed_at: datetime | None
    closed_reason: ClosedReason | None
    tag: StoredTag | None
    facts: tuple[Fact, ...] = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class UntaggedVersion:
    """A version that a model has not tagged yet.

    Attributes:
        version_id: The version.
        posting: Its content.
    """

    version_id: int
    posting: JobPosting


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class VersionOfSystem:
    """A version and the recruiting system that it was read from.

    Attributes:
        version_id: The version.
        system: The recruiting system of its board.
        observed_at: When it was seen first.
        posting: Its content.
    """

    version_id: int
    system: str
    observed_at: datetime
    posting: JobPosting


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class UnreadVersion:
    """A version whose facts have not been read yet, or were read by an earlier state of the readers.

    Attributes:
        version_id: The version.
        posting: Its content.
        observed_at: When it was first seen.
        no_opening: Why it was thought to offer no opening.
    """

    version_id: int
    posting: JobPosting
    observed_at: datetime
    no_opening: str | None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class TaggedBy:
    """A model whose tags are in the store.

    Attributes:
        model: The model's hash.
        versions: How many versions it has tagged.
    """

    model: str
    versions: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RoleChange:
    """How many versions two models tag with a pair of roles, which may be the same role twice.

    Attributes:
        before: The first model's role; None where it abstains.
        after: The second model's role; None where it abstains.
        versions: How many versions they tag with these.
    """

    before: str | None
    after: str | None
    versions: int
