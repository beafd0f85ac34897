"""Meta's careers: addresses, the JobPosting of its pages, saved responses of its API, and its error responses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from crawler.bases.sitemap_spider import NoPosting
from crawler.captures.recordings import Recording
from crawler.parsing.responses import BoardBlocked, Page, PostingGone, UnexpectedResponse
from crawler.spiders.meta import MetaSpider
from crawler.systems import UnknownSystem, find_board
from postings import JobPosting, Place, Salary, Verdict
from tests.crawler.site import read_site

SITE = "https://www.metacareers.com"
BOARD = f"{SITE}/jobsearch"
JOB = f"{SITE}/profile/job_details/1063741453022215"


@pytest.mark.parametrize(
    "url",
    [
        BOARD,
        f"{BOARD}/",
        f"{BOARD}/?teams[0]=Data%20Center",
        f"{BOARD}/sitemap.xml",
        f"{SITE}/jobs?q=potter",
        f"{SITE}/jobs/1063741453022215/",
        f"{JOB}/",
        f"{SITE}/graphql",
        SITE,
        "metacareers.com",
    ],
)
def test_every_address_of_the_site_means_the_one_board(url: str) -> None:
    board = find_board(url)
    assert (board.system, board.url, board.organization) == ("meta", BOARD, "Meta")


@pytest.mark.parametrize(
    "url", [f"{SITE}/blog", f"{SITE}.evil.example/jobs", "https://meta.com/careers", f"{SITE}/jobsearchx"]
)
def test_any_other_address_is_not_a_board(url: str) -> None:
    with pytest.raises(UnknownSystem):
        find_board(url)


def page(head: str = "", **data: Any) -> str:
    countries = {"@type": "Country", "name": ["USA", "USA"]}
    usual = {
        "@context": "http://schema.org/",
        "@type": "JobPosting",
        "title": "Potter",
        "description": "We make pots.",
        "responsibilities": "Throw pots.",
        "qualifications": "Hands.",
        "datePosted": "2026-07-10T09:00:00-07:00",
        "validThrough": "2031-07-10T09:00:00-07:00",
        "employmentType": "Full-time",
        "hiringOrganization": {"name": "Meta", "sameAs": "https://www.metacareers.com"},
        "jobLocation": [
            {
                "@type": "Place",
                "name": "Menlo Park, CA",
                "address": {"addressLocality": "Menlo Park", "addressRegion": "CA", "addressCountry": countries},
            }
        ],
    }
    script = json.dumps({**usual, **data}).replace("/", "\\/")
    return f'<html><head>{head}<script type="application/ld+json" nonce="x">{script}</script></head></html>'


CANONICAL = f'<link rel="canonical" href="{JOB}/">'


def read(text: str) -> Page:
    return MetaSpider.read(text.encode())


def test_jobs_page() -> None:
    (found,) = read(page(CANONICAL)).postings
    assert found == JobPosting(
        identifier="1063741453022215",
        title="Potter",
        url=JOB,
        description="We make pots.\n\nThrow pots.\n\nHands.",
        hiring_organization="Meta",
        job_location=(
            Place(
                name="Menlo Park, CA, USA",
                address_locality="Menlo Park",
                address_region="CA",
                address_country="USA",
            ),
        ),
        employment_type=("FULL_TIME",),
        employment_type_raw="Full-time",
        date_posted=found.date_posted,
        date_posted_raw="2026-07-10T09:00:00-07:00",
    )


def graphql(key: str, value: Any) -> Page:
    return read(json.dumps({"data": {key: value}, "extensions": {"is_final": True}}))


def record(**fields: Any) -> dict[str, Any]:
    return {"id": "1", "title": "Potter ", "locations": ["Menlo Park, CA", "Remote, US"], "teams": ["Clay"], **fields}


def search(*jobs: dict[str, Any], featured: Any = ()) -> Page:
    return graphql("job_search_with_featured_jobs", {"all_jobs": list(jobs), "featured_jobs": featured})


def test_saved_search_holds_all_jobs_and_the_featured_ones_that_are_not_among_them() -> None:
    found = search(record(), record(id="2"), featured=[record(id="3")])
    assert [one.identifier for one in found.postings] == ["1", "2", "3"]


def test_saved_search_without_its_filters_proves_nothing() -> None:
    assert (search(record()).whole, search(record()).reported_total) == (False, None)


def test_job_of_a_saved_search() -> None:
    (found,) = search(record(sub_teams=["Clay", "Kilns"])).postings
    assert found == JobPosting(
        identifier="1",
        title="Potter",
        url=f"{SITE}/profile/job_details/1",
        hiring_organization="Meta",
        job_location=(Place(name="Menlo Park, CA"), Place(name="US")),
        job_location_raw="Menlo Park, CA; Remote, US",
        job_location_type="TELECOMMUTE",
        employment_unit="Clay / Kilns",
    )


def folded(text: str) -> str:
    return json.dumps({"__html": text})


def detail(**fields: Any) -> JobPosting:
    values = {"departments": ["Clay"], "description": folded("<span>We&#039;re potters.</span>"), **fields}
    (found,) = graphql("xcp_requisition_job_description", record(**values)).postings
    return found


def test_saved_jobs_text_is_folded_twice() -> None:
    found = detail(
        responsibilities=[{"item": "Throw pots"}, {"item": "Fire them"}],
        minimum_qualifications=[{"item": "Hands"}],
        preferred_qualifications=None,
        california_disclaimer=folded("<a href='https://cdn.example/?oh=volatile'>here</a>"),
    )
    assert found.description == "We're potters.\n\nThrow pots\nFire them\n\nHands"
    assert found.employment_unit == "Clay"


@pytest.mark.parametrize("description", [None, "", folded(""), json.dumps({})])
def test_saved_jobs_text_may_be_missing(description: Any) -> None:
    assert detail(description=description).description == ""


def pay(low: str | None, high: str | None, country: str = "US") -> dict[str, Any]:
    return {"compensation_amount_minimum": low, "compensation_amount_maximum": high, "country_code": country}


@pytest.mark.parametrize(
    ("stated", "salary", "raw"),
    [
        ([pay("$201,000/year", "$278,000/year")], ("USD", 201_000, 278_000, "YEAR"), "$201,000/year - $278,000/year"),
        ([pay("$30.50/hour", "$40/hour")], ("USD", 30.5, 40, "HOUR"), "$30.50/hour - $40/hour"),
        ([pay("$90,000/year", "$99,000/year", "CA")], ("CAD", 90_000, 99_000, "YEAR"), "$90,000/year - $99,000/year"),
        ([pay(None, None), pay("$9/hour", "$10/hour")], ("USD", 9, 10, "HOUR"), "$9/hour - $10/hour"),
        ([pay("$90,000/year", "$50/hour")], None, "$90,000/year - $50/hour"),
        ([pay("competitive", None)], None, "competitive"),
        ([], None, None),
        (None, None, None),
    ],
)  # fmt: skip
def test_pay_of_a_saved_job(stated: Any, salary: tuple[str, float, float, str] | None, raw: str | None) -> None:
    found = detail(public_compensation=stated)
    expected = salary and Salary(currency=salary[0], min_value=salary[1], max_value=salary[2], unit_text=salary[3])
    assert (found.base_salary, found.base_salary_raw) == (expected, raw)


def test_job_that_is_gone() -> None:
    with pytest.raises(PostingGone):
        graphql("xcp_requisition_job_description", None)


@pytest.mark.parametrize(
    ("body", "identifier"),
    [
        ({"variables": '{"requisitionID":"99"}', "doc_id": "1"}, "99"),
        ({"variables": "{"}, "graphql"),
        ({"variables": "[]"}, "graphql"),
        (None, "graphql"),
    ],
)
def test_recorded_request_identifies_which_job_is_gone(body: Any, identifier: str) -> None:
    requested = Recording(method="POST", url=f"{SITE}/graphql", body=body, path=Path("x"), content_type="")
    assert MetaSpider.posting_of(requested) == identifier


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("", UnexpectedResponse),
        ("[]", UnexpectedResponse),
        ('{"data": null}', UnexpectedResponse),
        ('{"data": {}}', UnexpectedResponse),
        ('{"errors": [{"message": "The GraphQL document with ID 1 was not found."}]}', UnexpectedResponse),
        ('for (;;);{"error": 1357004}', UnexpectedResponse),
        ("<html></html>", NoPosting),
        ("<html><title>Access Denied</title></html>", BoardBlocked),
        (page(title=""), UnexpectedResponse),
    ],
)
def test_not_a_response(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        read(text)


def test_error_for_an_outdated_query_is_reported() -> None:
    with pytest.raises(UnexpectedResponse, match="document with ID 1 was not found"):
        read('{"errors": [{"message": "The GraphQL document with ID 1 was not found."}]}')


# Runs -------------------------------------------------------------------------------------------------

SITEMAP = f"<urlset><url><loc>{JOB}/</loc><lastmod>2026-07-01</lastmod></url></urlset>"


def run(job: Any, sitemap: Any = SITEMAP) -> tuple[Verdict, str, list[JobPosting]]:
    found, postings, _ = read_site(BOARD, {f"{BOARD}/sitemap.xml": sitemap, f"{JOB}/": job})
    return found.verdict, found.reason, postings


@pytest.mark.parametrize("head", [CANONICAL, ""])
def test_page_that_does_not_state_its_number_is_the_requested_one(head: str) -> None:
    verdict, reason, postings = run(page(head))
    assert (verdict, [one.identifier for one in postings]) == (Verdict.COMPLETE, ["1063741453022215"]), reason


def test_page_that_states_another_number_is_rejected() -> None:
    verdict, reason, postings = run(page(CANONICAL.replace("1063", "2063")))
    assert (verdict, postings) == (Verdict.INCOMPLETE, [])
    assert "not the page of posting 1063741453022215" in reason


@pytest.mark.parametrize(("status", "verdict"), [(400, Verdict.FAILED), (403, Verdict.BLOCKED), (404, Verdict.GONE)])
def test_sitemap_that_refuses(status: int, verdict: Verdict) -> None:
    assert run(page(), sitemap=status)[0] is verdict


def test_pages_that_a_script_would_build_prove_nothing() -> None:
    verdict, reason, _ = run("<html><body><div id='root'></div></body></html>")
    assert verdict is Verdict.INCOMPLETE
    assert "none of the 1 pages that were read contains a posting" in reason
