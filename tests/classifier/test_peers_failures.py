"""Titles that other taggers of job titles are known to get wrong, or to leave without a role."""

from __future__ import annotations

import pytest

from classifier.model.tagger import Tagger


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("Data Center Technician", "data-centre"),
        ("Data Privacy Counsel", "corporate"),
        ("Account Executive, Data Cloud", "go-to-market"),
        ("Sales Engineer", "go-to-market"),
        ("Product Engineer", "software"),
        ("Research Scientist", "model-research"),
    ],
)
def test_one_word_does_not_decide_the_role(tagger: Tagger, title: str, role: str) -> None:
    """All that said "data" was data work, all that said "engineer" software, and research was "other"."""
    assert tagged(tagger, title) == role


@pytest.mark.parametrize(
    ("title", "role"),
    [
        ("深度学习研究员", "model-research"),
        ("数据策略工程师", "training-data"),
        ("AI产品经理", "product-management"),
        ("后端研发工程师", "software"),
        ("大模型算法工程师", "model-research"),
        ("运维工程师", "reliability"),
    ],
)
def test_chinese_titles_have_roles(tagger: Tagger, title: str, role: str) -> None:
    """None of these six had one."""
    assert tagged(tagger, title) == role


def test_plural_is_the_same_title(tagger: Tagger) -> None:
    """Plural titles were invisible to whole-word matching."""
    assert tagged(tagger, "Data Engineers") == tagged(tagger, "Data Engineer") == "data-platform"


def test_vague_title_has_low_confidence(tagger: Tagger) -> None:
    """It was left without a role, or counted as software for certain."""
    # Of those with this title in the labelled postings, two of three write software.
    vague, plain = tagger.tag([{"title": "Member of Technical Staff"}, {"title": "Software Engineer"}])
    assert vague.confidence < 2 / 3
    assert plain.confidence > vague.confidence + 0.2


def tagged(tagger: Tagger, title: str) -> str | None:
    [tag] = tagger.tag([{"title": title}])
    return tag.role
