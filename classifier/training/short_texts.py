"""Copies of postings whose descriptions are cut short or are stubs, as boards send them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from classifier.training.corpus import Posting, digest

LENGTHS = (40, 300)
"""The lengths in characters that descriptions are cut to."""

STUB = "stub"
"""The name of the copies whose descriptions are stubs."""

_STUBS = (
    "Apply now.",
    "Apply via our careers site: https://careers.example.com/jobs/4711",
    "We are hiring! Come and build the future with us.",
    "See the company website for details.",
    "Location: Berlin\nEmployment type: Full-time",
    "Full-time, hybrid",
    "Posted on 3 November 2026",
    "Join our fast-growing team and make an impact.",
    "Jetzt bewerben!",
    "Wir freuen uns auf deine Bewerbung.",
    "Standort: München\nVollzeit, unbefristet",
    "【岗位类别】：实习/全职",
    "工作地点：北京\n发布时间：2026-11-03",
    "详情请见官网。",
    "欢迎投递简历，期待你的加入！",
    "加入我们，一起改变世界。",
    "全职 | 上海 | 经验不限",
    "岗位职责：\n任职要求：",
    "歡迎加入我們的團隊",
    "https://jobs.example.com/2026/11/03/1234",
)


def short_copies(postings: Sequence[Posting]) -> Mapping[str, Sequence[Posting]]:
    """Return copies of postings by the name of their length, in order of length.

    Args:
        postings: Postings; the stub of each depends on its id alone.
    """
    stubs = [posting | {"description": _STUBS[int(digest(posting["id"], 8), 16) % len(_STUBS)]} for posting in postings]
    cut = {
        str(length): [posting | {"description": posting["description"][:length]} for posting in postings]
        for length in LENGTHS
    }
    return {STUB: stubs} | cut
