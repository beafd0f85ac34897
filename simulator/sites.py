"""The fictional companies' own pages: a home page, and one about working there that shows their boards."""

from __future__ import annotations

import dataclasses
import html
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from simulator.board import Board, Company

_WORDS = {
    "zh": {"title": "加入我们", "all": "社会招聘", "campus": "校园招聘"},
    "en": {"title": "Careers", "all": "Open positions", "campus": "Students"},
}


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class SitePage:
    """A page that is none of a recruiting system's.

    Attributes:
        body: What it holds.
        to: Where it redirects to; None for a page that stays.
        status: Its HTTP status; 302 where it redirects and has no body.
        kind: Its content type.
        encoding: How its text is written.
    """

    body: str = ""
    to: str | None = None
    status: int | None = None
    kind: str = "text/html"
    encoding: str = "utf-8"

    def response(self) -> Response:
        """Return it as a response."""
        if self.to is not None:
            return redirect(self.to, self.status or 302)
        return Response(self.body.encode(self.encoding), self.status or 200, content_type=self.kind)


def pages(boards: Iterable[Board]) -> dict[str, SitePage]:
    """Return every page of the companies that have a site of their own, by address."""
    by_company: dict[Company, list[Board]] = {}
    for board in boards:
        if board.company.site:
            by_company.setdefault(board.company, []).append(board)
    found: dict[str, SitePage] = {}
    for company, theirs in by_company.items():
        root = f"https://{urlsplit(company.site).netloc}"
        found[f"{root}/robots.txt"] = SitePage(body="User-agent: *\nDisallow: /internal/\n", kind="text/plain")
        found[f"{root}/"] = _home(company)
        found[company.site] = _careers(company, theirs)
    return found


def _home(company: Company) -> SitePage:
    words = _WORDS[company.language]
    path = urlsplit(company.site).path
    about = (
        f'<p>{html.escape(company.about)}</p><nav><a href="/news">News</a><a href="{path}">{words["title"]}</a></nav>'
    )
    return SitePage(body=_page(company.name, company, about))


def _careers(company: Company, boards: list[Board]) -> SitePage:
    words = _WORDS[company.language]
    if company.shows == "redirect":
        return SitePage(to=boards[0].url)
    shown = [_shown(board, company, words) for board in boards]
    return SitePage(body=_page(f"{words['title']} | {company.name}", company, "".join(shown)))


def _shown(board: Board, company: Company, words: Mapping[str, str]) -> str:
    if company.shows == "embed":
        return board.system.embed.format(url=html.escape(board.url), token=html.escape(board.token))
    return f'<a href="{html.escape(board.url)}">{words["campus" if board.campus else "all"]}</a>'


def _page(title: str, company: Company, body: str) -> str:
    name, title = html.escape(company.name), html.escape(title)
    return (
        f'<!doctype html><html lang="{company.language}"><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="og:site_name" content="{name}"></head><body><h1>{title}</h1>{body}</body></html>'
    )
