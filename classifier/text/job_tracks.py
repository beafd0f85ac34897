"""A posting that advertises several jobs, split so that each can be tagged by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from postings.facts.job_tracks import find_job_tracks


def split_by_track(row: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    r"""Split a posting into one row for each job that it advertises.

    Each row has the job's name in its title and, where the description has a section under each name, only the section
    of that job.

    Args:
        row: A posting with a ``title`` and, where there is one, a ``description``.

    Returns:
        A row for each job; the posting as it is where it advertises only one.

    >>> text = "招聘方向【全职】：存储方向、网络方向\n存储方向\n写盘\n网络方向\n布线"
    >>> row = {"title": "工程师", "description": text}
    >>> [(track["title"], track["description"]) for track in split_by_track(row)]
    [('工程师 (存储方向)', '存储方向\n写盘\n'), ('工程师 (网络方向)', '网络方向\n布线')]
    >>> split_by_track({"title": "工程师"})
    [{'title': '工程师'}]
    """
    description = row.get("description") or ""
    names, end = find_job_tracks(description)
    if not names:
        return [row]
    return [
        {**row, "title": f"{row['title']} ({name})", "description": section}
        for name, section in zip(names, _sections(description, names, end), strict=True)
    ]


def _sections(description: str, names: Sequence[str], after: int) -> list[str]:
    """Return the section under each name, in order; the complete description for each where a name heads no section.

    Text below the last section, which may apply to all of them, belongs to the last.
    """
    starts: list[int] = []
    for name in names:
        found = re.compile(rf"^\W{{0,3}}{re.escape(name)}(?!\w)", re.MULTILINE).search(description, after)
        if found is None:
            return [description] * len(names)
        after = found.end()
        starts.append(found.start())
    return [description[start:end] for start, end in zip(starts, [*starts[1:], len(description)], strict=True)]
