"""What a hostile page could do to a reader: keep it busy, stop it with an error of its own, or lead it on for ever."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from parsel import Selector
from scrapy.http import HtmlResponse

from crawler.bases import sitemap_spider as sitemaps
from crawler.captures.files import address_in
from crawler.discovery.page_mentions import find_mentions
from crawler.parsing import schema_org
from crawler.parsing.feeds import read_feed
from crawler.parsing.responses import Page, ResponseError, UnexpectedResponse, html_of, load_json
from crawler.spiders.boss import BossSpider
from crawler.spiders.eightfold import EightfoldSpider
from crawler.spiders.feed import FeedSpider
from crawler.spiders.google import GoogleSpider
from crawler.spiders.greenhouse import posting as greenhouse_posting
from crawler.spiders.icims import position
from crawler.spiders.lagou import LagouSpider
from crawler.spiders.linkedin import LinkedInSpider
from crawler.spiders.moka import MokaSpider
from postings import Verdict
from postings.text import resolved
from tests.crawler.site import read_site

LONG = 2_000_000
"""Characters; what takes the square of this many steps takes days."""

SAVED_AS_TEXT = "Title: x\nURL Source: https://www.zhipin.com/job_detail/a.html\n\n"


def read(spider: Any, text: str) -> Page | None:
    try:
        page: Page = spider.read(text.encode())
    except ResponseError:
        return None
    return page


@pytest.mark.parametrize(
    ("reader", "text"),
    [
        (address_in, "<link "),
        (address_in, "<link rel=canonical href="),
        (lambda text: read(LinkedInSpider, text), "<!--"),
        (lambda text: read(LinkedInSpider, text), "<!---->"),
        (lambda text: read(BossSpider, f"{SAVED_AS_TEXT}{text}x"), " "),
        (lambda text: read(BossSpider, f"Title: 「{text}\nURL Source: https://x\n\nx"), "招聘」_"),
        (lambda text: read(LagouSpider, text), '<script id="__NEXT_DATA__"'),
        (lambda text: read(GoogleSpider, f"<html>{text}"), "AF_initDataCallback({key: 'ds:0'"),
        (lambda text: read(EightfoldSpider, f'{{"message": "{text}"}}'), "job with id "),
        (lambda text: position(f'<p class="iCIMS_SubHeader_Jobs">{text}</p>'.encode()), "1"),
        (
            lambda text: read_feed(
                f'[{{"legal": ""}}, {{"id": 1, "position": "Potter", "description": "{text}"}}]'.encode()
            ),
            "<br>",
        ),
    ],
)
def test_hostile_page_is_read_in_linear_time(reader: Callable[[str], Any], text: str) -> None:
    reader(text * (LONG // len(text)))


def test_json_whose_escapes_are_nested_too_deep_is_unexpected() -> None:
    with pytest.raises(UnexpectedResponse, match="nested"):
        load_json(b"[" * 900 + rb'"\u0041"' + b"]" * 900)


@pytest.mark.parametrize("text", ["{}", '"a"', "12", "[1]", ""])
def test_json_is_read_as_html_where_html_is_expected(text: str) -> None:
    assert html_of(text).css("title").getall() == html_of(text.encode()).css("title").getall() == []
    assert list(MokaSpider.boards_on_page(Selector(text="<p>", type="html"), "https://a.example")) == []
    with pytest.raises(UnexpectedResponse):
        LinkedInSpider.read_page(text or "x", None)


def test_posting_whose_text_is_json_is_read() -> None:
    assert greenhouse_posting({"id": 1, "title": "Potter", "content": '"pay-range"'}).base_salary is None


@pytest.mark.parametrize("link", ["http://[", "http://[::1", "https://a.example:x/", "javascript:alert(1)"])
def test_invalid_link_is_ignored(link: str) -> None:
    assert resolved("https://a.example/", link) in ("", "https://a.example:x/")
    page = f'<html><link rel="alternate" type="application/rss+xml" title="jobs" href="{link}"></html>'
    assert list(FeedSpider.boards_on_page(html_of(page), "https://a.example/")) == []


DEEP = '<div itemscope itemtype="https://schema.org/JobPosting" itemprop="x">' * 2_000
BROKEN = '<script type="application/ld+json">{"@type": "JobPosting", "title": ' + "x" * 200_000 + "</script>"


HOLE = '<script type="application/ld+json">' + "[" * 5_000 + '"JobPosting"</script>'


@pytest.mark.parametrize("markup", [DEEP, BROKEN, HOLE], ids=["too deep", "broken", "a hole"])
def test_unreadable_posting_is_an_error(markup: str) -> None:
    with pytest.raises(UnexpectedResponse, match="JobPosting"):
        schema_org.job_postings(f"<html>{markup}</html>".encode())
    page = HtmlResponse("https://a.example/jobs", body=f"<html>{markup}</html>", encoding="utf-8")
    assert list(find_mentions(page, "asked")) == []


def test_endless_sitemaps_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sitemaps, "MAX_SITEMAPS", 5)
    home = "https://potters.example"
    responses: dict[str, Any] = {f"{home}/robots.txt": f"Sitemap: {home}/0.xml"}
    for number in range(20):
        child = f"<sitemap><loc>{home}/{number + 1}.xml</loc></sitemap>"
        schema = "http://www.sitemaps.org/schemas/sitemap/0.9"
        responses[f"{home}/{number}.xml"] = f'<sitemapindex xmlns="{schema}">{child}</sitemapindex>'
    run, _, site = read_site(f"careers+{home}/jobs", responses)
    assert (run.verdict, len(site.requested)) == (Verdict.INCOMPLETE, 5), run.reason
    assert "names more than 5 sitemaps" in run.reason
