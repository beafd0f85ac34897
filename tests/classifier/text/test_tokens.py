"""Tokens of Chinese, English and German."""

from __future__ import annotations

import pytest

from classifier.text import tokens
from classifier.text.tokens import tokenize, tokenizer_digest

_SENTENCES = [
    "负责推荐系统的召回与排序，持续提升用户体验",
    "维护上千台服务器的监控与告警，参与值班",
    "为小学生设计数学课程，并在线上授课",
    "熟悉分布式数据库内核，有事务与存储引擎经验者优先",
    "策划品牌活动，管理媒体关系与新闻稿",
    "带领团队完成芯片前端设计与验证",
]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("高级数据开发工程师（实习）", ["高级", "数据", "开发", "工程师", "实习"]),
        ("AI产品经理-C++方向", ["ai", "产品", "经理", "c++", "方向"]),
        ("ＡＩ　平台", ["ai", "平台"]),
        ("Senior C#/.NET Engineer, R&D", ["senior", "c#", "net", "engineer", "r", "d"]),
        ("Ingenieur für Straßenbau (m/w/d)", ["ingenieur", "für", "straßenbau", "m", "w", "d"]),
        ("snake_case 3-5年", ["snake", "case", "3", "5", "年"]),
        ("", []),
        ("!!! …… \ud800", []),
    ],
)
def test_tokens(text: str, expected: list[str]) -> None:
    assert tokenize([text]) == [expected]


def test_texts_do_not_affect_each_other() -> None:
    assert tokenize(_SENTENCES) == [tokenize([sentence])[0] for sentence in _SENTENCES]


def test_digest_changes_with_the_segmentation(monkeypatch: pytest.MonkeyPatch) -> None:
    before = tokenizer_digest()
    assert tokenizer_digest() == before
    monkeypatch.setattr(tokens, "GUESS_UNKNOWN_WORDS", False)
    assert tokenizer_digest() != before
