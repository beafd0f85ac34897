"""What the simulated job sites share: whose postings they show, pay in words, and a robots.txt that forbids."""

from __future__ import annotations

import html

from werkzeug.wrappers import Response

from simulator.board import Board
from simulator.context import Context, text_response
from simulator.posting import Posting

ANONYMOUS = "某知名互联网公司"
NEIGHBOUR, NEIGHBOUR_EN = "雾港灯具", "Fogport Lamps"


def robots(context: Context) -> Response:
    """Respond with robots.txt: nobody may ask for anything."""
    return text_response("User-agent: *\nDisallow: /\n")


def brand(board: Board, posting: Posting) -> str:
    """Return whose name stands at a posting: the company's, a neighbour's, or none where a headhunter hires."""
    if headhunted(posting):
        return ANONYMOUS
    if posting.serial % 7 == 5:
        return NEIGHBOUR if board.company.language == "zh" else NEIGHBOUR_EN
    return board.company.name


def headhunted(posting: Posting) -> bool:
    """Return whether a headhunter put a posting up."""
    return posting.serial % 11 == 4


def pay_words(posting: Posting, negotiable: str = "面议") -> str:
    """Return the pay as Chinese sites print it."""
    pay = posting.pay
    if pay is None:
        return negotiable
    if pay.unit == "DAY":
        return f"{pay.low}-{pay.high}元/天"
    months = f"·{pay.months}薪" if pay.months else ""
    return f"{pay.low // 1000}-{pay.high // 1000}K{months}"


def text(posting: Posting, day: int) -> str:
    """Return a posting's text, a line a sentence."""
    wording = posting.wording(day)
    return "\n".join(("职位描述：", *wording.duties, "任职要求：", *wording.requirements))


def page(title: str, body: str) -> Response:
    """Return a page in UTF-8."""
    head = f'<!DOCTYPE html><html><head><meta charset="utf-8"><title>{html.escape(title)}</title></head>'
    return Response(f"{head}<body>{body}</body></html>", content_type="text/html; charset=utf-8")
