"""jieba and rjieba segment alike, and jieba takes over where rjieba is not installed."""

from __future__ import annotations

import gzip
import json
import re
import subprocess
import sys
from itertools import islice
from pathlib import Path

import pytest
import rjieba
from hypothesis import given
from hypothesis import strategies as st

from classifier.text.segmentation import segment, segment_by_jieba
from classifier.text.tokens import HAN, fold, tokenizer_digest

_SENTENCES = [
    "负责推荐系统的召回与排序持续提升用户体验",
    "维护上千台服务器的监控与告警参与值班",
    "在察哈尔右翼前旗建设智算中心",
    "林小满和欧阳若溪共同维护推荐算法与广告投放系统",
    "鿖鿗㐀㐁数据㐀库䶵䶿䶿一鿕鿕",
]
_EVERY_HAN = st.one_of(
    st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF),
    st.characters(min_codepoint=0x3400, max_codepoint=0x4DBF),
    st.sampled_from("数据开发工程师分布式存储系统的与和研发小满"),
)


@pytest.mark.parametrize("guess", [True, False])
@pytest.mark.parametrize("sentence", _SENTENCES)
def test_rjieba_segments_like_jieba(sentence: str, guess: bool) -> None:
    assert segment_by_jieba(sentence, guess=guess) == rjieba.cut(sentence, guess)
    assert segment(sentence, guess=guess) == rjieba.cut(sentence, guess)


@given(st.text(_EVERY_HAN, max_size=12), st.booleans())
def test_any_characters_are_segmented_alike(run: str, guess: bool) -> None:
    assert segment_by_jieba(run, guess=guess) == rjieba.cut(run, guess)


@pytest.mark.shared
def test_postings_are_segmented_alike(shared: Path) -> None:
    runs: set[str] = set()
    with gzip.open(shared / "corpora" / "unlabelled-zh.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in islice(lines, 1000):
            runs.update(re.findall(f"[{HAN}]+", fold(json.loads(line)["description"] or "")))
    assert len(runs) > 10_000
    assert [run for run in runs if segment_by_jieba(run, guess=True) != segment(run, guess=True)] == []


def test_jieba_takes_over_without_rjieba() -> None:
    code = (
        "import sys\n"
        "sys.modules['rjieba'] = None\n"
        "from classifier.model.tagger import Tagger\n"
        "from classifier.text.tokens import tokenizer\n"
        "Tagger.load()\n"
        "print(tokenizer()['name'], tokenizer()['digest'])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert (done.stdout.split(), done.stderr) == (["jieba", tokenizer_digest()], "")
