"""LinkedIn's guest pages, one quirk per test, on small pages of fictional companies."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from crawler.boards import Cursor
from crawler.captures.recordings import Recording
from crawler.parsing.responses import BoardBlocked, Page, PostingGone, UnexpectedResponse
from crawler.spiders.linkedin import LinkedInSpider
from crawler.systems import UnknownSystem, find_board
from postings import Place, Salary

SEARCH = "https://www.linkedin.com/jobs/search?keywords=lamp%20keeper&location=Oslo"


def card(**changes: Any) -> str:
    data = {
        "urn": "urn:li:jobPosting:4400000001",
        "title": "\n    Lamp Keeper\n  ",
        "company": '<a class="hidden-nested-link" href="https://no.linkedin.com/company/fogport?trk=x"> Fogport </a>',
        "location": "Oslo, Oslo, Norway",
        "salary": "",
        "date": '<time class="job-search-card__listdate" datetime="2026-07-01"> 3 weeks ago </time>',
        **changes,
    }
    return f"""<!---->
    <li><div class="base-card base-search-card job-search-card" data-entity-urn="{data["urn"]}" data-tracking-id="a==">
      <a class="base-card__full-link" href="https://no.linkedin.com/jobs/view/x-4400000001?refId=q&amp;trackingId=r"></a>
      <h3 class="base-search-card__title">{data["title"]}</h3>
      <h4 class="base-search-card__subtitle">{data["company"]}</h4><!---->
      <span class="job-search-card__location"> {data["location"]} </span>{data["salary"]}{data["date"]}</div></li>"""


def page(markup: str, **board: Any) -> Page:
    return LinkedInSpider.read(markup.encode(), **board)


DETAIL = """<html><head><link rel="canonical" href="https://no.linkedin.com/jobs/view/lamp-keeper-at-fogport-4400000001">
  </head><body><h1 class="topcard__title">Lamp Keeper</h1>
  <div class="topcard__flavor-row"><a class="topcard__org-name-link" href="#"> Fogport </a>
    <span class="topcard__flavor topcard__flavor--bullet"> Oslo, Norway (Remote) </span></div>
  <span class="posted-time-ago__text"> 1 month ago </span>
  <div class="message-the-recruiter"><h3>Ada Lovelace</h3><h4>Recruiter at Fogport</h4></div>
  <div class="show-more-less-html__markup">Trim the wicks.<br>Write to ada@fogport.example.</div>
  <ul class="description__job-criteria-list">
   <li><h3>Seniority level</h3><span class="description__job-criteria-text">Entry level</span></li>
   <li><h3> Employment type </h3><span class="description__job-criteria-text"> Internship </span></li>
   <li><h3>Job function</h3><span class="description__job-criteria-text">Other</span></li></ul>
  <div class="base-card main-job-card" data-entity-urn="urn:li:jobPosting:4400000009"></div></body></html>"""


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        (f"{SEARCH}&start=25&position=3&pageNum=0", SEARCH),
        ("https://www.linkedin.com/jobs/search/?location=Oslo&currentJobId=4&keywords=lamp+keeper#x", SEARCH),
        (f"https://no.linkedin.com/jobs-guest/jobs/api/seeMoreJobPostings/search{SEARCH[36:]}&start=10", SEARCH),
        ("https://www.linkedin.com/jobs/search?f_C=7&origin=x", "https://www.linkedin.com/jobs/search?f_C=7"),
        ("https://no.linkedin.com/company/fogport?trk=x", "https://www.linkedin.com/company/fogport"),
        ("linkedin.com/company/fogport/jobs/", "https://www.linkedin.com/company/fogport"),
    ],
)
def test_addresses(url: str, canonical: str) -> None:
    assert find_board(url).url == canonical
    assert find_board(canonical).url == canonical


@pytest.mark.parametrize(
    "url",
    [
        "https://www.linkedin.com/jobs/view/lamp-keeper-4400000001",
        "https://www.linkedin.com/jobs/search?start=25",
        "https://www.linkedin.com/jobs/search",
        "https://www.linkedin.com/in/somebody",
        "https://www.linkedin.com.example/company/fogport",
        "https://evil.example/?https://www.linkedin.com/company/fogport",
    ],
)
def test_other_addresses_are_not_boards(url: str) -> None:
    with pytest.raises(UnknownSystem):
        find_board(url)


def test_search_for_one_company_is_that_companys_board() -> None:
    assert not find_board("https://www.linkedin.com/jobs/search?f_C=7").several_employers
    assert find_board("https://www.linkedin.com/jobs/search?f_C=7,8").several_employers


def test_pages_follow_by_rows_and_not_by_their_sum() -> None:
    spider = LinkedInSpider(board=SEARCH)
    starts = [
        spider.list_request(spider.boards[0], Cursor(offset=rows, page=rows // 10)).url[-8:] for rows in (10, 20, 30)
    ]
    assert starts == ["start=10", "start=20", "start=30"]


def test_card() -> None:
    (posting,) = page(card()).postings
    assert (posting.identifier, posting.title) == ("4400000001", "Lamp Keeper")
    assert posting.url == "https://www.linkedin.com/jobs/view/4400000001"
    assert posting.hiring_organization == "Fogport"
    assert posting.job_location == (Place(name="Oslo, Oslo, Norway"),)
    assert (posting.date_posted, posting.date_posted_raw) == (date(2026, 7, 1), "2026-07-01")


def test_same_job_by_another_link_is_the_same_content() -> None:
    other = card().replace("refId=q", "refId=other").replace("3 weeks ago", "4 weeks ago").replace("a==", "b==")
    assert page(other).postings == page(card()).postings


def test_new_cards_date_has_another_class() -> None:
    fresh = '<time class="job-search-card__listdate--new" datetime="2026-07-20">2 hours ago</time>'
    assert page(card(date=fresh)).postings[0].date_posted == date(2026, 7, 20)


def test_pay_keeps_its_raw_value() -> None:
    salary = '<span class="job-search-card__salary-info"> $50,000.00 -\n $150,000.00 </span>'
    (posting,) = page(card(salary=salary)).postings
    assert posting.base_salary == Salary(currency="USD", min_value=50_000, max_value=150_000)
    assert posting.base_salary_raw == "$50,000.00 - $150,000.00"


def test_card_without_a_company_or_date_is_read() -> None:
    (posting,) = page(card(company="", date="")).postings
    assert (posting.hiring_organization, posting.date_posted) == (None, None)


def test_card_without_a_title_does_not_lose_others() -> None:
    read = page(card() + card(urn="urn:li:jobPosting:4400000002", title=""))
    assert [posting.identifier for posting in read.postings] == ["4400000001"]
    assert len(read.unreadable) == 1


@pytest.mark.parametrize("fragment", ["<!---->", "<!DOCTYPE html>\n\n<!---->\n", "<!DOCTYPE html>"])
def test_end_of_a_search_is_an_empty_fragment(fragment: str) -> None:
    assert page(fragment) == Page(more=False)


def test_companys_page_is_one_page() -> None:
    assert page(card(), board=find_board("https://www.linkedin.com/company/fogport")).more is False
    assert page(card(), board=find_board(SEARCH)).more is True


def test_jobs_page() -> None:
    read = page(DETAIL)
    (posting,) = read.postings
    assert read.detail
    assert (posting.identifier, posting.hiring_organization) == ("4400000001", "Fogport")
    assert posting.description == "Trim the wicks.\nWrite to [e-mail]."
    assert (posting.employment_type, posting.employment_type_raw) == (("INTERN",), "Internship")
    assert (posting.occupational_category, posting.job_location_type) == ("Other", "TELECOMMUTE")
    assert posting.date_posted is None
    assert posting.date_posted_raw is None


def test_recruiter_is_not_kept() -> None:
    assert "Lovelace" not in str(page(DETAIL).postings[0].to_dict())


def test_job_that_is_closed_states_which() -> None:
    closed = DETAIL.replace("<span class", '<figure class="closed-job">No longer accepting</figure><span class', 1)
    with pytest.raises(PostingGone) as caught:
        page(closed)
    assert caught.value.identifier == "4400000001"


@pytest.mark.parametrize(
    ("status", "headers", "error"),
    [
        (999, {}, BoardBlocked),
        (429, {}, BoardBlocked),
        (302, {"location": "https://www.linkedin.com/authwall?sessionRedirect=x"}, BoardBlocked),
        (303, {"location": "https://www.linkedin.com/signup/cold-join"}, BoardBlocked),
        (302, {"location": "/login"}, BoardBlocked),
        (301, {"location": "https://www.linkedin.com/jobs/login-engineer-jobs"}, UnexpectedResponse),
        (400, {}, UnexpectedResponse),
        (404, {}, PostingGone),
        (410, {}, PostingGone),
    ],
)
def test_statuses(status: int, headers: dict[str, str], error: type[Exception]) -> None:
    with pytest.raises(error):
        LinkedInSpider.read_response(status, headers, b"<html></html>", None)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ('<html><script>window.location.href="https://www.linkedin.com/authwall?x"</script></html>', BoardBlocked),
        (
            "<html><title>LinkedIn</title><div class='job-card-container'>seen while logged in</div></html>",
            UnexpectedResponse,
        ),
        ("", UnexpectedResponse),
        ("{}", UnexpectedResponse),
        (DETAIL.replace("link rel", "link data-rel"), UnexpectedResponse),
    ],
)
def test_not_a_list_is_not_an_empty_list(body: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        page(body)


@pytest.mark.parametrize(
    "url",
    [
        "https://no.linkedin.com/jobs/view/lamp-keeper-2-at-fogport-4400000001",
        "https://www.linkedin.com/jobs/view/4400000001/",
        "https://www.linkedin.com/jobs-guest/jobs/api/jobPosting/4400000001",
    ],
)
def test_jobs_address_identifies_the_job_and_no_board(url: str, tmp_path: Any) -> None:
    recording = Recording(method="GET", url=url, path=tmp_path, content_type="text/html")
    assert LinkedInSpider.posting_of(recording) == "4400000001"
    assert LinkedInSpider.responds_to(recording)
    assert LinkedInSpider.board_of(recording) is None
