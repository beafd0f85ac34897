"""LinkedIn for guests: ten cards a fragment and no total, 429 at the tenth, 999 for a job's page without cookies."""

from __future__ import annotations

import html
import random

from werkzeug.routing import Rule
from werkzeug.wrappers import Response

from simulator.context import Context, Listing, text_response
from simulator.places import CITIES
from simulator.posting import Posting
from simulator.system import System
from simulator.systems.sites import brand, robots

HOST = "www.linkedin.com"
PAGE = 10
MOST_PAGES = 9
"""Pages that an address gets before it is rate-limited."""

_HTML = "text/html; charset=utf-8"
_KINDS = {"full-time": "Full-time", "intern": "Internship", "either": "Full-time", "graduate": "Full-time"}
_AUTHWALL = (
    '<html><head><script>window.location.href = "https://www.linkedin.com/authwall?trk=x";</script></head></html>'
)


def search(context: Context) -> Response:
    """Respond with a fragment of a search's cards; beyond the last one, one of comments only."""
    start = context.request.args.get("start", 0, type=int)
    if start >= PAGE * MOST_PAGES:
        return text_response("", 429)
    listing = context.listing(HOST, context.request.args.get("f_C", ""))
    if listing is None:
        return Response("<!DOCTYPE html>\n<!---->", content_type=_HTML)
    rows = listing.page(start, PAGE).rows
    cards = "".join(_card(listing, posting, number) for number, posting in enumerate(rows))
    return Response(f"<!DOCTYPE html>\n<!---->{cards}", content_type=_HTML)


def job(context: Context, identifier: str) -> Response:
    """Respond with a job's page, to those only who carry the cookies of a search."""
    identifier = identifier.rpartition("-")[2]
    if not context.request.cookies:
        return Response(_AUTHWALL, status=999, content_type=_HTML)
    for (host, token, site), board in context.boards.items():
        if host == HOST and (listing := context.listing(host, token, site)) and (found := listing.find(identifier)):
            return Response(_page(listing, found, board.company.name), content_type=_HTML)
    return text_response("", 404)


def _card(listing: Listing, posting: Posting, number: int) -> str:
    title = html.escape(posting.wording(listing.day).title)
    name = html.escape(brand(listing.board, posting))
    pay = posting.pay
    salary = (
        f'<span class="job-search-card__salary-info">${pay.low:,}.00 - ${pay.high:,}.00</span>'
        if pay and pay.currency == "USD"
        else "<!---->"
    )
    link = (
        f"https://de.linkedin.com/jobs/view/{_slug(title)}-{posting.identifier}?position={number + 1}&amp;refId=a%2Fb"
    )
    return f"""
      <li>
        <div class="base-card base-search-card base-search-card--link job-search-card"
             data-entity-urn="urn:li:jobPosting:{posting.identifier}" data-tracking-id="x{number}">
          <a class="base-card__full-link" href="{link}"><span class="sr-only"> {title} </span></a>
          <div class="base-search-card__info">
            <h3 class="base-search-card__title">
              {title}
            </h3>
            <h4 class="base-search-card__subtitle"><a class="hidden-nested-link" href="#"> {name} </a></h4>
            <!---->
            <div class="base-search-card__metadata">
              <span class="job-search-card__location"> {html.escape(CITIES[posting.places[0]].name)} </span>
              {salary}
              <time class="job-search-card__listdate{"--new" if number % 3 == 1 else ""}"
                    datetime="{posting.published(listing.day):%Y-%m-%d}"> 2 weeks ago </time>
            </div>
          </div>
        </div>
      </li>"""


def _page(listing: Listing, posting: Posting, company: str) -> str:
    wording = posting.wording(listing.day)
    items = "".join(f"<li>{html.escape(line)}</li>" for line in (*wording.duties, *wording.requirements))
    return f"""<!DOCTYPE html><html lang="en"><head><title>{html.escape(wording.title)} | LinkedIn</title></head><body>
      <code id="decoratedJobPostingId" style="display: none"><!--"{posting.identifier}"--></code>
      <h1 class="top-card-layout__title topcard__title">{html.escape(wording.title)}</h1>
      <div class="topcard__flavor-row"><span class="topcard__flavor">
        <a class="topcard__org-name-link topcard__flavor--black-link" href="#"> {html.escape(company)} </a></span>
        <span class="topcard__flavor topcard__flavor--bullet">
          {html.escape(CITIES[posting.places[0]].name)} </span></div>
      <span class="posted-time-ago__text topcard__flavor--metadata"> 2 weeks ago </span>
      <div class="message-the-recruiter"><h3 class="base-main-card__title">A Recruiter</h3></div>
      <div class="show-more-less-html__markup"><ul>{items}</ul></div>
      <ul class="description__job-criteria-list"><li class="description__job-criteria-item">
        <h3 class="description__job-criteria-subheader"> Employment type </h3>
        <span class="description__job-criteria-text description__job-criteria-text--criteria"> {_KINDS[posting.kind]}
        </span></li></ul></body></html>"""


def _slug(title: str) -> str:
    return "-".join(
        "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in title).lower().split()
    )


def _identifier(dice: random.Random) -> str:
    return str(dice.randrange(4_300_000_000, 4_500_000_000))


SYSTEM = System(
    name="linkedin",
    url=r"https://www\.linkedin\.com/jobs/search\?f_C=(?P<token>\d+)",
    specimen="https://www.linkedin.com/jobs/search?f_C=90{0:03}",
    rules=[
        Rule("/robots.txt", endpoint=robots, host=HOST, methods=["GET"]),
        Rule("/jobs-guest/jobs/api/seeMoreJobPostings/search", endpoint=search, host=HOST, methods=["GET"]),
        Rule("/jobs/view/<identifier>", endpoint=job, host=HOST, methods=["GET"]),
        Rule("/jobs-guest/jobs/api/jobPosting/<identifier>", endpoint=job, host=HOST, methods=["GET"]),
    ],
    page=PAGE,
    total=False,
    knows_absence=False,
    provable=False,
    identifier=_identifier,
)
