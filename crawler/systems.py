"""The recruiting systems that can be read, and the one that an address belongs to."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from scrapy.utils.spider import iter_spider_classes

import crawler.spiders
from crawler.bases.board_spider import BoardSpider
from crawler.boards import Board
from postings.errors import RolemixError


class UnknownSystem(RolemixError):
    """No known system has such an address, or such a name."""


@cache
def systems() -> MappingProxyType[str, type[BoardSpider]]:
    """Return every system's spider by name, in alphabetical order: those of the modules in `crawler.spiders`."""
    found: dict[str, type[BoardSpider]] = {}
    for module in iter_modules(crawler.spiders.__path__, "crawler.spiders."):
        for spider in iter_spider_classes(import_module(module.name)):
            if issubclass(spider, BoardSpider):
                found[spider.name] = spider
    return MappingProxyType(dict(sorted(found.items())))


def systems_in_order() -> tuple[type[BoardSpider], ...]:
    """Return every system's spider in the order in which an address is matched.

    Systems whose addresses are all on their own hosts come first, so that a path that any host can have does not take
    another system's address.
    """
    return tuple(sorted(systems().values(), key=lambda spider: bool(spider.path_patterns)))


def system(name: str) -> type[BoardSpider]:
    """Return the spider of a system.

    Raises:
        UnknownSystem: There is none of that name.
    """
    try:
        return systems()[name]
    except KeyError:
        raise UnknownSystem(f"unknown system {name!r}: choose one of {', '.join(systems())}") from None


def described() -> list[dict[str, str]]:
    """Return what a user should know about each system, a row a system, in alphabetical order of their names."""
    return [
        {
            "system": name,
            "vendor": spider.vendor,
            "read": "crawled"
            if spider.crawlable
            else "from saved pages, or crawled where the user states the right to",
            "own page of each posting": "new and changed ones" if spider.reads_details() else "not needed",
            "a run is complete when": spider.proof,
            "example": spider.example,
            "note": spider.note,
        }
        for name, spider in systems().items()
    ]


def find_board(url: str) -> Board:
    """Return the board that an address means.

    Raises:
        UnknownSystem: The address belongs to no known system.
    """
    for spider in systems_in_order():
        if board := spider.match(url):
            return board
    raise UnknownSystem(
        f"{url!r} is not the address of a board that can be read: `rolemix systems` shows what such addresses look "
        "like, and `rolemix watch add` finds the board behind a company's own page"
    )
