"""Moka's responses, one quirk per test, on small inputs of a fictional company."""

from __future__ import annotations

import base64
import html
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.padding import PKCS7
from hypothesis import given
from hypothesis import strategies as st
from scrapy import Request
from scrapy.http import HtmlResponse
from scrapy.utils.test import get_crawler

from crawler.boards import Board, Cursor
from crawler.manifest import Manifest
from crawler.parsing.responses import BoardBlocked, BoardUnknown, Page, PostingGone, ResponseError, UnexpectedResponse
from crawler.spiders.moka import AES_IV, PAGE_SIZE, MokaSpider, open_envelope, other_sites, posting
from postings import JobPosting, Place, Salary, Verdict

BOARD = MokaSpider.board("https://app.mokahr.com/social-recruitment/yunfan/12345")
NOW = datetime(2026, 7, 28, tzinfo=UTC)
JOB = "0a1b2c3d-0000-4000-8000-000000000001"
OTHER = "0a1b2c3d-0000-4000-8000-000000000002"
HAIDIAN = {"id": 1, "cityId": 2, "cityName": "海淀区", "provinceId": 3, "provinceName": "北京市", "country": "中国"}


def record(**changes: Any) -> dict[str, Any]:
    """A list record; a change to None is a null, one to ... removes the key."""
    values = {
        "id": JOB,
        "orgId": "yunfan",
        "title": "推理引擎工程师",
        "status": "open",
        "jobDescription": "<p><strong>【职责】</strong></p><p>让模型跑得更快。</p>",
        "locations": [HAIDIAN],
        "zhineng": {"id": 7, "name": "系统研发"},
        "deptId": 9,
        "hireMode": 1,
        "createdAt": "2026-06-20T14:23:06",
        "openedAt": "2026-06-25T00:00",
        "updatedAt": "2026-07-17T09:50:02",
        "salaryUnit": 0,
        "prior": 0,
        "multiLocale": "{}",
        **changes,
    }
    return {key: value for key, value in values.items() if value is not ...}


def read(**changes: Any) -> JobPosting:
    return posting(record(**changes), BOARD)


def envelope(data: Any = None, code: Any = 0, msg: str = "成功") -> dict[str, Any]:
    payload = {"code": code, "codeType": 0, "msg": msg, "success": code == 0}
    return payload if data is None else {**payload, "data": data}


def jobs(*records: Any, total: Any = ...) -> dict[str, Any]:
    return envelope({"jobs": list(records), "jobStats": {"total": len(records) if total is ... else total}})


def seal(plain: bytes, key: bytes = b"0123456789abcdef", iv: bytes = AES_IV) -> dict[str, Any]:
    """Encrypt as the system does."""
    padder = PKCS7(128).padder()
    padded = padder.update(plain) + padder.finalize()
    encryptor = Cipher(algorithms.AES(key), modes.CBC(iv)).encryptor()
    data = base64.b64encode(encryptor.update(padded) + encryptor.finalize())
    return {"data": data.decode(), "necromancer": key.decode()}


def page(payload: Any, **sealing: Any) -> Page:
    """Read a response in its envelope."""
    return MokaSpider.read(json.dumps(seal(json.dumps(payload).encode(), **sealing)).encode(), BOARD)


def board_page(data: dict[str, Any], title: str = "云帆招聘") -> bytes:
    value = html.escape(json.dumps(data, ensure_ascii=False))
    return f'<!DOCTYPE html>\n<title>{title}</title><input type="hidden" id="init-data" value="{value}">'.encode()


# The envelope -----------------------------------------------------------------------------------------


def test_encrypted_list_is_decrypted() -> None:
    found = page(jobs(record(), record(id=OTHER), total=35))
    assert [one.identifier for one in found.postings] == [JOB, OTHER]
    assert (found.rows, found.reported_total, found.whole, found.detail) == (2, 35, False, False)


# Half characters and NUL are replaced, see test_responses.
@given(
    st.text(alphabet="0123456789abcdef", min_size=16, max_size=16),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")),
)
def test_any_key_decrypts_what_it_encrypted(key: str, text: str) -> None:
    assert open_envelope(seal(json.dumps({"msg": text}).encode(), key=key.encode()))["msg"] == text


def test_unencrypted_response_is_read() -> None:
    # The international cluster does not encrypt.
    assert MokaSpider.read(json.dumps(jobs(record())).encode(), BOARD).rows == 1


@pytest.mark.parametrize(
    "change",
    [
        {"necromancer": "short"}, {"necromancer": ""}, {"necromancer": None}, {"necromancer": "钥" * 16},
        {"necromancer": "fedcba9876543210"}, {"necromancer": "0" * 24}, {"necromancer": 16}, {"data": "no base64!"},
        {"data": ""}, {"data": "AAAA"}, {"data": "A" * 64},
    ],
    ids=str,
)  # fmt: skip
def test_envelope_that_cannot_be_decrypted_raises(change: dict[str, Any]) -> None:
    sealed = {**seal(json.dumps(jobs(record())).encode()), **change}
    with pytest.raises(UnexpectedResponse, match="cannot decrypt the envelope with its own key"):
        MokaSpider.read(json.dumps(sealed).encode(), BOARD)


@pytest.mark.parametrize("plain", [b"", b"[]", b"null", b"not json", b"\xff" * 40, b"[" * 100_000])
def test_contents_of_an_envelope_must_be_an_object(plain: bytes) -> None:
    with pytest.raises(UnexpectedResponse):
        MokaSpider.read(json.dumps(seal(plain)).encode(), BOARD)


def test_another_initialization_vector_raises() -> None:
    with pytest.raises(UnexpectedResponse, match="cannot decrypt the envelope"):
        page(jobs(record()), iv=b"0000000000000000")


# Error responses --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("code", "msg", "error", "sentence"),
    [
        (703002, "未找到对应的官网", BoardUnknown, "unknown board (703002 未找到对应的官网)"),
        (703015, "您访问的职位已不存在", PostingGone, "job gone (703015 您访问的职位已不存在)"),
        (102, "参数错误", UnexpectedResponse, "Moka returned code 102 参数错误"),
        (101, "JSON格式错误", UnexpectedResponse, "Moka returned code 101 JSON格式错误"),
        (None, "", UnexpectedResponse, "Moka returned code None "),
        ("0", "", UnexpectedResponse, "Moka returned code 0 "),
    ],
)
def test_codes(code: Any, msg: str, error: type[ResponseError], sentence: str) -> None:
    with pytest.raises(error) as caught:
        page(envelope(code=code, msg=msg))
    assert (type(caught.value), str(caught.value)) == (error, sentence)


@pytest.mark.parametrize(
    "payload",
    [
        envelope(), envelope([]), envelope({}), envelope({"jobs": None}),
        envelope({"jobs": {}, "jobStats": {"total": 0}}),
        envelope({"jobs": []}), envelope({"jobs": [], "jobStats": None}), envelope({"jobs": [], "jobStats": []}),
        jobs(total=None), jobs(total="35"), jobs(total=True), jobs(total=1.0), jobs(1, 2),
        envelope({"systemFieldsAggregations": {}}),
    ],
    ids=str,
)  # fmt: skip
def test_another_format_is_not_an_empty_board(payload: dict[str, Any]) -> None:
    with pytest.raises(UnexpectedResponse):
        page(payload)


def test_captcha_is_a_block() -> None:
    with pytest.raises(BoardBlocked):
        MokaSpider.read("<html>请完成安全验证</html>".encode(), BOARD)


def test_past_the_end_is_an_empty_page_with_the_real_total() -> None:
    found = page(jobs(total=35))
    assert (found.rows, found.reported_total) == (0, 35)


def test_without_needstat_the_total_is_zero_although_there_are_rows() -> None:
    found = page(jobs(record(), total=0))
    assert (found.rows, found.reported_total) == (1, 0)


# The board's page -------------------------------------------------------------------------------------


def test_board_page_names_the_employer_and_its_first_jobs() -> None:
    data = {
        "org": {"id": "yunfan", "name": "云帆&Robots", "siteName": "招聘"},
        "aesIv": AES_IV.decode(),
        "jobs": [record(openedAt="2026-01-21T07:20:03.000Z", department={"id": 1, "name": "研发"})],
        "jobStats": {"orgId": "yunfan", "total": 40},
    }
    found = MokaSpider.read(board_page(data), BOARD)
    assert (found.organization, found.rows, found.reported_total) == ("云帆&Robots", 1, 40)
    assert found.postings[0].date_posted_raw == "2026-01-21T07:20:03.000Z"
    assert found.postings[0].date_posted.isoformat() == "2026-01-21T07:20:03+00:00"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (
            {"message": "您访问的页面不存在", "domain": "https://app.mokahr.com"},
            "unknown board (您访问的页面不存在)",
        ),
        ({"message": "当前网页已关停", "isBizError": True}, "retired board (当前网页已关停)"),
        ({"org": None, "message": "x"}, "unknown board (x)"),
    ],
)
def test_only_org_proves_a_board(data: dict[str, Any], sentence: str) -> None:
    with pytest.raises(BoardUnknown) as caught:
        MokaSpider.read(board_page(data), BOARD)
    assert str(caught.value) == sentence


@pytest.mark.parametrize(
    "body",
    [
        b"<html>init-data</html>",
        b'<input id="init-data">',
        b'<input id="init-data" value="{">',
        b'<input id="init-data" value="[]">',
        board_page({"org": "yunfan", "jobs": [], "jobStats": {"total": 0}}),
        board_page({"org": {"id": "yunfan"}}),
    ],
)
def test_page_of_another_format_raises(body: bytes) -> None:
    with pytest.raises(UnexpectedResponse):
        MokaSpider.read(body, BOARD)


# The record -------------------------------------------------------------------------------------------


def test_record() -> None:
    assert read() == JobPosting(
        identifier=JOB,
        title="推理引擎工程师",
        url=f"{BOARD.url}#/job/{JOB}",
        description="【职责】\n\n让模型跑得更快。",
        job_location=(
            Place(name="北京市 海淀区", address_locality="海淀区", address_region="北京市", address_country="中国"),
        ),
        date_posted=read().date_posted,
        date_posted_raw="2026-06-25T00:00",
        occupational_category="系统研发",
    )


def test_dates_are_beijing_wall_clock() -> None:
    assert read().date_posted.isoformat() == "2026-06-25T00:00:00+08:00"  # type: ignore[union-attr]


def test_date_of_publication_comes_before_that_of_opening() -> None:
    assert read(publishedAt="2026-06-26T17:43:19").date_posted_raw == "2026-06-26T17:43:19"


def test_date_of_creation_is_the_fallback_for_both() -> None:
    assert read(openedAt=None).date_posted_raw == "2026-06-20T14:23:06"


def test_date_of_an_edit_is_not_the_date_of_posting() -> None:
    assert read(openedAt=..., createdAt=...).date_posted is None


@pytest.mark.parametrize("markup", [..., None, "", "<p><br></p>"])
def test_list_without_the_text_is_read(markup: Any) -> None:
    assert read(jobDescription=markup).description == ""


def test_every_posting_needs_its_detail() -> None:
    # Pay, head-count, education and the date of publication are nowhere else.
    assert MokaSpider(boards=[BOARD]).needs_detail(read())


def test_double_spaces_and_full_width_brackets_in_titles() -> None:
    assert read(title=" 算力  调度（数据/算法）工程师 ").title == "算力 调度（数据/算法）工程师"


def test_paused_job_is_listed_but_not_open() -> None:
    found = page(jobs(record(), record(id=OTHER, status="pause")))
    assert (len(found.postings), found.unlisted, found.rows) == (1, (OTHER,), 2)


def test_closed_at_does_not_close() -> None:
    assert len(page(jobs(record(closedAt="2026-01-01T00:00:00"))).postings) == 1


@pytest.mark.parametrize(
    ("locations", "names"),
    [
        ([], []),
        (None, []),
        (..., []),
        ([HAIDIAN, HAIDIAN], ["北京市 海淀区"]),
        ([{"country": "中国"}], ["中国"]),
        ([{"country": None}, {}], []),
        ([{"cityName": "北京市", "provinceName": "北京市"}], ["北京市"]),
        ([{"cityName": "Haidian", "provinceName": "Beijing", "country": "China"}], ["Haidian, Beijing"]),
        ([{"cityName": "", "provinceName": "内蒙古"}, {"cityName": 5, "country": "中国"}], ["内蒙古", "中国"]),
    ],
)
def test_locations(locations: Any, names: list[str]) -> None:
    assert [place.name for place in read(locations=locations).job_location] == names


@pytest.mark.parametrize("field", ["zhineng", "department"])
@pytest.mark.parametrize("value", [..., None, {}, {"id": None, "name": None}, {"name": ""}, {"name": 5}])
def test_category_may_be_missing(field: str, value: Any) -> None:
    attribute = {"zhineng": "occupational_category", "department": "employment_unit"}[field]
    assert getattr(read(**{field: value}), attribute) is None


def test_category_without_an_id_has_a_name() -> None:
    assert read(zhineng={"id": None, "name": "其它"}).occupational_category == "其它"


@pytest.mark.parametrize(("prior", "urgent"), [(1, True), (0, False), (None, False), (..., False)])
def test_prior_is_the_urgent_badge(prior: Any, urgent: bool) -> None:
    assert read(prior=prior).urgent is urgent


@pytest.mark.parametrize(
    ("changes", "kinds", "raw"),
    [
        ({}, [], None),
        ({"commitment": "全职"}, ["FULL_TIME"], "全职"),
        ({"commitment": "其他"}, ["OTHER"], "其他"),
        (
            {"commitment": "全职", "jobDescription": "<p><strong>【岗位类别】：实习/全职</strong></p><p>x</p>"},
            ["FULL_TIME", "INTERN"],
            "实习/全职",
        ),
        (
            {"commitment": "全职", "jobDescription": "<p>招聘方向<strong>【实习】</strong>：<strong>甲</strong></p>"},
            ["INTERN"],
            "实习",
        ),
        ({"commitment": "全职", "title": "测试研究员（实习/全职）"}, ["FULL_TIME", "INTERN"], "实习/全职"),
    ],
    ids=["none", "field", "other", "kind line over field", "direction over field", "title over field"],
)
def test_kind_of_employment(changes: dict[str, Any], kinds: list[str], raw: str | None) -> None:
    found = read(**changes)
    assert (list(found.employment_type), found.employment_type_raw) == (kinds, raw)


def yuan(low: float | None, high: float | None, unit: str, months: float | None = None) -> Salary:
    return Salary(currency="CNY", min_value=low, max_value=high, unit_text=unit, months_per_year=months)


@pytest.mark.parametrize(
    ("changes", "salary"),
    [
        ({"minSalary": 35, "maxSalary": 57}, yuan(35_000, 57_000, "MONTH")),
        ({"minSalary": 35000, "maxSalary": 60000, "payPeriod": 15}, yuan(35_000, 60_000, "MONTH", 15)),
        ({"minSalary": 200, "maxSalary": 999}, yuan(200_000, 999_000, "MONTH")),
        ({"minSalary": 1000, "maxSalary": 2000}, yuan(1_000, 2_000, "MONTH")),
        ({"minSalary": 200, "maxSalary": 250, "commitment": "实习"}, yuan(200, 250, "DAY")),
        ({"minSalary": 150, "maxSalary": 150, "commitment": "兼职", "payPeriod": 12}, yuan(150, 150, "DAY")),
        (
            {"minSalary": 200, "maxSalary": 250, "commitment": "实习", "jobDescription": "【岗位类别】：实习/全职"},
            yuan(200, 250, "DAY"),
        ),
        (
            {"minSalary": 200, "maxSalary": 250, "commitment": "全职", "title": "测试工程师（实习）"},
            yuan(200, 250, "DAY"),
        ),
        (
            {"minSalary": 20, "maxSalary": 25, "commitment": "全职", "title": "测试工程师（实习/全职）"},
            yuan(20_000, 25_000, "MONTH"),
        ),
        ({"minSalary": 35}, yuan(35_000, None, "MONTH")),
        ({"maxSalary": "57"}, yuan(None, 57_000, "MONTH")),
        ({"minSalary": 0, "maxSalary": 0}, None),
        ({"minSalary": None, "maxSalary": None}, None),
        ({}, None),
        ({"minSalary": True, "maxSalary": 10**400}, None),
        ({"minSalary": 60, "maxSalary": 30}, None),
    ],
    ids=str,
)
def test_pay(changes: dict[str, Any], salary: Salary | None) -> None:
    assert read(**changes).base_salary == salary


def test_pay_keeps_what_it_was_read_from() -> None:
    assert read(minSalary=60, maxSalary=30).base_salary_raw == "minSalary=60 maxSalary=30 payPeriod=None"


@pytest.mark.parametrize(
    ("number", "openings"), [(7, 7), ("3", 3), (0, None), (None, None), ("若干", None), (True, None)]
)
def test_head_count(number: Any, openings: int | None) -> None:
    assert read(number=number).total_job_openings == openings


def link(address: str, text: str = "请移步【新链接】") -> str:
    return f'<p>{text}：<a href="{address}" target="_blank">新团队</a></p>'


@pytest.mark.parametrize(
    ("markup", "redirects_to"),
    [
        (link(f"{BOARD.url}#/job/{OTHER}"), f"{BOARD.url}#/job/{OTHER}"),
        (link(f"{BOARD.url}?a=1&amp;b=2#/job/{OTHER}/apply"), f"{BOARD.url}?a=1&b=2#/job/{OTHER}/apply"),
        (link(f"#/job/{OTHER}"), f"{BOARD.url}#/job/{OTHER}"),
        (link(f"{BOARD.url}#/job/{OTHER}").replace('"', "'"), f"{BOARD.url}#/job/{OTHER}"),
        (link(f"{BOARD.url}#/job/{JOB}"), None),
        (link(f"{BOARD.url}#/jobs"), None),
        (link(f"javascript:alert(1)#/job/{OTHER}"), None),
        (link(f"{BOARD.url}#/job/{OTHER}", text="我们做很多事情" * 30), None),
        ("<p>见新链接</p>", None),
    ],
    ids=["stub", "entities", "relative", "single quotes", "itself", "the list", "script", "a real text", "no link"],
)
def test_stub_that_only_links_elsewhere_redirects(markup: str, redirects_to: str | None) -> None:
    assert read(jobDescription=markup).redirects_to == redirects_to


def test_detail() -> None:
    found = page(envelope(record(publishedAt="2026-06-27T12:05:08", education="本科", department={"name": "研发"})))
    assert (found.detail, found.rows, found.reported_total) == (True, 1, None)
    assert (found.postings[0].education_requirements, found.postings[0].employment_unit) == ("本科", "研发")


def test_saved_record_without_its_board_identifies_its_tenant() -> None:
    assert posting(record()).url == f"https://app.mokahr.com/social-recruitment/yunfan#/job/{JOB}"
    assert posting(record(hireMode=2)).url == f"https://app.mokahr.com/campus-recruitment/yunfan#/job/{JOB}"


def test_contact_data_is_masked() -> None:
    assert (
        read(jobDescription="<p>联系电话13800138000，hr@yunfan.example</p>").description == "联系电话[phone]，[e-mail]"
    )


@pytest.mark.parametrize(
    "bad",
    [{"id": None}, {"id": ...}, {"title": ...}, {"title": ""}, {"title": 5}, {"locations": 5}, {"locations": [None]},
     {"jobDescription": ["x"]}, {"department": "x"}, {"zhineng": [1]}],
    ids=str,
)  # fmt: skip
def test_unreadable_record_is_reported_and_others_are_read(bad: dict[str, Any]) -> None:
    found = page(jobs(record(id=OTHER), record(**bad)))
    assert [one.identifier for one in found.postings] == [OTHER]
    assert len(found.unreadable) == 1
    assert found.unreadable[0].startswith("record ")


@pytest.mark.parametrize("field", sorted(set(record()) - {"id", "title"}))
@pytest.mark.parametrize("value", [None, ...], ids=["null", "missing"])
def test_every_other_field_may_be_null_or_missing(field: str, value: Any) -> None:
    assert read(**{field: value}).identifier == JOB


# Requests ---------------------------------------------------------------------------------------------


def test_list_is_requested_with_its_total_and_an_offset() -> None:
    request = MokaSpider(boards=[BOARD]).list_request(BOARD, Cursor(offset=50))
    assert request.url == "https://app.mokahr.com/api/outer/ats-apply/website/jobs/v2"
    assert json.loads(request.body) == {
        "orgId": "yunfan",
        "siteId": "12345",
        "limit": PAGE_SIZE,
        "offset": 50,
        "needStat": True,
        "locale": "zh-CN",
    }
    assert PAGE_SIZE <= 50


def test_detail_is_requested_on_the_boards_own_cluster() -> None:
    board = MokaSpider.board("https://hire-r1.mokahr.com/social-recruitment/yunfan/8")
    request = MokaSpider(boards=[board]).detail_request(board, read())
    assert request.url == "https://hire-r1.mokahr.com/api/outer/ats-apply/website/job"
    assert json.loads(request.body)["jobId"] == JOB


# Sites, domains and pages -----------------------------------------------------------------------------

DATA = {
    "org": {"id": "yunfan", "name": "云帆"},
    "siteId": "12345",
    "aesIv": AES_IV.decode(),
    "jobs": [],
    "jobStats": {"total": 0},
}
OTHER_IV = b"fedcba9876543210"
OWN = MokaSpider.board("https://jobs.yunfan.example/apply/yunfan/12345/#/jobs")
TENANT = MokaSpider.board("https://app.mokahr.com/apply/yunfan")


def visit(board: Board, *responses: Any) -> tuple[Manifest, Request | None, list[dict[str, Any]]]:
    """Give a spider the responses to its requests in turn; return the next request and the items too."""
    spider = MokaSpider.from_crawler(get_crawler(MokaSpider), boards=[board])
    manifest = Manifest(board)
    (requested,) = spider.first_requests(manifest)
    items: list[dict[str, Any]] = []
    for visited in responses:
        status, headers, body = visited if isinstance(visited, tuple) else (200, {}, visited)
        response = HtmlResponse(requested.url, status=status, headers=headers, body=body, request=requested)
        made = list(requested.callback(response, **requested.cb_kwargs))
        items += [one for one in made if isinstance(one, dict)]
        requested = next((one for one in made if isinstance(one, Request)), None)
    return manifest, requested, items


def sealed(payload: dict[str, Any], iv: bytes = AES_IV) -> bytes:
    return json.dumps(seal(json.dumps(payload).encode(), iv=iv)).encode()


def test_board_on_an_own_domain_is_requested_there() -> None:
    assert (OWN.url, OWN.instance) == (
        "https://jobs.yunfan.example/social-recruitment/yunfan/12345",
        "jobs.yunfan.example",
    )
    _, requested, _ = visit(OWN, board_page(DATA))
    assert requested is not None
    assert requested.url == "https://jobs.yunfan.example/api/outer/ats-apply/website/jobs/v2"


def test_own_domain_whose_page_is_not_mokas_is_not_requested_further() -> None:
    manifest, requested, _ = visit(OWN, b"<html>a careers page</html>")
    assert requested is None
    assert manifest.run(NOW).verdict is Verdict.FAILED
    assert "not a Moka page" in manifest.failures[0]


@pytest.mark.parametrize("data", [{"message": "您访问的页面不存在"}, {"message": "当前网页已关停", "isBizError": True}])
def test_own_domain_without_the_board_is_gone(data: dict[str, Any]) -> None:
    manifest, requested, _ = visit(OWN, board_page(data))
    assert (requested, manifest.run(NOW).verdict) == (None, Verdict.GONE)


@pytest.mark.parametrize("first_response", [b"<html>busy</html>", (302, {"Location": BOARD.url}, b"")])
def test_on_mokas_own_hosts_the_list_decides_where_the_page_cannot_be_read(first_response: Any) -> None:
    manifest, requested, _ = visit(BOARD, first_response)
    assert requested is not None
    assert requested.url.endswith("/jobs/v2")
    assert manifest.failures == []


@pytest.mark.parametrize(
    ("stated", "used"),
    [(OTHER_IV.decode(), OTHER_IV), (None, AES_IV), ("short", AES_IV), (5, AES_IV)],
)
def test_vector_that_the_page_names_decrypts_list_and_detail(stated: Any, used: bytes) -> None:
    detail = envelope(record(education="本科"))
    page = board_page({**DATA, "aesIv": stated})
    _, _, items = visit(BOARD, page, sealed(jobs(record()), used), sealed(detail, used))
    assert [item["education_requirements"] for item in items] == ["本科"]


def test_block_of_a_board_with_its_own_iv_is_a_block() -> None:
    manifest, *_ = visit(BOARD, board_page({**DATA, "aesIv": OTHER_IV.decode()}), (403, {}, b"Forbidden"))
    assert manifest.run(NOW).verdict is Verdict.BLOCKED


def test_address_without_a_site_is_read_as_the_site_it_redirects_to() -> None:
    assert (TENANT.url, TENANT.site) == ("https://app.mokahr.com/social-recruitment/yunfan", None)
    redirect = (302, {"Location": "/apply/yunfan/12345"}, b"")
    manifest, requested, items = visit(
        TENANT, redirect, board_page(DATA), sealed(jobs(record())), sealed(envelope(record()))
    )
    run = manifest.run(NOW)
    assert requested is None
    assert [item["url"] for item in items] == [f"{BOARD.url}#/job/{JOB}"]
    # Seen whole, but it is one site of several, so that nothing may close.
    assert (run.verdict, run.board_url, run.reported_total) == (Verdict.INCOMPLETE, TENANT.url, 1)
    assert f"names no site and redirects to {BOARD.url}" in run.reason


def test_page_of_an_address_without_a_site_can_show_the_site() -> None:
    _, requested, _ = visit(TENANT, board_page(DATA))
    assert requested is not None
    assert requested.url == BOARD.url


@pytest.mark.parametrize(
    "first_response",
    [
        (302, {"Location": "https://app.mokahr.com/apply/another/1"}, b""),
        (302, {"Location": "https://passport.mokahr.com/login"}, b""),
        (302, {}, b""),
        b"<html>busy</html>",
        board_page({**DATA, "siteId": None}),
    ],
)
def test_address_that_leads_to_no_site_is_reported(first_response: Any) -> None:
    manifest, requested, _ = visit(TENANT, first_response)
    assert (requested, manifest.run(NOW).verdict) == (None, Verdict.FAILED)


@pytest.mark.parametrize("board", [TENANT, OWN], ids=["tenant", "own domain"])
@pytest.mark.parametrize("wall", [(403, {}, b"Forbidden"), "<html>请完成安全验证</html>".encode()])
def test_wall_in_place_of_the_page_is_a_block(board: Board, wall: Any) -> None:
    # On an own domain the list is requested after a refusal, and is refused too.
    manifest, *_ = visit(board, wall, *([wall] if board is OWN and isinstance(wall, tuple) else []))
    assert manifest.run(NOW).verdict is Verdict.BLOCKED


def test_unknown_tenant_is_gone() -> None:
    manifest, *_ = visit(TENANT, board_page({"message": "您访问的页面不存在"}))
    assert manifest.run(NOW).verdict is Verdict.GONE


def test_user_is_informed_about_the_tenants_other_sites() -> None:
    links = (
        '<a href="https://app.mokahr.com/campus_apply/yunfan/6#/">校园</a><a href="https://x.example/">x</a>'
        '<a href="https://app.mokahr.com/apply/other/7">y</a>'
    )
    stub = '<a href="https://app.mokahr.com/apply/yunfan/8#/job/1">z</a>'
    stated = {**DATA, "jobs": [record(jobDescription=stub), record(jobDescription=f'<a href="{BOARD.url}">us</a>')]}
    manifest, *_ = visit(BOARD, links.encode() + board_page(stated), sealed(jobs()))
    run = manifest.run(NOW)
    assert run.verdict is Verdict.COMPLETE
    assert run.reason.endswith(
        "yunfan has other sites, each a board of its own: "
        "https://app.mokahr.com/campus-recruitment/yunfan/6, https://app.mokahr.com/social-recruitment/yunfan/8"
    )


def test_links_with_escaped_slashes_are_links() -> None:
    text = r'{"url":"https:\/\/app.mokahr.com\/apply\/yunfan\/9#\/"}'
    assert other_sites(text, BOARD) == ["https://app.mokahr.com/social-recruitment/yunfan/9"]
