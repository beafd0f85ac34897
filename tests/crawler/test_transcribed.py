"""Values that others copied from real responses by hand: some fields of each record; what is missing is put in."""

from __future__ import annotations

import html
import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from crawler.parsing.responses import BoardUnknown
from crawler.spiders.baidu import BaiduSpider
from crawler.spiders.beisen import BeisenSpider
from crawler.spiders.boss import BossSpider
from crawler.spiders.bytedance import BytedanceSpider
from crawler.spiders.moka import MokaSpider, posting
from crawler.spiders.tencent import TencentSpider
from postings import Salary

pytestmark = pytest.mark.shared


@pytest.fixture(scope="module")
def transcribed(recorded: Path) -> dict[str, Any]:
    values: dict[str, Any] = json.loads((recorded / "transcribed/partial_records.json").read_text(encoding="utf-8"))
    return values


def board_page(data: dict[str, Any]) -> bytes:
    return f'<input type="hidden" id="init-data" value="{html.escape(json.dumps(data))}">'.encode()


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("moka_init_data_unknown_slug", "unknown board (您访问的页面不存在)"),
        ("moka_init_data_retired", "retired board (当前网页已关停)"),
    ],
)
def test_moka_pages_without_a_board(transcribed: dict[str, Any], name: str, sentence: str) -> None:
    with pytest.raises(BoardUnknown) as caught:
        MokaSpider.read(board_page(transcribed[name]["init_data"]))
    assert str(caught.value) == sentence


def test_deepseeks_page_names_the_employer(transcribed: dict[str, Any]) -> None:
    data = transcribed["moka_init_data_live_deepseek"]["init_data_partial"]
    page = MokaSpider.read(board_page({**data, "jobs": [], "jobStats": {"total": 0}}))
    assert page.organization == "幻方&DeepSeek"


def test_one_employers_two_units_of_pay_on_moka(transcribed: dict[str, Any]) -> None:
    thousands, yuan = (
        posting({"id": record.get("id", "70266a0c"), "title": "t", **record})
        for record in transcribed["moka_detail_robosense_partial"]
    )
    assert thousands.base_salary == Salary(currency="CNY", min_value=35_000, max_value=57_000, unit_text="MONTH")
    assert (thousands.total_job_openings, thousands.education_requirements) == (7, "本科")
    assert yuan.base_salary == Salary(
        currency="CNY", min_value=35_000, max_value=60_000, unit_text="MONTH", months_per_year=15
    )


def test_tencents_posts(transcribed: dict[str, Any]) -> None:
    response = transcribed["tencent_partial"]
    response["Data"]["Count"] = 2
    first, second = TencentSpider.read(json.dumps(response).encode()).postings
    assert (first.identifier, second.identifier) == ("2066702542833893376", "1978338334812037120")
    assert (first.title, first.employment_unit) == ("光子 AI-AI Infra工程师", "IEG")
    assert [place.name for place in first.job_location] == ["深圳"]
    assert first.url == "https://careers.tencent.com/jobdesc.html?postId=2066702542833893376"


def test_baidus_post(transcribed: dict[str, Any]) -> None:
    response = transcribed["baidu_partial"]
    response["data"]["list"][0]["postId"] = "p"
    page = BaiduSpider.read(json.dumps(response).encode())
    (found,) = page.postings
    assert (page.reported_total, found.title) == (1641, "大模型产品经理（J72652）")
    assert (found.date_posted, found.total_job_openings) == (date(2024, 5, 27), 3)
    assert [place.name for place in found.job_location] == ["北京市", "上海市"]
    assert (found.occupational_category, found.education_requirements) == ("产品", None)


def test_unitrees_posts(transcribed: dict[str, Any]) -> None:
    response = transcribed["beisen_unitree_partial"]
    for record in response["Data"]:
        record.update(Id=str(record["JobAdId"]), JobAdName=record["JobAdName_contains"])
    page = BeisenSpider.read(json.dumps(response).encode())
    assert page.reported_total == 35
    assert [found.title for found in page.postings] == ["高级研发项目经理", "高级机器人测试工程师", "高级C++开发工程师"]
    assert page.postings[0].base_salary == Salary(currency="CNY", min_value=25_000, max_value=50_000, unit_text="MONTH")
    assert page.postings[0].date_posted == datetime.fromisoformat("2025-09-11T18:05:28+08:00")


def test_boss_zhipins_job(transcribed: dict[str, Any]) -> None:
    response = transcribed["boss_partial"]
    response["zpData"]["jobList"][0].update(encryptJobId="j", jobName="t")
    (found,) = BossSpider.read(json.dumps(response).encode()).postings
    assert found.base_salary == Salary(currency="CNY", min_value=8_000, max_value=13_000, unit_text="MONTH")
    assert found.employment_type == ("FULL_TIME",)


def test_bytedances_post(transcribed: dict[str, Any]) -> None:
    response = {"code": 0, "data": {"job_post_detail": transcribed["bytedance_partial"]["job"]}}
    (found,) = BytedanceSpider.read(json.dumps(response).encode()).postings
    assert (found.identifier, found.title) == ("7595187765260732725", "服务商运营实习生（市场营销）-抖音电商")
    assert found.employment_type == ("INTERN",)
    assert found.date_posted == datetime.fromisoformat("2026-01-14T12:09:19.043+00:00")
