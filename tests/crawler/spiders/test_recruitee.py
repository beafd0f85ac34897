"""Recruitee's responses, one quirk per test, on small inputs of a fictional company."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from crawler.boards import Cursor
from crawler.parsing.responses import BoardBlocked, BoardUnknown, Page, UnexpectedResponse
from crawler.runs.live import UNTHROTTLED, crawl
from crawler.spiders.recruitee import RecruiteeSpider, posting
from crawler.systems import UnknownSystem, find_board
from postings import BoardRun, JobPosting, Place, Salary, Verdict
from simulator.server import Simulator
from simulator.world import World

BOARD = "https://potters.recruitee.com"


def record(**changes: Any) -> dict[str, Any]:
    values = {
        "id": 2001,
        "guid": "k1ln0",
        "slug": "kiln-engineer",
        "title": "Kiln Engineer",
        "status": "published",
        "company_name": "Potters",
        "description": "<p>Fire pots &amp; bowls.</p>",
        "requirements": "<ul><li>No fear of heat</li></ul>",
        "translations": {"en": {"title": "Kiln Engineer", "description": "<p>Fire pots &amp; bowls.</p>"}},
        "careers_url": "https://careers.potters.example/o/kiln-engineer",
        "created_at": "2026-07-01 08:00:00 UTC",
        "published_at": "2026-07-13 13:42:26 UTC",
        "updated_at": "2026-07-14 14:15:15 UTC",
        "close_at": None,
        "location": "Delft, Zuid-Holland, Nederland",
        "city": "Delft",
        "state_name": "Zuid-Holland",
        "country": "Nederland",
        "country_code": "NL",
        "locations": [
            {
                "id": 1, "name": "Pottery", "city": "Delft", "state": "Zuid-Holland",
                "country": "Nederland", "country_code": "NL",
            },
        ],
        "remote": False,
        "hybrid": False,
        "on_site": True,
        "employment_type_code": "fulltime_permanent",
        "education_code": "bachelor_degree",
        "category_code": "manufacturing",
        "department": "Clay",
        "salary": {"min": None, "max": None, "period": None, "currency": None},
        "mailbox_email": "job.k1ln0@potters.recruitee.com",
        "open_questions": [{"id": 1, "body": "Who fired you last?", "kind": "string"}],
        **changes,
    }  # fmt: skip
    return {key: value for key, value in values.items() if value is not ...}


def read(**changes: Any) -> JobPosting:
    return posting(record(**changes))


def page(*records: Any) -> Page:
    return RecruiteeSpider.read(json.dumps({"offers": list(records)}).encode())


def pay(currency: str, low: float | None, high: float | None, unit: str | None) -> Salary:
    return Salary(currency=currency, min_value=low, max_value=high, unit_text=unit)


def salary(*values: Any) -> dict[str, Any]:
    return dict(zip(("min", "max", "period", "currency"), values, strict=True))


@pytest.mark.parametrize(
    "url",
    [
        BOARD, f"{BOARD}/", "http://Potters.Recruitee.com", "potters.recruitee.com", f"{BOARD}/o/kiln-engineer",
        f"{BOARD}/o/kiln-engineer/c/new?source=x", f"{BOARD}/api/offers/", f"{BOARD}/api/offers/2001", f"{BOARD}/l/nl",
        f"{BOARD}?jobs-c88dea0d%5Btab%5D=all", f"{BOARD}#section-1",
    ],
)  # fmt: skip
def test_every_form_of_address_means_the_board(url: str) -> None:
    board = find_board(url)
    assert (board.system, board.url, board.organization) == ("recruitee", BOARD, "potters")


@pytest.mark.parametrize(
    "url",
    [
        "https://recruitee.com", "https://www.recruitee.com/pricing", "https://api.recruitee.com/c/1/offers",
        "https://docs.recruitee.com/reference/offers", "https://a.b.recruitee.com", "https://-x.recruitee.com",
        "https://x-.recruitee.com", "https://pot_ters.recruitee.com", "https://potters.recruitee.com:8080",
        "https://potters.recruitee.com.evil.example", "https://evil.example@potters.recruitee.com",
        "https://potters.recruitee.com/../x", "https://careers.potters.example/o/kiln-engineer",
    ],
)  # fmt: skip
def test_any_other_address_is_rejected(url: str) -> None:
    with pytest.raises(UnknownSystem):
        find_board(url)


def test_api_is_requested_on_the_recruitee_host() -> None:
    request = RecruiteeSpider(BOARD).list_request(find_board(BOARD), Cursor())
    assert request.url == "https://potters.recruitee.com/api/offers/"


def test_record() -> None:
    assert read() == JobPosting(
        identifier="2001",
        title="Kiln Engineer",
        url="https://careers.potters.example/o/kiln-engineer",
        description="Fire pots & bowls.\n\n• No fear of heat",
        hiring_organization="Potters",
        job_location=(
            Place(name="Pottery", address_locality="Delft", address_region="Zuid-Holland", address_country="NL"),
        ),
        employment_type=("FULL_TIME",),
        employment_type_raw="fulltime_permanent",
        date_posted=datetime(2026, 7, 13, 13, 42, 26, tzinfo=UTC),
        date_posted_raw="2026-07-13 13:42:26 UTC",
        employment_unit="Clay",
        occupational_category="manufacturing",
        education_requirements="bachelor_degree",
    )


def test_mailbox_and_the_questions_to_applicants_are_never_kept() -> None:
    kept = json.dumps(read(description="<p>Write to job.k1ln0@potters.recruitee.com</p>").to_dict())
    assert "k1ln0@" not in kept
    assert "Who fired you last?" not in kept


@pytest.mark.parametrize("value", [None, "", "soon", "2026-07-13 13:42:26", 5])
def test_date_without_its_zone_is_none(value: Any) -> None:
    assert read(published_at=value).date_posted is None


def test_closing_date_is_the_deadline() -> None:
    assert read(close_at="2026-12-31 23:00:00 UTC").valid_through == datetime(2026, 12, 31, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("stated", "read_as"),
    [
        (salary("4000", "5500.50", "month", "EUR"), pay("EUR", 4000, 5500.5, "MONTH")),
        (salary("70000", "70000", "year", "EUR"), pay("EUR", 70000, 70000, "YEAR")),
        (salary("18.50", None, "hour", "EUR"), pay("EUR", 18.5, None, "HOUR")),
        (salary(None, "250", "day", "GBP"), pay("GBP", None, 250, "DAY")),
        (salary("4000", None, None, "EUR"), pay("EUR", 4000, None, None)),
        (salary(4000, 5000, "month", "eur"), pay("EUR", 4000, 5000, "MONTH")),
        (salary("18.50", "18.50", "month", "EUR"), None),
        (salary("4000", "3000", "month", "EUR"), None),
        (salary("4000", None, "month", None), None),
        (salary("0", "0", "month", "EUR"), None),
        (None, None),
    ],
    ids=str,
)  # fmt: skip
def test_pay(stated: Any, read_as: Salary | None) -> None:
    assert read(salary=stated).base_salary == read_as


def test_implausible_pay_keeps_its_raw_value() -> None:
    assert read(salary=salary("18.50", None, "month", "EUR")).base_salary_raw == "min=18.50 currency=EUR period=month"


@pytest.mark.parametrize(
    ("code", "kinds"),
    [
        ("parttime_fixed_term", ("PART_TIME", "TEMPORARY")), ("internship", ("INTERN",)), ("traineeship", ("INTERN",)),
        ("freelance", ("CONTRACTOR",)), (None, ()), ("volunteer", ()),
    ],
)  # fmt: skip
def test_employment(code: str | None, kinds: tuple[str, ...]) -> None:
    assert read(employment_type_code=code).employment_type == kinds


def test_title_states_the_employment_where_the_code_does_not() -> None:
    assert read(employment_type_code=None, title="Kiln Intern").employment_type == ("INTERN",)


@pytest.mark.parametrize(
    ("flags", "kind"),
    [
        ({"remote": True, "hybrid": True, "on_site": True}, "TELECOMMUTE"),
        ({"remote": False, "hybrid": True}, None),
        ({"remote": None}, None),
        ({"remote": ...}, None),
    ],
    ids=str,
)
def test_work_from_home(flags: dict[str, Any], kind: str | None) -> None:
    assert read(**flags).job_location_type == kind


def test_every_location_is_a_place_once() -> None:
    delft = record()["locations"][0]
    found = read(locations=[delft, {**delft, "name": None, "city": "Gouda"}, delft]).job_location
    assert [place.name for place in found] == ["Pottery", "Gouda"]


def test_without_locations_the_offers_own_place_counts() -> None:
    place = Place(
        name="Delft, Zuid-Holland, Nederland",
        address_locality="Delft",
        address_region="Zuid-Holland",
        address_country="NL",
    )
    assert read(locations=[]).job_location == (place,)


def test_offer_without_a_place() -> None:
    assert read(locations=..., city=None, country=None, location="Remote job").job_location == ()


def test_text_only_in_a_translation() -> None:
    translations = {"nl": {"title": None, "description": None}, "en": {"title": "Firer", "description": "<p>Fire.</p>"}}
    found = read(title=None, description=None, requirements=None, translations=translations)
    assert (found.title, found.description) == ("Firer", "Fire.")


def test_one_response_holds_the_whole_board() -> None:
    found = page(record(), record(id=2002))
    assert (found.rows, found.reported_total, found.whole, found.organization) == (2, None, True, "Potters")


def test_live_board_without_offers() -> None:
    assert page() == Page(whole=True)


@pytest.mark.parametrize("status", ["draft", "internal", "closed", "archived"])
def test_unpublished_posting_is_not_open(status: str) -> None:
    found = page(record(), record(id=2002, status=status))
    assert ([one.identifier for one in found.postings], found.unlisted) == (["2001"], ("2002",))


def test_board_that_no_longer_states_a_status_is_not_taken_for_empty() -> None:
    assert len(page(record(status=...)).postings) == 1


def test_unreadable_record_does_not_lose_others() -> None:
    found = page(record(), record(id=None))
    assert (len(found.postings), len(found.unreadable)) == (1, 1)


def test_response_for_one_offer_is_read() -> None:
    found = RecruiteeSpider.read(json.dumps({"offer": record()}).encode())
    assert (found.detail, found.whole, found.postings[0].identifier) == (True, False, "2001")


def test_unknown_company() -> None:
    with pytest.raises(BoardUnknown, match="Not Found"):
        RecruiteeSpider.read(b'{"error":"Not Found"}')


@pytest.mark.parametrize(
    "payload",
    [{}, [], None, 5, {"offers": None}, {"offers": {}}, {"offers": [1]}, {"error": "Oops"}, {"offer": None}],
    ids=str,
)
def test_any_other_format_raises(payload: Any) -> None:
    with pytest.raises(UnexpectedResponse):
        RecruiteeSpider.read(json.dumps(payload).encode())


def test_401_names_the_token() -> None:
    with pytest.raises(BoardBlocked, match=r"HTTP 401: .* token"):
        RecruiteeSpider.read_response(401, {}, b'{"error":"Unauthorized"}', None)


def test_redirect_to_another_domain_is_not_an_empty_board() -> None:
    with pytest.raises(UnexpectedResponse, match=r"HTTP 302 to https://careers\.potters\.example/"):
        RecruiteeSpider.read_response(302, {"location": "https://careers.potters.example/"}, b"", None)


@pytest.mark.parametrize(("day", "verdict"), [(344, Verdict.COMPLETE), (345, Verdict.BLOCKED)])
def test_on_the_day_that_a_token_is_required_the_board_is_blocked(day: int, verdict: Verdict) -> None:
    world = World.sized(boards=1, postings=3, systems=["recruitee"])
    runs: list[BoardRun] = []
    with Simulator(world, day=day) as simulator:
        crawl(
            [find_board(board.url) for board in world.boards],
            observed_at=World.date(day),
            on_run=lambda run, _: runs.append(run),
            settings={**UNTHROTTLED, "LOG_LEVEL": "CRITICAL", "ROLEMIX_GATEWAY": simulator.url},
        )
    assert [run.verdict for run in runs] == [verdict]
