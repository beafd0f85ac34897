"""The shipped model on made-up postings, and properties of every tag."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from classifier.model.tag import RowError, Tag
from classifier.model.tagger import Tagger
from classifier.taxonomy import Taxonomy
from classifier.training.corpus import Corpus
from tests.classifier.world import posting

_CLEAR = [
    (
        "infrastructure",
        "推理引擎研发工程师",
        "优化大模型推理引擎的吞吐与时延，编写 CUDA 算子，支持多卡并行推理",
    ),
    ("infrastructure", "运维工程师", "负责服务器和网络的日常运维、监控告警与故障处理"),
    (
        "infrastructure",
        "Site Reliability Engineer",
        "Run our Kubernetes clusters, on-call, incidents and alerts",
    ),
    (
        "data engineering",
        "数据开发工程师",
        "负责数据仓库建设和 ETL 开发，使用 Hive、Spark、Flink 处理海量数据",
    ),
    ("data engineering", "Data Engineer", "Build ETL pipelines and a warehouse with Airflow, Spark and dbt"),
    (
        "data engineering",
        "Data Engineer (m/w/d)",
        "Aufbau von Datenpipelines und ETL-Strecken mit Spark und SQL",
    ),
    ("product", "AI产品经理", "负责产品规划与需求分析，撰写产品文档，推动研发上线"),
    (
        "product",
        "Senior Product Manager",
        "Own the roadmap, talk with users and work with engineering and design",
    ),
    ("research", "大模型算法研究员", "研究大语言模型的预训练、强化学习与对齐，发表顶会论文"),
    (
        "research",
        "Research Scientist, Reinforcement Learning",
        "Publish research on training large language models",
    ),
    ("other", "前端开发工程师", "使用 Vue 和 React 开发网页，负责前端页面与组件"),
    ("other", "Account Executive", "Sell to enterprise customers, own a quota and close deals"),
    ("other", "Buchhalter (m/w/d)", "Buchhaltung, Monatsabschluss und Steuern im Team Finanzen"),
]


@pytest.mark.parametrize(("focus", "title", "description"), _CLEAR)
def test_clear_posting_has_its_focus(tagger: Tagger, focus: str, title: str, description: str) -> None:
    [tag] = tagger.tag([{"title": title, "description": description}])
    assert tag.focus == focus


@pytest.mark.parametrize(
    ("role", "title"),
    [
        ("product-management", "产品经理"),
        ("reliability", "DevOps Engineer"),
        ("data-platform", "Data Engineer"),
        ("security", "网络安全工程师"),
        ("product-design", "交互设计师"),
        ("go-to-market", "Sales Manager"),
    ],
)
def test_bare_title_is_tagged(tagger: Tagger, role: str, title: str) -> None:
    [without, empty, null] = tagger.tag(
        [{"title": title}, {"title": title, "description": ""}, {"title": title, "description": None}]
    )
    assert without.role == role
    assert without == empty == null


@pytest.mark.parametrize(
    "stub",
    ["Apply now.", "Jetzt bewerben!", "【岗位类别】：实习/全职", "2026-11-01", "https://example.com/jobs/1", "…"],
)
def test_stub_of_a_description_gives_the_probabilities_of_the_title(tagger: Tagger, stub: str) -> None:
    titles = [title for _, title, _ in _CLEAR]
    bare = tagger.predict_proba([{"title": title} for title in titles])
    assert np.array_equal(tagger.predict_proba([{"title": title, "description": stub} for title in titles]), bare)


def distances(tagger: Tagger, title: str, description: str) -> Any:
    """How far the probabilities move, from 0 to 1, with each word of a description that is added."""
    ends = [0, *(found.end() for found in re.finditer(r"[㐀-鿿]{1,2}|\w+", description))]
    shares = tagger.predict_proba([{"title": title, "description": description[:end]} for end in ends])
    return np.abs(np.diff(shares, axis=0)).sum(axis=1) / 2


@pytest.mark.parametrize(("focus", "title", "description"), _CLEAR)
def test_probabilities_change_gradually_with_each_word(
    tagger: Tagger, focus: str, title: str, description: str
) -> None:
    assert distances(tagger, title, description).max() < 0.25


@pytest.mark.parametrize(
    ("title", "description"),
    [
        ("Data Center Design Recruiter", "Source candidates, arrange interviews and look after the hiring process"),
        ("产品经理", "负责服务器和网络的日常运维、监控告警与故障处理，参与值班，编写自动化脚本"),
        ("Sales Manager", "Study pre-training and reinforcement learning of models, publish papers at conferences"),
        ("Buchhalter (m/w/d)", "Aufbau von Datenpipelines und ETL-Strecken mit Spark und SQL im Team Daten"),
    ],
)
def test_no_single_word_of_a_contradicting_description_decides(tagger: Tagger, title: str, description: str) -> None:
    assert distances(tagger, title, description).max() < 0.25


def test_text_never_makes_a_right_tag_wrong(fitted: Tagger, corpus: Corpus) -> None:
    roles = [row["role"] for row in corpus.labelled]
    columns = [fitted.classes_.tolist().index(role) for role in roles]
    bare = [{"title": row["title"]} for row in corpus.labelled]
    right = fitted.predict(bare) == roles
    alone = fitted.predict_proba(bare)[np.arange(len(roles)), columns]
    for length in (10, 20, 40, 80, 1000):
        rows = [row | {"description": row["description"][:length]} for row in corpus.labelled]
        assert (fitted.predict(rows) == roles)[right].all(), length
        told = fitted.predict_proba(rows)[np.arange(len(roles)), columns]
        assert told.mean() > alone.mean() - 0.01, length


def test_every_tag_is_consistent(tagger: Tagger) -> None:
    taxonomy = Taxonomy.load()
    rows = [{"title": title, "description": text} for _, title, text in _CLEAR] + [{"title": "…"}]
    for tag in tagger.tag(rows):
        assert tuple(tag.roles) == taxonomy.role_names
        assert sum(tag.roles.values()) == pytest.approx(1, abs=1e-9)
        by_focus = dict.fromkeys(taxonomy.focus_names, 0.0)
        for role, share in tag.roles.items():
            by_focus[taxonomy.focus_by_role[role]] += share
        assert tag.focus == max(by_focus, key=by_focus.__getitem__)
        within = [role for role in tag.roles if taxonomy.focus_by_role[role] == tag.focus]
        assert tag.role == max(within, key=tag.roles.__getitem__)
        assert tag.confidence == tag.roles[tag.role]
        assert tag.focus_confidence == pytest.approx(by_focus[tag.focus])


def test_tags_do_not_depend_on_the_batch(tagger: Tagger) -> None:
    rows = [{"title": title, "description": text} for _, title, text in _CLEAR]
    together = list(tagger.tag(rows))
    assert together == list(tagger.tag(rows, batch=1)) == list(tagger.tag(rows, batch=4))
    assert tagger.predict(rows).tolist() == [tag.role for tag in together]


def test_rows_are_streamed(tagger: Tagger) -> None:
    read = 0

    def endless() -> Iterator[dict[str, str]]:
        nonlocal read
        while True:
            read += 1
            yield {"title": "Data Engineer"}

    tags = tagger.tag(endless(), batch=8)
    assert isinstance(next(tags), Tag)
    assert read == 8


def test_rows_before_a_bad_one_are_tagged(tagger: Tagger) -> None:
    tags = tagger.tag([{"title": "Data Engineer"}, {"title": "DBA"}, {"id": 3}, {"title": "SRE"}])
    assert next(tags).role == "data-platform"
    assert next(tags).focus == "infrastructure"
    with pytest.raises(RowError, match="the posting 3 has no title"):
        next(tags)


@pytest.mark.parametrize(
    "row", [{}, {"title": None}, {"title": " "}, {"title": 5}, {"title": "SRE", "description": 5}, 5, None, " "]
)
def test_row_that_cannot_be_tagged_is_refused(tagger: Tagger, row: object) -> None:
    with pytest.raises(RowError):
        list(tagger.tag([row]))  # type: ignore[list-item]


@pytest.mark.parametrize("rows", ["SRE", b"SRE", {"title": "SRE"}])
def test_a_single_posting_is_refused(tagger: Tagger, rows: Any) -> None:
    for method in (tagger.tag, tagger.predict, tagger.predict_proba, tagger.mix):
        with pytest.raises(RowError, match="pass a list"):
            list(method(rows))


def test_titles_and_frames_are_tagged_like_rows(tagger: Tagger) -> None:
    titles = ["数据工程师", "Recruiter", "SRE"]
    descriptions = ["负责数据仓库建设和 ETL 开发", None, "on call"]
    bare: list[dict[str, Any]] = [{"title": title} for title in titles]
    rows = [row | {"description": text} for row, text in zip(bare, descriptions, strict=True)]
    frame = pd.DataFrame(rows, index=["x", "y", "z"])
    missing = frame.assign(description=frame["description"].astype("string"), salary=3.5)
    for postings in (frame, missing, frame.fillna(float("nan")), iter(rows)):
        assert list(tagger.tag(postings)) == list(tagger.tag(rows))
    for postings in (titles, iter(titles), pd.Series(titles), np.array(titles), frame[["title"]]):
        assert list(tagger.tag(postings)) == list(tagger.tag(bare))
    assert np.array_equal(tagger.predict_proba(frame), tagger.predict_proba(rows))
    assert np.array_equal(tagger.decision_function(titles), tagger.decision_function(bare))
    assert tagger.predict(frame).tolist() == tagger.predict(rows).tolist()
    assert tagger.score(frame, tagger.predict(rows).tolist()) == 1.0
    assert tagger.mix(frame) == tagger.mix(rows)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (pd.DataFrame({"title": ["SRE", None], "id": [1, 2]}), "the posting 2 has no title"),
        (pd.DataFrame({"name": ["SRE"]}), "the posting has no title"),
        (pd.DataFrame({"title": [5]}), "the posting has no title"),
    ],
)
def test_a_frame_with_a_row_that_cannot_be_tagged_is_refused(tagger: Tagger, frame: pd.DataFrame, message: str) -> None:
    with pytest.raises(RowError, match=message):
        tagger.predict(frame)


def test_a_frame_can_be_fitted() -> None:
    rows = [posting(n, ("corporate", "reliability")[n % 2], n // 2) for n in range(30)]
    roles = [row["role"] for row in rows]
    assert Tagger().fit(pd.DataFrame(rows), roles).model == Tagger().fit(rows, roles).model


def test_no_rows_give_no_tags(tagger: Tagger) -> None:
    assert list(tagger.tag([])) == []


def test_unusual_characters_are_accepted(tagger: Tagger) -> None:
    rows = [{"title": title} for title in ("\ud800", "\0", "🚀", "a" * 100_000, "مهندس", "エンジニア")]
    assert len(list(tagger.tag(rows))) == len(rows)


def test_regrouping_changes_only_focuses(tagger: Tagger) -> None:
    taxonomy = Taxonomy.load().regrouped({"software": "product"})
    other = Tagger.load(taxonomy=taxonomy)
    row = {"title": "前端开发工程师", "description": "使用 Vue 和 React 开发网页"}
    [before], [after] = tagger.tag([row]), other.tag([row])
    assert (before.role, before.focus) == ("software", "other")
    assert (after.role, after.focus) == ("software", "product")
    assert after.roles == before.roles
    assert other.model == tagger.model
    assert other.info.taxonomy.version == taxonomy.version != tagger.info.taxonomy.version


@pytest.mark.parametrize("odd", ["C\x00", "\ud800 engineer"])
def test_characters_that_cannot_be_stored_do_not_damage_a_model(odd: str, tmp_path: Path) -> None:
    rows = [{"title": f"{odd} {word}"} for word in ("storage", "storage", "recruiter", "recruiter")]
    tagger = Tagger().fit(rows, ["storage", "storage", "corporate", "corporate"])
    assert Tagger.load(tagger.save(tmp_path)).predict(rows).tolist() == tagger.predict(rows).tolist()


def test_two_roles_are_enough() -> None:
    rows = [posting(n, ("corporate", "reliability")[n % 2], n // 2) for n in range(30)]
    tagger = Tagger().fit(rows, [row["role"] for row in rows])
    assert tagger.predict(rows).tolist() == [row["role"] for row in rows]
    assert tagger.predict_proba(rows).shape == (30, 2)


@pytest.mark.parametrize("described", [("corporate", "reliability"), ("corporate",), ()])
def test_roles_without_descriptions_are_learned_from_their_titles(described: tuple[str, ...]) -> None:
    every = ("corporate", "reliability", "product-management")
    rows = [posting(n, every[n % 3], n // 3) for n in range(36)]
    rows = [row if row["role"] in described else row | {"description": ""} for row in rows]
    tagger = Tagger().fit(rows, [row["role"] for row in rows])
    assert tagger.predict(rows).tolist() == [row["role"] for row in rows]
    assert tagger.predict_proba(rows).shape == (36, 3)


def test_a_single_role_is_refused() -> None:
    rows = [posting(n, "corporate", n) for n in range(6)]
    with pytest.raises(ValueError, match="class"):
        Tagger().fit(rows, ["corporate"] * 6)


def test_unknown_role_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown role 'wizard'"):
        Tagger().fit([{"title": "Wizard"}], ["wizard"])
