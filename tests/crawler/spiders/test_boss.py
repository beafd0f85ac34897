"""BOSS Zhipin's responses, one quirk per test, on small inputs of fictional companies."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crawler.captures.recordings import Recording
from crawler.parsing.responses import BoardBlocked, Page, UnexpectedResponse
from crawler.runs.saved import read_saved
from crawler.spiders.boss import BossSpider
from crawler.systems import UnknownSystem, find_board
from postings import JobPosting, Place, Salary

SEARCH = "https://www.zhipin.com/web/geek/jobs?query=%E7%81%AF%E5%A1%94&city=101020100"
DETAIL = "https://www.zhipin.com/wapi/zpgeek/job/detail.json"
ID = "0123456789abcdef03V-2tW5EVtY"


def record(**changes: Any) -> dict[str, Any]:
    return {
        "securityId": "changes~every~time",
        "encryptJobId": ID,
        "jobName": "灯塔算法工程师",
        "salaryDesc": "20-40K·14薪",
        "jobLabels": ["1-3年", "本科"],
        "jobDegree": "本科",
        "cityName": "上海",
        "areaDistrict": "浦东新区",
        "businessDistrict": "张江",
        "jobType": 0,
        "daysPerWeekDesc": "",
        "jobValidStatus": 1,
        "proxyJob": 0,
        "goldHunter": 0,
        "bossName": "林女士",
        "bossTitle": "人事经理",
        "brandName": "雾港灯具",
        "lastModifyTime": 1_771_000_000_000,
        **changes,
    }


def response(*records: dict[str, Any], **data: Any) -> bytes:
    payload = {"hasMore": False, "totalCount": len(records), "jobList": list(records), **data}
    return json.dumps({"code": 0, "message": "Success", "zpData": payload}).encode()


def read(**changes: Any) -> JobPosting:
    (posting,) = BossSpider.read(response(record(**changes))).postings
    return posting


PAGE = f"""<html><head><title>「灯塔算法工程师招聘」_雾港灯具招聘-BOSS直聘</title>
  <link rel="canonical" href="https://www.zhipin.com/job_detail/{ID}.html"></head><body>
  <div class="job-banner"><div class="name"><h1>灯塔算法工程师</h1>
   <span class="salary">SALARY</span></div></div>
  <div class="sider-company"><div class="company-info"><a title="雾港灯具">雾港灯具</a></div></div>
  <div class="job-boss-info"><h2 class="name">林女士</h2></div>
  <div class="job-sec-text">修剪灯芯。<br>记录所见。</div></body></html>"""

TEXT = f"""Title: 「灯塔算法工程师招聘」_雾港灯具招聘-BOSS直聘

URL Source: https://www.zhipin.com/job_detail/{ID}.html?lid=x&securityId=y

灯塔算法工程师 20-40K·14薪
修剪灯芯。

<!-- 分割 -->

Title: 前途_某公司-BOSS直聘

URL Source: https://www.zhipin.com/job_detail/ffff~2.html

Markdown Content:
守灯人
记录所见，预算 10-20K 以内。
"""


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        (f"{SEARCH}&page=3", SEARCH),
        ("https://www.zhipin.com/web/geek/job?city=101020100&query=%E7%81%AF%E5%A1%94&ka=x", SEARCH),
        (
            f"https://www.zhipin.com/wapi/zpgeek/search/joblist.json?scene=1&{SEARCH[37:]}&experience=&page=1",
            SEARCH,
        ),
        ("https://www.zhipin.com/gongsi/job/a1b2~.html?ka=x", "https://www.zhipin.com/gongsi/a1b2~.html"),
    ],
)
def test_addresses(url: str, canonical: str) -> None:
    assert find_board(url).url == canonical
    assert find_board(canonical).url == canonical


@pytest.mark.parametrize(
    "url",
    [
        f"https://www.zhipin.com/job_detail/{ID}.html",
        "https://www.zhipin.com/web/geek/jobs?page=2",
        "https://www.zhipin.com/web/user/?ka=header-login",
        "https://www.zhipin.com.example/gongsi/a1b2.html",
    ],
)
def test_other_addresses_are_not_boards(url: str) -> None:
    with pytest.raises(UnknownSystem):
        find_board(url)


def test_record() -> None:
    assert read() == JobPosting(
        identifier=ID,
        title="灯塔算法工程师",
        url=f"https://www.zhipin.com/job_detail/{ID}.html",
        hiring_organization="雾港灯具",
        job_location=(Place(name="上海 浦东新区 张江", address_locality="上海"),),
        employment_type=("FULL_TIME",),
        employment_type_raw="全职",
        base_salary=Salary(currency="CNY", min_value=20_000, max_value=40_000, unit_text="MONTH", months_per_year=14),
        base_salary_raw="20-40K·14薪",
        education_requirements="本科",
    )


def test_values_that_change_by_themselves_are_not_kept() -> None:
    later = record(securityId="other", bossOnline=True, lid="x", lastModifyTime=1_772_000_000_000, itemId=9)
    assert BossSpider.read(response(later)).postings == BossSpider.read(response(record())).postings
    assert BossSpider.read(response(later)).stamps == {ID: "1772000000000"}


@pytest.mark.parametrize(
    ("payload", "pay"),
    [
        ("8-13K", Salary(currency="CNY", min_value=8_000, max_value=13_000, unit_text="MONTH")),
        ("200-250元/天", Salary(currency="CNY", min_value=200, max_value=250, unit_text="DAY")),
        ("面议", None),
        ("", None),
        ("\ue032\ue031-\ue034\ue031K", None),
    ],
)
def test_pay(payload: str, pay: Salary | None) -> None:
    assert read(salaryDesc=payload).base_salary == pay


@pytest.mark.parametrize(("payload", "raw"), [("", None), ("\ue8f0\ue8f1-\ue8f2\ue8f1K", None), ("面议", "面议")])
def test_only_the_raw_pay_is_kept(payload: str, raw: str | None) -> None:
    assert read(salaryDesc=payload).base_salary_raw == raw


@pytest.mark.parametrize(
    "changes", [{"jobType": 4}, {"jobType": 9, "daysPerWeekDesc": "4天/周"}, {"jobName": "实习生"}]
)
def test_interns(changes: dict[str, Any]) -> None:
    assert read(**changes).employment_type == ("INTERN",)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"goldHunter": 1}, (None, "雾港灯具 (goldHunter)")),
        ({"proxyJob": 1}, (None, "雾港灯具 (proxyJob)")),
        ({"brandName": "某大型互联网公司"}, (None, "某大型互联网公司")),
        ({"brandName": ""}, (None, None)),
    ],
)
def test_employer_is_not_guessed(changes: dict[str, Any], named: tuple[str | None, str | None]) -> None:
    assert (read(**changes).hiring_organization, read(**changes).hiring_organization_raw) == named


def test_recruiter_is_not_kept() -> None:
    detail = {
        "jobInfo": {"encryptId": ID, "jobName": "守灯人", "postDescription": "修剪灯芯。"},
        "bossInfo": {"name": "林女士", "title": "人事经理"},
        "brandComInfo": {"brandName": "雾港灯具"},
    }
    responses = [response(record()), json.dumps({"code": 0, "zpData": detail}).encode(), PAGE.encode()]
    for body in responses:
        (posting,) = BossSpider.read(body).postings
        assert posting.hiring_organization == "雾港灯具"
        assert not {"林女士", "人事经理"} & set(str(posting.to_dict()).split("'"))


def test_detail() -> None:
    job = {
        "encryptId": ID,
        "jobName": "守灯人",
        "salaryDesc": "60-90K·16薪",
        "degreeName": "硕士",
        "locationName": "上海",
        "postDescription": "修剪灯芯。\n电话 13912345678",
    }
    page = BossSpider.read(json.dumps({"code": 0, "zpData": {"jobInfo": job, "brandComInfo": {}}}).encode())
    (posting,) = page.postings
    assert page.detail
    assert posting.description == "修剪灯芯。\n电话 [phone]"
    assert (posting.education_requirements, posting.base_salary_raw) == ("硕士", "60-90K·16薪")


def test_closed_record_is_not_an_opening() -> None:
    page = BossSpider.read(response(record(), record(encryptJobId="other", jobValidStatus=2)))
    assert (len(page.postings), page.unlisted, page.rows, page.unreadable) == (1, ("other",), 2, ())


def test_more_and_total() -> None:
    page = BossSpider.read(response(record(), hasMore=True, totalCount=300))
    assert (page.more, page.reported_total) == (True, 300)
    counted = json.loads(response(record()))
    counted["zpData"]["resCount"] = counted["zpData"].pop("totalCount")
    assert BossSpider.read(json.dumps(counted).encode()).reported_total == 1


@pytest.mark.parametrize("code", [7, 9, 35, 36, 37, 121, 122])
def test_refusal_by_code_is_a_block(code: int) -> None:
    with pytest.raises(BoardBlocked, match=f"code {code}: "):
        BossSpider.read(json.dumps({"code": code, "message": "您的环境存在异常.", "zpData": {}}).encode())


@pytest.mark.parametrize(
    "body",
    [
        b'{"code": 17, "message": "x"}',
        b"{}",
        b'{"code": 0, "zpData": {}}',
        b'{"code": 0, "zpData": {"jobList": {}}}',
        b"",
    ],
)
def test_not_a_list_is_not_an_empty_list(body: bytes) -> None:
    with pytest.raises(UnexpectedResponse):
        BossSpider.read(body)


@pytest.mark.parametrize(
    "page",
    [
        "<html><title>请稍候</title><script>location='/web/common/security-check.html?seed=x'</script></html>",
        "<html><body>您的环境存在异常，请完成验证</body></html>",
        "<html><a href='https://www.zhipin.com/web/user/?ka=header-login'>登录</a></html>",
    ],
)
def test_login_wall_is_a_block(page: str) -> None:
    with pytest.raises(BoardBlocked):
        BossSpider.read(page.encode())


def test_jobs_page() -> None:
    page = BossSpider.read(PAGE.replace("SALARY", "20-40K·14薪").encode())
    (posting,) = page.postings
    assert (posting.identifier, posting.title, posting.description) == (ID, "灯塔算法工程师", "修剪灯芯。\n记录所见。")
    assert posting.base_salary_raw == "20-40K·14薪"


def test_pay_in_glyphs_is_not_read() -> None:
    (posting,) = BossSpider.read(PAGE.replace("SALARY", "\ue033\ue031-\ue035\ue031K").encode()).postings
    assert (posting.base_salary, posting.base_salary_raw) == (None, None)


def test_page_without_its_address_is_reported() -> None:
    with pytest.raises(UnexpectedResponse, match="does not contain its own address"):
        BossSpider.read(PAGE.replace("canonical", "other").encode())


def test_pages_saved_as_text() -> None:
    page = BossSpider.read(TEXT.encode())
    first, second = page.postings
    assert page.detail
    assert (first.identifier, first.title, first.base_salary_raw) == (ID, "灯塔算法工程师", "20-40K·14薪")
    assert (first.hiring_organization, second.hiring_organization) == ("雾港灯具", None)
    assert (second.identifier, second.title) == ("ffff~2", "守灯人")


def test_api_of_a_job_is_the_sites(tmp_path: Path) -> None:
    recording = Recording(method="GET", url=DETAIL, query={"securityId": ("x",)}, path=tmp_path, content_type="x")
    assert BossSpider.responds_to(recording)
    assert BossSpider.board_of(recording) is None


@pytest.mark.shared
def test_recorded_pages_as_text(recorded: Path) -> None:
    page: Page = read_saved(BossSpider, recorded / "boss" / "dh_ai_boss_merged_0.md")
    assert (page.rows, len(page.identifiers), page.unreadable) == (57, 57, ())
    payload = {posting.identifier: posting for posting in page.postings}
    huawei = payload["2baf699483fd72f41Xx53ti5E1BW"]
    assert (huawei.title, huawei.hiring_organization) == ("自然语言处理算法专家", "华为")
    assert huawei.base_salary == Salary(
        currency="CNY", min_value=60_000, max_value=90_000, unit_text="MONTH", months_per_year=16
    )
    prompt = payload["042749f1357564f503Z539u_EFZX"]
    assert (prompt.title, prompt.base_salary_raw) == ("AI提示词工程师", "20-25K")
    # Counted on the titles: 34 name an employer, 21 describe one, one is cut short, and one names none.
    assert sum(posting.hiring_organization is not None for posting in page.postings) == 34
    assert sum(posting.hiring_organization_raw is not None for posting in page.postings) == 22
    assert sum(posting.base_salary is not None for posting in page.postings) == 50
    assert all(posting.description for posting in page.postings)
