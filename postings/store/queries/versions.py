"""Reading versions: the newest of a posting, its history, the content of a single one."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from sqlalchemy import (
    Connection,
    and_,
    case,
    func,
    or_,
    select,
)

from postings.posting import JobPosting
from postings.store.queries._select import (
    facts_of,
    last_whole,
    select_postings,
    stream,
    tag_of,
    with_facts,
    with_tag,
)
from postings.store.records import (
    DetailRead,
    PostingHistory,
)
from postings.store.schema import (
    ClosedReason,
    openings,
    version_at,
    versions,
)
from postings.store.schema import (
    boards as boards_table,
)
from postings.store.schema import (
    postings as postings_table,
)


def fetch_newest(connection: Connection, board_url: str, identifier: str) -> JobPosting | None:
    """Return a posting as last recorded, open or not; None where it was never seen."""
    query = (
        select_postings([board_url])
        .join(versions, version_at())
        .where(postings_table.c.identifier == identifier)
        .with_only_columns(versions.c.content)
    )
    row = connection.execute(query).one_or_none()
    return None if row is None else JobPosting.from_dict(row.content)


def fetch_detail_read(connection: Connection, board_url: str, identifier: str) -> DetailRead | None:
    """Return a posting whose own page was read, as last recorded; None where it was not."""
    query = (
        select_postings([board_url])
        .join(versions, version_at())
        .where(postings_table.c.identifier == identifier, postings_table.c.listed_hash.is_not(None))
        .with_only_columns(versions.c.content, postings_table.c.listed_hash, postings_table.c.detail_read_at)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        return None
    return DetailRead(
        posting=JobPosting.from_dict(row.content), listed_hash=row.listed_hash, read_at=row.detail_read_at
    )


def stream_histories(
    connection: Connection,
    *,
    board_urls: Collection[str] | None = None,
    named: str | None = None,
    model: str | None = None,
    newest_first: bool = False,
) -> Iterator[PostingHistory]:
    """Yield every posting ever seen, open, closed or redirecting, in its newest version and opening.

    Args:
        connection: Of `Store.read`.
        board_urls: Only these boards; None for all.
        named: Only postings with this name: the board's own id, the board's address and that id joined by ``#``, or the
            address of the page on which a person reads the posting; None for all.
        model: The model whose tags come with the postings; None for no tags.
        newest_first: Order by when a posting was first seen, newest first, then by board and identifier;
            otherwise by board and identifier alone.
    """
    whole = last_whole(None)
    other = openings.alias()
    newest_opening = (
        select(func.max(other.c.opened_at))
        .where(other.c.posting_id == postings_table.c.id)
        .correlate(postings_table)
        .scalar_subquery()
    )
    exact = openings.c.closed_at.is_not(None) | openings.c.missing_since.is_not(None)
    stored = openings.c.last_seen_at
    query = (
        select_postings(board_urls)
        .join(versions, version_at())
        .join(
            openings,
            and_(openings.c.posting_id == postings_table.c.id, openings.c.opened_at == newest_opening),
        )
        .outerjoin(whole, whole.c.board_id == boards_table.c.id)
        .add_columns(
            versions.c.id.label("version_id"),
            versions.c.content,
            versions.c.observed_at.label("changed_at"),
            postings_table.c.first_seen,
            openings.c.opened_at,
            case((exact, stored), (whole.c.at > stored, whole.c.at), else_=stored).label("last_seen"),
            openings.c.closed_at,
            openings.c.closed_reason,
        )
    )
    if named is not None:
        whole_name = boards_table.c.url + "#" + postings_table.c.identifier
        address = versions.c.content["url"].as_string()
        query = query.where(or_(postings_table.c.identifier == named, whole_name == named, address == named))
    if newest_first:
        query = query.order_by(None).order_by(
            postings_table.c.first_seen.desc(), boards_table.c.url, postings_table.c.identifier
        )
    for row in stream(connection, with_facts(with_tag(query, model))):
        yield PostingHistory(
            board_url=row["board_url"],
            version_id=row["version_id"],
            posting=JobPosting.from_dict(row["content"]),
            first_seen=row["first_seen"],
            changed_at=row["changed_at"],
            opened_at=row["opened_at"],
            last_seen=row["last_seen"],
            closed_at=row["closed_at"],
            closed_reason=None if row["closed_reason"] is None else ClosedReason(row["closed_reason"]),
            tag=tag_of(row),
            facts=facts_of(row),
        )


def fetch_content(connection: Connection, version_id: int) -> JobPosting:
    """Return a posting as it was in one version.

    Raises:
        LookupError: There is no such version.
    """
    found = connection.scalar(select(versions.c.content).where(versions.c.id == version_id))
    if found is None:
        raise LookupError(f"no version {version_id}")
    return JobPosting.from_dict(found)
