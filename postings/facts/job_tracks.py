"""Job tracks: the several jobs that one posting advertises, as Chinese boards list them in a line of its text."""

from __future__ import annotations

import re
from typing import NamedTuple

# DeepSeek's board, in recorded responses: 招聘方向【实习/全职】：A方向、B方向. Lines that are about fields of research
# (研究方向) or of a candidate's experience list subjects, not jobs.
_LINE = re.compile(
    r"^\W{0,3}(?:招聘|岗位|职位)方向\s{0,2}(?:[【\[(（][^】\])）\n]{0,20}[】\])）])?\s{0,2}[:：]\s{0,2}"
    r"(?P<names>[^\n。]{2,200})",
    re.MULTILINE,
)
# Separators, but not those inside brackets.
_OUTSIDE = r"(?![^（(【\[]*[）)】\]])"
_LISTED = re.compile(rf"、{_OUTSIDE}")
_OTHER = re.compile(rf"[，,；;/|]{_OUTSIDE}")
_MAX_NAMES = 12
_MAX_LENGTH = 20
"""Of a name, in characters: a line with more or longer names is no list of jobs."""


class JobTracks(NamedTuple):
    """The job tracks that a posting's text lists.

    Attributes:
        names: Their names; empty where the posting does not advertise several jobs.
        end: Where the line that lists them ends, as an index into the text; 0 where there is no such line.
    """

    names: tuple[str, ...]
    end: int


def find_job_tracks(description: str) -> JobTracks:
    """Find the job tracks that a posting's text lists.

    Names are separated by ``、``, or by another separator where each of them ends in 方向: otherwise such separators
    are parts of names (C/C++) and of sentences.

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
    names = _split(_LISTED, line["names"])
    if len(names) < 2:
        names = _split(_OTHER, line["names"])
        if not all(name.endswith("方向") for name in names):
            names = ()
    fit = 2 <= len(names) <= _MAX_NAMES and all(len(name) <= _MAX_LENGTH and not name.isdecimal() for name in names)
    return JobTracks(names if fit else (), line.end())


def _split(separator: re.Pattern[str], text: str) -> tuple[str, ...]:
    names = (part.strip(" ；;，,").removesuffix("等") for part in separator.split(text))
    return tuple(dict.fromkeys(filter(None, names)))
