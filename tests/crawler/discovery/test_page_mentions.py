"""What counts as one site, what an address names, and what a page shows, without any network."""

from __future__ import annotations

import pytest
from scrapy.http import HtmlResponse

from crawler.discovery.page_mentions import (
    board_at,
    company_on,
    find_mentions,
    recognizable_systems,
    site_of,
    title_on,
    ways_on,
)
from crawler.systems import systems


def page(body: str, head: str = "") -> HtmlResponse:
    markup = f"<html><head>{head}</head><body>{body}</body></html>"
    return HtmlResponse("https://www.acme.example/about/us", body=markup, encoding="utf-8")


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.acme.co.uk/careers", "acme.co.uk"),
        ("https://careers.acme.com", "acme.com"),
        ("https://jobs.acme.com.cn:8443/x", "acme.com.cn"),
        ("https://careers.acme.example", "acme.example"),
        ("https://10.1.2.3/x", "10.1.2.3"),
        ("https://[::1]/x", "::1"),
        ("https://localhost/x", "localhost"),
        ("", ""),
        ("http://[", ""),
    ],
)
def test_site_is_a_registered_domain(url: str, site: str) -> None:
    assert site_of(url) == site


def test_recognizable_systems() -> None:
    assert {spider.name for spider in recognizable_systems()} >= {"ashby", "greenhouse", "lever", "moka"}
    assert set(recognizable_systems()) <= set(systems().values())


@pytest.mark.parametrize("url", ["https://www.lever.co/", "https://acme.example", "", "http://[", "mailto:a@lever.co"])
def test_other_addresses_name_no_board(url: str) -> None:
    assert board_at(url) is None


def test_the_surest_mention_comes_first() -> None:
    link = "https://jobs.lever.co/quillmoth"
    shown = page(f'<p>{link}</p><i data-x="{link}/2"></i><a href="{link}/1">x</a><iframe src="{link}"></iframe>')
    kinds = [mention.kind for _, mention in find_mentions(shown, "asked")]
    assert list(dict.fromkeys(kinds)) == ["frame", "link", "attribute", "text"]


def test_systems_own_page_links_to_more_than_boards() -> None:
    privacy = '<a href="/privacy">Privacy</a><a href="https://jobs.ashbyhq.com/marrowlight">Moved</a>'
    shown = HtmlResponse("https://jobs.lever.co/quillmoth", body=privacy, encoding="utf-8")
    assert {board.system for board, _ in find_mentions(shown, "asked")} == {"ashby"}


def test_mention_has_no_control_characters() -> None:
    ((_, mentions),) = find_mentions(page('<a href="https://jobs.lever.co/quillmoth?\x1b[31m\u202ex">x</a>'), "asked")
    assert mentions.words.isprintable()


@pytest.mark.parametrize(
    ("head", "company"),
    [
        ('<meta property="og:site_name" content=" Acme &amp; Co ">', "Acme & Co"),
        ('<meta name="application-name" content="Acme">', "Acme"),
        ('<script type="application/ld+json">{"@type": "Organization", "name": "Acme"}</script>', "Acme"),
        ('<script type="application/ld+json">{"@graph": [{}, {"@type": "WebSite", "name": "Acme"}]}</script>', "Acme"),
        ('<script type="application/ld+json">{broken</script>', None),
        ('<script type="application/ld+json">[1, {"@graph": 3}, {"@type": "Organization", "name": 4}]</script>', None),
        ("", None),
    ],
)
def test_the_companys_name(head: str, company: str | None) -> None:
    assert company_on(page("", head)) == company


def test_the_title() -> None:
    assert title_on(page("", "<title>\n Careers | Acme </title>")) == "Careers | Acme"
    assert title_on(page("")) is None


@pytest.mark.parametrize(
    "link",
    [
        '<a href="/x">Careers</a>',
        '<a href="/x"><img alt="Jobs"></a>',
        '<a href="/x" title="Join us">→</a>',
        '<a href="/x">加入我们</a>',
        '<a href="/x">校园招聘</a>',
        '<a href="/x">Karriere</a>',
        '<a href="/de/stellenangebote.html">mehr</a>',
        '<a href="/join-us/">more</a>',
        '<a href="https://careers.acme.example/x">more</a>',
        '<a href="/x">We are hiring!</a>',
    ],
)
def test_links_about_hiring(link: str) -> None:
    assert len(ways_on(page(link))) == 1


@pytest.mark.parametrize(
    "link", ['<a href="/x">News</a>', '<a href="/jobbing">Jobbing</a>', '<a href="http://[">Jobs</a>']
)
def test_other_links(link: str) -> None:
    assert [url for url in ways_on(page(link)) if url] == []
