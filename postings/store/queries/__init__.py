"""Reading the store: boards and their runs, versions, openings, tags.

Every function takes the connection of `Store.read`, so that a report which runs several queries gets results that fit
together. A ``fetch_`` function returns all of its result, a ``count_`` function counts in the database, and a
``stream_`` function yields rows that must be used up inside that block. Rows come in the order that each docstring
states, texts by code point, the same from either database.
"""

from postings.store.queries._select import fetch_now
from postings.store.queries.boards import (
    fetch_addresses,
    fetch_boards,
    fetch_complete_runs,
    fetch_etag,
    fetch_undescribed,
    stream_runs,
)
from postings.store.queries.counts import stream_counts
from postings.store.queries.events import stream_events
from postings.store.queries.facts import count_unread, stream_unread
from postings.store.queries.openings import count_open, stream_open_postings, stream_open_tags
from postings.store.queries.series import fetch_whole_runs, stream_spells
from postings.store.queries.tags import count_role_changes, count_untagged, fetch_models, stream_untagged
from postings.store.queries.versions import (
    fetch_content,
    fetch_detail_read,
    fetch_newest,
    stream_histories,
)

__all__ = [
    "count_open",
    "count_role_changes",
    "count_unread",
    "count_untagged",
    "fetch_addresses",
    "fetch_boards",
    "fetch_complete_runs",
    "fetch_content",
    "fetch_detail_read",
    "fetch_etag",
    "fetch_models",
    "fetch_newest",
    "fetch_now",
    "fetch_undescribed",
    "fetch_whole_runs",
    "stream_counts",
    "stream_events",
    "stream_histories",
    "stream_open_postings",
    "stream_open_tags",
    "stream_runs",
    "stream_spells",
    "stream_unread",
    "stream_untagged",
]
