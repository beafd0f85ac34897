"""JobTracks: the several jobs that one posting advertises, as Chinese boards list them in a line of its text."""

from __future__ import annotations

import re
from typing import NamedTuple

# DeepSeek's board, in recorded answers: 招聘方向【实习/全职】：A方向、B方向. Lines about directions of research, or of
# a candidate's experience, list subjects and not jobs.
_LINE = re.compile(
    r"^\W{0,3}(?:招聘|岗位|职位)方向\s{0,2}(?:[【\[(（][^】\])）\n]{0,20}[】\])）])?\s{0,2}[:：]\s{0,2}"
    r"(?P<names>[^\n。]{2,200})",
    re.MULTILINE,
)
# Marks between names, but not those inside brackets.
_OUTSIDE = r"(?![^（(【\[]*[）)】\]])"
_LISTED = re.compile(rf"、{_OUTSIDE}")
_OTHER = re.compile(rf"[，,；;/|]{_OUTSIDE}")
_MOST, _LONGEST = 12, 20
"""Names, and characters of a name: what is longer is no list of jobs."""


class JobTracks(NamedTuple):
    """What a posting's line of directions says: the names, none where there are not several, and where it ends."""

    names: tuple[str, ...]
    end: int


def find_job_tracks(description: str) -> JobTracks:
    """Return the directions that a posting advertises.

    Names are parted by ``、``, or by another mark where each of them ends in 方向: elsewhere such marks stand in names
    (C/C++) and in sentences.

    >>> find_job_tracks("招聘方向【全职】：招聘方向、综合服务方向").names
    ('招聘方向', '综合服务方向')
    >>> find_job_tracks("招聘方向：AI Infra（训练、推理）、数据等").names
    ('AI Infra（训练、推理）', '数据')
    >>> [find_job_tracks(line).names for line in ("招聘方向：存储方向", "研究方向：语音、图像", "招聘方向：C/C++ 开发")]
    [(), (), ()]
    """
    line = _LINE.search(description) if "方向" in description else None  # most texts hold no such line
    if line is None:
        return JobTracks((), 0)
    names = _parted(_LISTED, line["names"])
    if len(names) < 2:
        names = _parted(_OTHER, line["names"])
        if not all(name.endswith("方向") for name in names):
            names = ()
    fit = 2 <= len(names) <= _MOST and all(len(name) <= _LONGEST and not name.isdecimal() for name in names)
    return JobTracks(names if fit else (), line.end())


def _parted(marks: re.Pattern[str], text: str) -> tuple[str, ...]:
    names = (part.strip(" ；;，,").removesuffix("等") for part in marks.split(text))
    return tuple(dict.fromkeys(filter(None, names)))
