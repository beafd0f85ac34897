"""Directions: the several jobs that one posting advertises, as Chinese boards list them in a line of its text."""

from __future__ import annotations

import re

# DeepSeek's board, in recorded answers: 招聘方向【实习/全职】：A方向、B方向. Lines about directions of research, or of
# a candidate's experience, list subjects and not jobs.
_LINE = re.compile(
    r"(?:招聘|岗位|职位)方向\s{0,2}(?:[【\[(（][^】\])）\n]{0,20}[】\])）])?\s{0,2}[:：]\s{0,2}(?P<names>[^\n。]{2,200})"
)
_BETWEEN = re.compile(r"[、,，;；/|]")
_MOST = 12
"""A longer list is of something else."""


def directions(description: str) -> tuple[str, ...]:
    """Return the names of the directions that a posting advertises; none where there is but one.

    >>> directions("招聘方向【全职】：招聘方向、综合服务方向")
    ('招聘方向', '综合服务方向')
    >>> directions("招聘方向【全职】：存储方向"), directions("研究方向：语音、图像")
    ((), ())
    """
    line = _LINE.search(description) if "方向" in description else None  # most texts hold no such line
    names = tuple(dict.fromkeys(filter(None, map(str.strip, _BETWEEN.split(line["names"]))))) if line else ()
    return names if 2 <= len(names) <= _MOST else ()
