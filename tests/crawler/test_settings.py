"""Scrapy settings: safe by default, and found by Scrapy's own command."""

from __future__ import annotations

from crawler import settings
from crawler.systems import systems
from tests.crawler.crawls import scrapy


def test_scrapys_unsafe_defaults_are_off() -> None:
    assert settings.ROBOTSTXT_OBEY
    assert settings.DOWNLOAD_VERIFY_CERTIFICATES
    assert not settings.TELNETCONSOLE_ENABLED
    assert not settings.REMOTE_CONTROL_ENABLED
    assert settings.DOWNLOAD_DELAY >= 1
    assert settings.DOWNLOAD_MAXSIZE <= 128 * 1024 * 1024
    assert all(settings.DOWNLOAD_HANDLERS[scheme] is None for scheme in ("file", "ftp", "data", "s3"))


def test_scrapy_lists_a_spider_per_system() -> None:
    assert scrapy("list").stdout.split() == list(systems())
