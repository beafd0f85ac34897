"""Addresses: every form of each system leads to one canonical board, and no other address does."""

from __future__ import annotations

import re
import runpy
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from crawler.bases.recruiting_system import RecruitingSystem
from crawler.boards import NotABoard
from crawler.parsing.responses import BoardUnknown
from crawler.systems import UnknownSystem, find_board, system, systems
from postings.errors import RolemixError

MOKA = "https://app.mokahr.com/social-recruitment/yunfan/12345"
GREENHOUSE = "https://job-boards.greenhouse.io/acme"
LEVER = "https://jobs.lever.co/acme"
ASHBY = "https://jobs.ashbyhq.com/acme"
UUID = "0a1b2c3d-0000-4000-8000-000000000001"


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        (MOKA, MOKA),
        (f" {MOKA}/ ", MOKA),
        (f"{MOKA}?sourceToken=abc", MOKA),
        (f"{MOKA}#/jobs", MOKA),
        (f"{MOKA}/#/job/{UUID}", MOKA),
        (f"{MOKA}?locale=en-US#/job/{UUID}/apply", MOKA),
        ("http://app.mokahr.com/social-recruitment/yunfan/12345", MOKA),
        ("app.mokahr.com/social-recruitment/yunfan/12345", MOKA),
        ("HTTPS://App.MokaHR.com/social-recruitment/yunfan/12345", MOKA),
        ("https://app.mokahr.com/m/social-recruitment/yunfan/12345", MOKA),
        ("https://app.mokahr.com/apply/yunfan/12345#/", MOKA),
        ("https://app.mokahr.com/m/apply/yunfan/12345", MOKA),
        ("https://app.mokahr.com/campus_apply/yunfan/6", "https://app.mokahr.com/campus-recruitment/yunfan/6"),
        ("https://app.mokahr.com/campus-recruitment/yun-fan/6", "https://app.mokahr.com/campus-recruitment/yun-fan/6"),
        (
            "https://app.mokahr.com/recommendation-recruitment/yunfan/7",
            "https://app.mokahr.com/recommendation-recruitment/yunfan/7",
        ),
        (
            "https://hire-r1.mokahr.com/social-recruitment/yunfan/8",
            "https://hire-r1.mokahr.com/social-recruitment/yunfan/8",
        ),
        # Without a site the address leads to one of the tenant's, see test_moka.
        ("https://app.mokahr.com/social-recruitment/yunfan", "https://app.mokahr.com/social-recruitment/yunfan"),
        ("https://app.mokahr.com/m/apply/yunfan/#/jobs", "https://app.mokahr.com/social-recruitment/yunfan"),
        (
            "https://jobs.yunfan.example/campus_apply/yunfan/6#/",
            "https://jobs.yunfan.example/campus-recruitment/yunfan/6",
        ),
        (GREENHOUSE, GREENHOUSE),
        ("https://boards.greenhouse.io/Acme/", GREENHOUSE),
        ("https://boards.greenhouse.io/acme/jobs/4000001?gh_src=1", GREENHOUSE),
        ("https://job-boards.greenhouse.io/acme/jobs/4000001", GREENHOUSE),
        ("https://job-boards.eu.greenhouse.io/acme", "https://job-boards.eu.greenhouse.io/acme"),
        ("https://boards.eu.greenhouse.io/acme", "https://job-boards.eu.greenhouse.io/acme"),
        ("https://boards.greenhouse.io/embed/job_board?for=acme", GREENHOUSE),
        ("https://boards.greenhouse.io/embed/job_board?b=1&for=acme&c=2", GREENHOUSE),
        ("https://boards.greenhouse.io/embed/job_board/js?for=acme", GREENHOUSE),
        ("https://boards.greenhouse.io/embed/job_app?for=acme&token=4000001", GREENHOUSE),
        ("https://boards-api.greenhouse.io/v1/boards/acme/jobs?content=true", GREENHOUSE),
        ("https://api.greenhouse.io/v1/boards/acme", GREENHOUSE),
        (LEVER, LEVER),
        (f"{LEVER}/{UUID}/apply?lever-source=x", LEVER),
        ("https://jobs.eu.lever.co/acme", "https://jobs.eu.lever.co/acme"),
        ("https://api.lever.co/v0/postings/acme?mode=json", LEVER),
        ("https://api.eu.lever.co/v0/postings/acme", "https://jobs.eu.lever.co/acme"),
        (ASHBY, ASHBY),
        (f"{ASHBY}/{UUID}/application", ASHBY),
        (f"{ASHBY}/embed?version=2", ASHBY),
        ("https://api.ashbyhq.com/posting-api/job-board/acme?includeCompensation=true", ASHBY),
        ("https://jobs.ashbyhq.com/Acme%20Robots", "https://jobs.ashbyhq.com/Acme%20Robots"),
        ("https://jobs.ashbyhq.com/Acme Robots", "https://jobs.ashbyhq.com/Acme%20Robots"),
        ("https://jobs.ashbyhq.com/acme.ai", "https://jobs.ashbyhq.com/acme.ai"),
        ("https://jobs.ashbyhq.com/%E4%BA%91%E5%B8%86", "https://jobs.ashbyhq.com/%E4%BA%91%E5%B8%86"),
        ("https://jobs.ashbyhq.com/a%2Fb", "https://jobs.ashbyhq.com/a%2Fb"),
    ],
)
def test_every_form_leads_to_the_board(url: str, canonical: str) -> None:
    board = find_board(url)
    assert board.url == canonical
    assert find_board(board.url) == board


@pytest.mark.parametrize(
    ("url", "organization", "site", "instance"),
    [
        (MOKA, "yunfan", "12345", "app"),
        ("https://hire-r1.mokahr.com/apply/yunfan/8", "yunfan", "8", "hire-r1"),
        (GREENHOUSE, "acme", None, None),
        ("https://job-boards.eu.greenhouse.io/acme", "acme", None, "eu"),
        (LEVER, "acme", None, None),
        ("https://jobs.eu.lever.co/acme", "acme", None, "eu"),
        ("https://jobs.ashbyhq.com/Acme%20Robots", "Acme Robots", None, None),
    ],
)
def test_boards_parts(url: str, organization: str, site: str | None, instance: str | None) -> None:
    board = find_board(url)
    assert (board.organization, board.site, board.instance) == (organization, site, instance)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "acme",
        "https://",
        "http://[",
        "https://acme.example/careers?gh_jid=4000001",
        "javascript:alert(1)",
        "ftp://jobs.lever.co/acme",
        "https://app.mokahr.com/social-recruitment/",
        "https://app.mokahr.com/social-recruitment/yunfan/12x",
        "https://jobs.yunfan.example/social-recruitment/yunfan",
        "https://jobs.yunfan.example/social-recruitment/yunfan/12x",
        "https://jobs.yunfan.example/careers/apply/yunfan/12345",
        "https://passport.mokahr.com/social-recruitment/yunfan/12345",
        "https://app.mokahr.com:8443/social-recruitment/yunfan/12345",
        "https://evil@jobs.yunfan.example/social-recruitment/yunfan/12345",
        "https://localhost/social-recruitment/yunfan/12345",
        "https://127.0.0.1/social-recruitment/yunfan/12345",
        "https://app.mokahr.com/other/yunfan/12345",
        "https://app.mokahr.com.evil.example/social-recruitment/yunfan/12345",
        "https://evil.example/https://jobs.lever.co/acme",
        "https://evil.example@jobs.lever.co/acme",
        "https://jobs.lever.co:8080/acme",
        "https://jobs.lever.co/",
        "https://jobs.lever.co/..",
        "https://jobs.lever.co/.",
        "https://jobs.lever.co/acme/../../v1",
        "https://jobs.lever.co/%2e%2e/v1",
        "https://jobs.lever.co/a%00b",
        "https://jobs.lever.co/a b",
        "https://jobs.lever.co/云帆",
        "https://jobs.lever.co/a\nb",
        "https://jobs.lever.co/a;b",
        "https://boards.greenhouse.io/embed/job_board",
        "https://boards.greenhouse.io/embed/job_app?token=4000001",
        "https://boards.greenhouse.io/embed",
        "https://boards.greenhouse.io/embed/job_board?for=../x",
        "https://jobs.ashbyhq.com/",
        "https://jobs.ashbyhq.com/embed?version=2",
        "https://jobs.ashbyhq.com/b/some-form",
        "https://jobs.ashbyhq.com/robots.txt",
        "https://jobs.ashbyhq.com/api/non-user-graphql",
        "https://jobs.ashbyhq.com/%2e%2e%2fadmin",
        "https://jobs.ashbyhq.com/..%5cadmin",
        "https://jobs.ashbyhq.com/a%0d%0ab",
    ],
)
def test_any_other_address_is_refused(url: str) -> None:
    with pytest.raises(UnknownSystem, match="is not the address of a board that can be read: `rolemix systems`"):
        find_board(url)


def test_the_four_systems_are_found_by_name() -> None:
    assert {"ashby", "greenhouse", "lever", "moka"} <= set(systems())
    assert list(systems()) == sorted(systems())


def test_contract_lists_exactly_what_a_module_defines() -> None:
    machinery = {"match", "board", "manifest", "read_response", "reads_details"}
    listed = set(re.findall("`([a-z_]+)`", RecruitingSystem.__doc__ or ""))
    members = {name for name in (*vars(RecruitingSystem), *RecruitingSystem.__annotations__) if name[0] != "_"}
    assert listed == members - machinery


def test_unknown_system_is_refused_with_the_choices() -> None:
    with pytest.raises(UnknownSystem, match=r"unknown system 'bosss': choose one of \w+, "):
        system("bosss")


@pytest.mark.parametrize("name", list(systems()))
def test_each_example_is_a_canonical_address(name: str) -> None:
    spider = system(name)
    assert find_board(spider.example).url == spider.example
    assert find_board(spider.example).system == name


def test_board_of_another_system_is_a_mistake_of_the_user() -> None:
    with pytest.raises(
        NotABoard, match=r"'https://jobs.lever.co/acme' is not a moka board: give its address"
    ) as caught:
        system("moka").board(LEVER)
    assert isinstance(caught.value, RolemixError)


def test_no_board_is_a_mistake_of_the_user() -> None:
    with pytest.raises(NotABoard, match="moka needs a board"):
        system("moka").board("")


OWN_HOSTS = [name for name, spider in systems().items() if not spider.path_patterns and not spider.generic]
PATHS_OF_ANY_HOST = (
    "/careers?domain=acme.com",
    "/web/position/list",
    "/careers-home",
    "/social-recruitment/acme/7",
    "/hcmUI/CandidateExperience/en/sites/CX_1",
    "/search/?q=&locationsearch=",
    "/Site/job/Oslo-Potter/1234567890/",
    "/go/Potters/12345",
)


@pytest.mark.parametrize("path", PATHS_OF_ANY_HOST)
@pytest.mark.parametrize("name", OWN_HOSTS)
def test_path_that_any_host_may_have_takes_no_address_of_a_systems_own(name: str, path: str) -> None:
    parts = urlsplit(systems()[name].example)
    address = f"{parts.scheme}://{parts.netloc}{path}"
    if systems()[name].match(address):
        assert find_board(address).system == name


@pytest.mark.parametrize("path", PATHS_OF_ANY_HOST)
def test_each_such_path_shows_one_system(path: str) -> None:
    assert len([name for name, spider in systems().items() if spider.match(f"https://jobs.acme.com{path}")]) == 1


def test_documented_example_of_a_system_reads_a_list(tmp_path: Path) -> None:
    document = (Path(__file__).parents[2] / "docs/adding-a-system.md").read_text("utf-8")
    (tmp_path / "kiln.py").write_text(document.partition("```python\n")[2].partition("```")[0], "utf-8")
    spider = runpy.run_path(str(tmp_path / "kiln.py"))["KilnSpider"]
    board = spider.board("api.kiln.example/potters/jobs?page=1")
    assert (board.url, spider.board(spider.example)) == (spider.example, board)
    body = b'{"total": 2, "jobs": [{"id": 7, "title": "Potter", "city": "Oslo", "description": "<p>Throw"}, {"id": 8}]}'
    page = spider.read(body, board)
    assert [(posting.identifier, posting.title, posting.description) for posting in page.postings] == [
        ("7", "Potter", "Throw")
    ]
    assert (page.reported_total, page.rows, len(page.unreadable)) == (2, 2, 1)
    with pytest.raises(BoardUnknown):
        spider.read(b'{"error": "no such company"}', board)
