"""The companies' own pages: each company has one, and it shows its boards."""

from __future__ import annotations

import pytest

from simulator.server import Simulator
from simulator.sites import SitePage, pages
from simulator.story import default_story
from tests.simulator.client import fetch

SITES = sorted({board.company.site for board in default_story() if board.company.site})


def test_sites_are_in_both_languages_and_of_every_kind() -> None:
    companies = [board.company for board in default_story() if board.company.site]
    assert {company.language for company in companies} == {"zh", "en"}
    assert {company.shows for company in companies} == {"link", "embed", "redirect"}


@pytest.mark.parametrize("site", SITES)
def test_site_shows_every_board_of_its_company(simulator: Simulator, site: str) -> None:
    response = fetch(simulator, site)
    shown = response.text + str(response.headers["Location"])
    for board in default_story():
        if board.company.site == site:
            assert board.token in shown
            assert response.status == (302 if board.company.shows == "redirect" else 200)


@pytest.mark.parametrize("site", SITES)
def test_home_page_leads_there(simulator: Simulator, site: str) -> None:
    root, _, path = site.partition(".example/")
    home = fetch(simulator, f"{root}.example/")
    assert f'href="/{path}"' in home.text
    assert fetch(simulator, f"{root}.example/robots.txt").text.startswith("User-agent: *\n")
    assert fetch(simulator, f"{root}.example/nowhere").status == 404


def test_pages_may_be_added(simulator: Simulator) -> None:
    url = "https://www.added.example/"
    simulator.pages[url] = SitePage(body="加入", encoding="gb18030", status=410)
    try:
        response = fetch(simulator, url)
        assert (response.status, response.body.decode("gb18030")) == (410, "加入")
    finally:
        del simulator.pages[url]
    assert url not in pages(default_story())
