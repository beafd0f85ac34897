"""The parts of a posting that advertises several directions, so that each can be tagged by itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from postings.facts.job_tracks import find_job_tracks


def parts(row: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    """Return a posting once for each direction that it advertises, or as it is.

    A direction's posting has the direction's name in its title and, where the description has a section for
    each direction under its name, only the own one.

    Args:
        row: A posting with a ``title`` and, where there is one, a ``description``.

    >>> text = "招聘方向【全职】：存储方向、网络方向\\n存储方向\\n写盘\\n网络方向\\n布线"
    >>> row = {"title": "工程师", "description": text}
    >>> [(part["title"], part["description"]) for part in parts(row)]
    [('工程师 存储方向', '存储方向\\n写盘\\n'), ('工程师 网络方向', '网络方向\\n布线')]
    >>> parts({"title": "工程师"})
    [{'title': '工程师'}]
    """
    description = row.get("description") or ""
    names, end = find_job_tracks(description)
    if not names:
        return [row]
    return [
        {**row, "title": f"{row['title']} {name}", "description": section}
        for name, section in zip(names, _sections(description, names, end), strict=True)
    ]


def _sections(description: str, names: Sequence[str], after: int) -> list[str]:
    """Return the text under each name, in their order; the whole for each where a name heads no section.

    What stands below the last section, though it may be for all, counts to the last.
    """
    starts: list[int] = []
    for name in names:
        found = re.compile(rf"^\W{{0,3}}{re.escape(name)}(?!\w)", re.MULTILINE).search(description, after)
        if found is None:
            return [description] * len(names)
        after = found.end()
        starts.append(found.start())
    return [description[start:end] for start, end in zip(starts, [*starts[1:], len(description)], strict=True)]
