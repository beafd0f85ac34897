"""Traditional Chinese becomes simplified, in the mainland's words; other text stays as it is."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifier.text import chinese
from classifier.text.chinese import characters_of_one_script, simplify
from classifier.text.tokens import fold, tokenize


@pytest.mark.parametrize(
    ("traditional", "simplified"),
    [
        ("產品經理", "产品经理"),
        ("後端工程師", "后端工程师"),
        ("數據標註員", "数据标注员"),
        ("半導體製程工程師", "半导体制程工程师"),
        ("機器學習研究員", "机器学习研究员"),
    ],
)
def test_characters_are_replaced(traditional: str, simplified: str) -> None:
    assert simplify(traditional) == simplified


@pytest.mark.parametrize(
    ("of_taiwan", "of_the_mainland"),
    [
        ("軟體工程師", "软件工程师"),
        ("資料庫韌體工程師", "数据库固件工程师"),
        ("演算法工程師", "算法工程师"),
        ("人工智慧研究員", "人工智能研究员"),
        ("程式設計師", "程序员"),
        ("專案經理", "项目经理"),
        ("使用者體驗設計師", "用户体验设计师"),
        ("伺服器工程師", "服务器工程师"),
        # Words that OpenCC's table does not have.
        ("網路維運工程師", "网络运维工程师"),
        ("行銷企劃專員", "营销策划专员"),
        ("資安工程師", "信息安全工程师"),
        ("品保工程師", "质量保证工程师"),
        ("機構工程師", "结构工程师"),
        ("業務代表", "销售代表"),
        ("門市店員", "门店店员"),
    ],
)
def test_words_of_taiwan_become_the_mainlands(of_taiwan: str, of_the_mainland: str) -> None:
    assert simplify(of_taiwan) == of_the_mainland


@pytest.mark.parametrize(
    ("of_hong_kong", "of_the_mainland"),
    [("軟件工程師", "软件工程师"), ("網絡保安主任", "网络保安主任")],
)
def test_words_of_hong_kong_are_the_mainlands_already(of_hong_kong: str, of_the_mainland: str) -> None:
    assert simplify(of_hong_kong) == of_the_mainland


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Data Engineer",
        "Softwareentwickler für Prüfstände",
        "后端软件工程师",
        "负责业务发展、企划与门市管理",  # words of Taiwan, in simplified characters
        "台北、香港",
        "업무 담당자",
        "🚀",
    ],
)
def test_other_text_is_left_alone(text: str) -> None:
    assert simplify(text) == text


@pytest.mark.parametrize("text", ["資料エンジニア", "機械学習の研究員を募集", "データ分析", "製造ライン管理"])
def test_japanese_is_left_alone(text: str) -> None:
    assert simplify(text) == text


def test_other_scripts_beside_chinese_are_kept() -> None:
    assert simplify("Senior 軟體工程師 (Taipei), C++ für 資料庫") == "Senior 软件工程师 (Taipei), C++ für 数据库"


def test_script_of_most_characters_decides() -> None:
    assert simplify("软件工程師") == "软件工程師"  # two of the mainland's, one of Taiwan's
    assert simplify("資料数据库维护") == "資料数据库维护"
    assert simplify("資深軟體工程師 软件") == "资深软件工程师 软件"


@given(st.text(alphabet=st.sampled_from("資料庫韌體工程師維運業務門市網路数据库软件工程师运维 Ab(、）エ")))
def test_simplified_text_is_simplified_already(text: str) -> None:
    once = simplify(text)
    assert simplify(once) == once


def test_fold_and_tokens_are_the_same_in_both_scripts() -> None:
    assert fold("軟體工程師（後端）") == "软件工程师(后端)"
    assert tokenize(["資料庫維運工程師，熟悉ＬＩＮＵＸ"]) == tokenize(["数据库运维工程师，熟悉LINUX"])


def test_the_characters_of_one_script_are_those_of_opencc() -> None:
    scripts = tomllib.loads(Path(chinese.__file__).with_name("scripts.toml").read_text(encoding="utf-8"))
    assert characters_of_one_script() == (scripts["traditional"], scripts["simplified"])
