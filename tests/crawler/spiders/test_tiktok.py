"""TikTok's site and ByteDance's international one: where they differ from Feishu."""

from __future__ import annotations

import json
from typing import Any

import pytest

from crawler.boards import Cursor
from crawler.parsing.responses import BoardUnknown, ResponseError, UnexpectedResponse
from crawler.spiders.tiktok import TiktokSpider
from crawler.systems import UnknownSystem, find_board
from postings import Place

TIKTOK, BYTEDANCE = "https://lifeattiktok.com", "https://joinbytedance.com"
ID = "7669925556293601541"


def tree(*names: str) -> dict[str, Any]:
    """Return the last name, with the others as its parents."""
    node: dict[str, Any] | None = None
    for name in names:
        node = {"name": f"（{name}）", "en_name": name, "parent": node}
    return node or {}


def record(**changes: Any) -> dict[str, Any]:
    return {
        "id": ID,
        "title": "Kiln Engineer",
        "description": "Fire kilns.",
        "requirement": "Minimum Qualifications:\n- Heat",
        "recruit_type": tree("Experienced", "Regular"),
        "job_category": tree("R&D", "Backend"),
        "city_info": tree("United States of America", "California", "Los Angeles"),
        "city_list": None,
        **changes,
    }


@pytest.mark.parametrize(
    ("url", "canonical", "organization"),
    [
        (TIKTOK, TIKTOK, "tiktok"),
        (f"{TIKTOK}/search/{ID}", TIKTOK, "tiktok"),
        ("https://www.lifeattiktok.com/search?keyword=", TIKTOK, "tiktok"),
        (f"https://careers.tiktok.com/position/{ID}/detail", TIKTOK, "tiktok"),
        ("https://api.lifeattiktok.com/api/v1/public/supplier/search/job/posts", TIKTOK, "tiktok"),
        (f"{BYTEDANCE}/search/{ID}", BYTEDANCE, "bytedance"),
        (f"https://jobs.bytedance.com/en/position/{ID}/detail", BYTEDANCE, "bytedance"),
        ("https://jobs.bytedance.com/api/v1/public/supplier/search/job/posts", BYTEDANCE, "bytedance"),
    ],
)
def test_every_form_of_address_means_the_board(url: str, canonical: str, organization: str) -> None:
    board = find_board(url)
    assert (board.system, board.url, board.organization) == ("tiktok", canonical, organization)
    assert find_board(canonical) == board


@pytest.mark.parametrize(
    "url", ["https://tiktok.com/", "https://lifeattiktok.com.evil.example/", "https://jobs.bytedance.com/english"]
)
def test_any_other_address_is_rejected(url: str) -> None:
    with pytest.raises(UnknownSystem):
        find_board(url)


@pytest.mark.parametrize(
    ("url", "api", "website"),
    [(TIKTOK, "https://api.lifeattiktok.com", b"tiktok"), (BYTEDANCE, "https://jobs.bytedance.com", b"en")],
)
def test_each_site_is_requested_by_its_name(url: str, api: str, website: bytes) -> None:
    board = TiktokSpider.board(url)
    request = TiktokSpider(boards=[board]).list_request(board, Cursor(offset=100))
    assert request.url == f"{api}/api/v1/public/supplier/search/job/posts"
    assert (request.headers[b"website-path"], json.loads(request.body)["offset"]) == (website, 100)


def test_record() -> None:
    posting = TiktokSpider.posting(record(), TiktokSpider.board(TIKTOK))
    assert (posting.identifier, posting.url) == (ID, f"{TIKTOK}/search/{ID}")
    assert posting.job_location == (
        Place(
            name="Los Angeles, California, United States of America",
            address_locality="Los Angeles",
            address_region="California",
            address_country="United States of America",
        ),
    )
    assert (posting.occupational_category, posting.date_posted) == ("R&D / Backend", None)
    assert (posting.employment_type, posting.employment_type_raw) == (("FULL_TIME",), "Experienced / Regular")


def test_intern() -> None:
    posting = TiktokSpider.posting(record(recruit_type=tree("Campus", "Intern")), None)
    assert posting.employment_type == ("INTERN",)


@pytest.mark.parametrize(
    ("city", "place"),
    [
        (tree("Singapore", "Singapore"), Place(name="Singapore", address_locality="Singapore")),
        (
            tree("United Arab Emirates", "Dubai"),
            Place(
                name="Dubai, United Arab Emirates",
                address_locality="Dubai",
                address_country="United Arab Emirates",
            ),
        ),
    ],
)
def test_city_that_repeats_its_name_is_one_place(city: Any, place: Place) -> None:
    assert TiktokSpider.posting(record(city_info=city), None).job_location == (place,)


@pytest.mark.parametrize(
    ("status", "payload", "error"),
    [
        (400, {"code": 1, "message": "invalid request"}, UnexpectedResponse),
        # An error in a 200 is not the end of the list.
        (200, {"code": -4000001, "data": None}, UnexpectedResponse),
        (200, {"code": -9000003, "message": "site not exist"}, BoardUnknown),
    ],
)
def test_error_responses(status: int, payload: Any, error: type[ResponseError]) -> None:
    with pytest.raises(error):
        TiktokSpider.read_response(status, {}, json.dumps(payload).encode(), None)
