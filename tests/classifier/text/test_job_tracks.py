"""A posting that advertises several jobs is split into tracks, and its tag is the mean of theirs."""

from __future__ import annotations

import numpy as np
import pytest

from classifier.model.tagger import Tagger
from classifier.text.job_tracks import split_by_track

# The layout of the line and of the sections under it is that of DeepSeek's board; the words are ours.
SECTIONS = (
    "招聘方向【实习/全职】：分布式存储方向、产品经理方向\n\n【工作职责】\n"
    "分布式存储方向\n1.研发分布式文件系统与存储引擎\n2.优化读写时延\n"
    "产品经理方向\n1.调研用户需求\n2.撰写产品文档，规划产品路线"
)


def test_each_job_track_has_its_own_section() -> None:
    first, second = split_by_track({"title": "工程师", "description": SECTIONS, "company": "Acme"})
    assert (first["title"], second["title"]) == ("工程师 (分布式存储方向)", "工程师 (产品经理方向)")
    assert "存储引擎" in first["description"]
    assert "产品文档" not in first["description"]
    assert "产品文档" in second["description"]
    assert first["company"] == "Acme"


@pytest.mark.parametrize(
    "description",
    [
        None,
        "",
        "负责存储引擎的研发",
        "招聘方向【全职】：分布式存储方向",
        "研究方向：机器学习、自然语言处理",
        "深入掌握以下至少一方向：语音、图像",
        "招聘方向：" + "、".join(f"第{n}方向" for n in range(13)),
        "招聘方向：C/C++ 开发",
        "招聘方向：TCP/IP 协议栈开发",
        "岗位方向：负责大模型的训练，优化推理性能",
        "意向岗位方向：算法、工程",
        "招聘方向：1、算法 2、工程",
    ],
)
def test_most_postings_have_one_job_track(description: str | None) -> None:
    row = {"title": "工程师", "description": description}
    assert split_by_track(row) == [row]


@pytest.mark.parametrize("between", ["、", "，", ",", "/", "；"])
def test_names_may_be_separated_by_any_punctuation(between: str) -> None:
    row = {"title": "工程师", "description": f"岗位方向: 前端方向{between}后端方向"}
    assert [track["title"] for track in split_by_track(row)] == ["工程师 (前端方向)", "工程师 (后端方向)"]
    assert {track["description"] for track in split_by_track(row)} == {row["description"]}


def test_heading_stands_below_the_line_and_is_the_complete_name() -> None:
    line = "招聘方向【全职】：数据、数据平台、招聘方向\n公司福利好\n"
    row = {"title": "工程师", "description": f"{line}数据\n清洗\n数据平台\n研发\n招聘方向\n招人"}
    assert [track["description"] for track in split_by_track(row)] == [
        "数据\n清洗\n",
        "数据平台\n研发\n",
        "招聘方向\n招人",
    ]


def test_tag_is_the_mean_of_the_job_tracks(tagger: Tagger) -> None:
    row = {"title": "工程师", "description": SECTIONS}
    alone = {"title": "Recruiter", "description": "Source candidates"}
    (tag, other) = tagger.tag([row, alone])
    scores = tagger.decision_function(list(split_by_track(row)))
    means = (np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)).mean(axis=0)
    assert list(tag.roles.values()) == pytest.approx(means.tolist(), abs=1e-6)
    assert tag.roles["storage"] > 0.3
    assert tag.roles["product-management"] > 0.3
    assert other.role == "corporate"
    assert next(tagger.tag([alone])).roles == other.roles


def test_postings_of_several_tracks_do_not_cause_a_warning(tagger: Tagger) -> None:
    assert not [
        note for note in tagger.mix([{"title": "工程师", "description": SECTIONS}] * 12).notes if "depth" in note
    ]


def test_mix_counts_several_tracks_by_their_shares(tagger: Tagger) -> None:
    focuses = tagger.mix([{"title": "工程师", "description": SECTIONS}] * 40).by_focus
    assert focuses["infrastructure"].share > 0.2
    assert focuses["product"].share > 0.2
