"""Stubs of descriptions are dropped, and descriptions that say something are kept, however short."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from classifier.text.stubs import LONGEST, without_stub

ENGLISH = [
    "Apply now.",
    "Apply here!",
    "Please apply online",
    "Please apply via our website",
    "Click here to apply",
    "Learn more",
    "Read more",
    "Join us!",
    "Join our team",
    "We are hiring!",
    "We're growing. Join us.",
    "Thank you for your interest",
    "N/A",
    "none",
    "TBD",
    "Coming soon",
    "No description available",
    "Job description",
    "Full-time",
    "Part time, remote",
    "Full-time | Hybrid",
    "Internship",
    "Urgent hiring",
    "Multiple locations",
    "Competitive salary",
    "See the company website for details.",
    "Please visit our website",
    "More information at https://example.com/jobs",
    "Location: Berlin",
    "Location: Berlin\nEmployment type: Full-time",
    "Job ID: 12345\nReq ID: R-100",
    "Department: Engineering",
    "Salary: 100k",
    "Closing date: 1 May",
    "Tel: +49 30 1234",
]
GERMAN = [
    "Jetzt bewerben!",
    "Hier bewerben",
    "Online bewerben",
    "Bewerben Sie sich jetzt",
    "Mehr erfahren",
    "Mehr Informationen",
    "Wir suchen dich!",
    "Wir stellen ein!",
    "Werde Teil unseres Teams",
    "Stellenbeschreibung",
    "Vollzeit",
    "Teilzeit, befristet",
    "Ab sofort",
    "Standort: München",
    "Standort: München\nVollzeit, unbefristet",
    "Kennziffer: 4711",
    "Gehalt: nach Vereinbarung",
    "Kontakt: Frau Meier",
]
CHINESE = [
    "立即投递",
    "点击申请",
    "欢迎投递简历",
    "欢迎加入我们",
    "加入我们",
    "诚聘英才",
    "招聘中",
    "长期有效",
    "详情请见官网",
    "查看更多",
    "请见附件",
    "暂无描述",
    "无",
    "待定",
    "薪资面议",
    "岗位职责：\n任职要求：",
    "【岗位类别】：实习/全职",
    "工作地点：北京",
    "工作地点：北京\n发布时间：2026-11-03",
    "招聘人数：若干",
    "学历要求：本科",
]
TOO_SHORT = ["实习/全职", "急！", "ok", "五险一金"]
NO_WORDS = [
    "",
    " \n\t",
    "...",
    "—",
    "🚀🚀",
    "123",
    "2026-11-01",
    "01.11.2026",
    "2026年11月3日",
    "https://example.com/jobs/1",
    "www.example.org/careers",
    "jobs@example.com",
    "E-Mail: hr@firma.example",
    "2026-11-01 https://example.org/jobs?id=4",
]


@pytest.mark.parametrize("stub", [*ENGLISH, *GERMAN, *CHINESE, *TOO_SHORT, *NO_WORDS])
def test_stubs_are_dropped(stub: str) -> None:
    assert without_stub(stub) == ""


@given(
    st.lists(st.sampled_from([*ENGLISH, *GERMAN, *CHINESE, *NO_WORDS]), max_size=5),
    st.sampled_from(["\n", " | ", ", "]),
)
@example(["N/A", "N/A", "N/A"], "\n")
def test_several_stubs_are_one(stubs: list[str], between: str) -> None:
    text = between.join(stubs)
    assert without_stub(text) == (text if len(text) >= LONGEST else "")


@pytest.mark.parametrize(
    "description",
    [
        "Keep the servers running.",
        "Run our Kubernetes clusters",
        "Write Python.",
        "Own the roadmap",
        "Sell to banks",
        "Label images",
        "Apply machine learning to ads.",
        "Apply deep learning to medical images",
        "Contract negotiation with suppliers",
        "Full-time parent support line",
        "Team lead for storage",
        "Remote sensing research",
        "Test automation with Selenium",
        "Location: data center in Ohio; you rack servers",
        "Read papers on diffusion models",
        "Apply now. You will train language models.",
        "Sie schreiben Software.",
        "Betreuung der Server",
        "Buchhaltung und Steuern",
        "Standortplanung für Rechenzentren",
        "Standort: Berlin. Du betreust Server.",
        "负责服务器运维",
        "写代码、修故障",
        "标注图像数据",
        "测试自动化平台开发",
        "实习生负责数据标注",
        "工作地点：北京。负责大模型训练",
        "撰寫產品文件",
    ],
)
def test_short_descriptions_are_kept(description: str) -> None:
    assert without_stub(description) == description


@given(st.text(min_size=1), st.sampled_from([*ENGLISH, *GERMAN, *CHINESE, "\n", " "]))
def test_long_descriptions_are_never_changed(text: str, stub: str) -> None:
    long = (text + stub) * (LONGEST // len(text + stub) + 1)
    assert len(long) >= LONGEST
    assert without_stub(long) == long


@given(st.text(max_size=LONGEST))
def test_result_is_the_description_or_nothing(text: str) -> None:
    assert without_stub(text) in (text, "")
    assert without_stub(without_stub(text)) == without_stub(text)


def test_length_decides_at_the_limit() -> None:
    stub = "Apply now. "
    assert without_stub((stub * 40)[: LONGEST - 1]) == ""
    assert without_stub((stub * 40)[:LONGEST]) == (stub * 40)[:LONGEST]
