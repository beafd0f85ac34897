"""Directions: the several jobs that one posting advertises, as Chinese boards list them in a line of its text."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

# DeepSeek writes 招聘方向【实习/全职】：A方向、B方向 into two postings of five. Other lines about directions
# (of research, of candidates' experience) list subjects and not jobs.
_LINE = re.compile(
    r"(?:招聘|岗位|职位)方向\s{0,2}(?:[【\[(（][^】\])）\n]{0,20}[】\])）])?\s{0,2}[:：]\s{0,2}(?P<names>[^\n。]{2,200})"
)
_BETWEEN = re.compile(r"[、,，;；/|]")
_MOST = 12


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
    line = _LINE.search(description) if "方向" in description else None  # most texts hold no such line
    names = list(dict.fromkeys(filter(None, map(str.strip, _BETWEEN.split(line["names"]))))) if line else []
    if line is None or not 2 <= len(names) <= _MOST:
        return [row]
    sections = _sections(description, names, line.end())
    return [
        {**row, "title": f"{row['title']} {name}", "description": section}
        for name, section in zip(names, sections, strict=True)
    ]


def _sections(description: str, names: Sequence[str], after: int) -> list[str]:
    """Return the text under each name, in their order; the whole for each where a name heads no section."""
    starts: list[int] = []
    for name in names:
        found = re.compile(rf"^\W{{0,3}}{re.escape(name)}", re.MULTILINE).search(description, after)
        if found is None:
            return [description] * len(names)
        after = found.end()
        starts.append(found.start())
    return [description[start:end] for start, end in zip(starts, [*starts[1:], len(description)], strict=True)]
