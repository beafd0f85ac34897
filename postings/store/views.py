"""Views for people who ask in SQL: each answers a question from one table.

Recorded histories that a live board goes on from are left out: that board has them as its past.

They hold nothing of their own, so that they are not part of the layout's revisions: they are dropped before a store is
migrated, and made anew afterwards.
"""

from __future__ import annotations

from sqlalchemy import Connection, text

_COMPANY = """
    CASE
        WHEN boards.several_employers AND boards.company IS NULL
            THEN coalesce(versions.hiring_organization, 'employers not named') || ' (' || boards.system || ')'
        ELSE coalesce(boards.company, boards.organization, boards.key, boards.url)
    END"""

_POSTING = f"""{_COMPANY} AS company,
    boards.url AS board,
    postings.identifier AS posting,
    versions.content ->> 'title' AS title,
    versions.content ->> 'url' AS url"""

_TAG = """tags.focus AS focus,
    tags.role AS role"""

_TAGS = """LEFT JOIN tags ON tags.version_id = versions.id
        AND tags.model = (SELECT name FROM models ORDER BY id DESC LIMIT 1)"""

_NEWEST = """versions.posting_id = postings.id AND versions.observed_at = (
        SELECT max(other.observed_at) FROM versions AS other WHERE other.posting_id = postings.id)"""

_COUNTED = "NOT versions.redirects AND versions.no_opening IS NULL"

VIEWS = {
    "open_postings": f"""
SELECT {_POSTING},
    versions.content ->> 'employment_unit' AS unit,
    {_TAG},
    tags.confidence AS confidence,
    tags.model AS model,
    versions.content ->> 'date_posted' AS date_posted,
    postings.first_seen AS first_seen,
    openings.opened_at AS opened_at,
    openings.missing_since AS missing_since
FROM openings
    JOIN postings ON postings.id = openings.posting_id
    JOIN boards ON boards.id = postings.board_id AND boards.continued_by IS NULL
    JOIN versions ON {_NEWEST}
    {_TAGS}
WHERE openings.closed_at IS NULL AND {_COUNTED}""",  # noqa: S608  # constants
    "role_counts": """
SELECT company, focus, role, model, count(*) AS postings
FROM open_postings
GROUP BY company, focus, role, model""",
    "facts": f"""
SELECT {_POSTING},
    {_TAG},
    openings.opened_at AS opened_at,
    openings.closed_at AS closed_at,
    fact.value ->> 0 AS kind,
    fact.value ->> 1 AS value,
    CAST(fact.value ->> 2 AS DOUBLE PRECISION) AS number,
    fact.value ->> 3 AS words
FROM postings
    JOIN boards ON boards.id = postings.board_id AND boards.continued_by IS NULL
    JOIN versions ON {_NEWEST}
    JOIN openings ON openings.posting_id = postings.id AND openings.opened_at = (
        SELECT max(other.opened_at) FROM openings AS other WHERE other.posting_id = postings.id)
    JOIN readings ON readings.version_id = versions.id
    {_TAGS}
    CROSS JOIN JSON_EACH(readings.facts) AS fact""",  # noqa: S608  # constants
    "events": f"""
SELECT event.at AS at, event.kind AS event, {_POSTING},
    {_TAG}
FROM (
    SELECT opened_at AS at,
        CASE WHEN EXISTS (
            SELECT 1 FROM openings AS other
            WHERE other.posting_id = openings.posting_id AND other.opened_at < openings.opened_at
        ) THEN 'reopened' ELSE 'opened' END AS kind,
        posting_id
    FROM openings
    UNION ALL
    SELECT closed_at, 'closed', posting_id FROM openings WHERE closed_at IS NOT NULL
    UNION ALL
    SELECT observed_at, 'changed', posting_id FROM versions WHERE EXISTS (
        SELECT 1 FROM versions AS other
        WHERE other.posting_id = versions.posting_id AND other.observed_at < versions.observed_at)
        AND NOT EXISTS (
            SELECT 1 FROM postings JOIN boards ON boards.id = postings.board_id
            WHERE postings.id = versions.posting_id AND boards.continues_at = versions.observed_at)
) AS event
    JOIN postings ON postings.id = event.posting_id
    JOIN boards ON boards.id = postings.board_id AND boards.continued_by IS NULL
    JOIN versions ON {_NEWEST}
    {_TAGS}
WHERE {_COUNTED}""",  # noqa: S608  # constants
}
"""The query of each view, in the order in which they can be made. Texts are UTC times, as the tables keep them.

- ``open_postings``: a row for each posting that is open and counts, with the newest model's tag.
- ``role_counts``: how many of them each company has, by role.
- ``facts``: a row for each fact (`postings.facts.FACT_KINDS`) of each posting, open or closed, in its newest version.
- ``events``: what opened, closed, reopened or changed, and when.
"""


def drop_views(connection: Connection) -> None:
    """Drop the views, those of earlier versions too."""
    for name in reversed(VIEWS):
        connection.execute(text(f"DROP VIEW IF EXISTS {name}"))


def create_views(connection: Connection) -> None:
    """Make the views in the newest layout."""
    each = "json_each" if connection.dialect.name == "sqlite" else "json_array_elements"
    for name, query in VIEWS.items():
        connection.execute(text(f"CREATE VIEW {name} AS {query.replace('JSON_EACH', each)}"))
