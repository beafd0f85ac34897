"""Workable's wire format, over HTTP: the widget, and the site's own API."""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from simulator.server import Simulator
from simulator.story import sized_story
from simulator.systems.workable import HOURS
from simulator.world import World
from tests.simulator.client import Response, fetch

APPLY = "https://apply.workable.com"
WIDGET = f"{APPLY}/api/v1/widget/accounts/potters"


@pytest.fixture(scope="module")
def simulated() -> Iterator[Simulator]:
    (board,) = sized_story(1, 25, ["workable"])
    boards = [dataclasses.replace(board, url=f"{APPLY}/{name}") for name in ("potters", "potters-throttled")]
    with Simulator(World(boards=boards)) as simulator:
        yield simulator


def page(simulated: Simulator, account: str = "potters", **query: Any) -> Response:
    return fetch(simulated, f"{APPLY}/api/v3/accounts/{account}/jobs", query)


def pages(simulated: Simulator) -> Iterator[dict[str, Any]]:
    response = page(simulated, query="").json
    yield response
    while token := response.get("nextPage"):
        response = page(simulated, query="", token=token).json
        yield response


def test_widget_repeats_a_posting_for_each_of_its_places(simulated: Simulator) -> None:
    rows = fetch(simulated, f"{WIDGET}?details=true").json["jobs"]
    (board, _) = simulated.world.boards
    places = {posting.identifier: len(posting.places) for posting in simulated.world.rows(board.url, 0)}
    assert Counter(row["shortcode"] for row in rows) == places
    assert max(places.values()) > 1


def test_texts_come_with_the_details_only(simulated: Simulator) -> None:
    assert all("description" not in row for row in fetch(simulated, WIDGET).json["jobs"])
    assert all(row["description"] for row in fetch(simulated, f"{WIDGET}?details=true").json["jobs"])


def test_row_of_a_hidden_city_does_not_name_it(simulated: Simulator) -> None:
    rows = fetch(simulated, WIDGET).json["jobs"]
    assert {row["city"] == "" for row in rows if row["locations"][0]["hidden"]} == {True}


def test_documented_address_leads_to_the_widget(simulated: Simulator) -> None:
    response = fetch(simulated, "https://www.workable.com/api/accounts/potters?details=true")
    assert (response.status, response.headers["Location"]) == (302, f"{WIDGET}?details=true")


def test_sites_own_list_is_ten_a_page_by_token(simulated: Simulator) -> None:
    found = list(pages(simulated))
    assert [len(one["results"]) for one in found] == [10, 10, 5]
    assert {one["total"] for one in found} == {25}
    codes = [row["shortcode"] for one in found for row in one["results"]]
    (board, _) = simulated.world.boards
    assert set(codes) == simulated.world.identifiers(board.url, 0)
    assert len(set(codes)) == 25


def test_invalid_request_is_explained(simulated: Simulator) -> None:
    response = page(simulated, limit=100)
    assert (response.status, response.json) == (400, {"limit": "Not allowed"})


def test_detail_has_its_text_in_three_fields(simulated: Simulator) -> None:
    code = page(simulated).json["results"][0]["shortcode"]
    found = fetch(simulated, f"{APPLY}/api/v2/accounts/potters/jobs/{code}").json
    assert found["description"]
    assert found["requirements"]
    assert found["benefits"] == ""


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/v1/widget/accounts/nobody", "Not Found"),
        ("/api/v2/accounts/nobody/jobs/A", "Not Found"),
        ("/api/v2/accounts/potters/jobs/A", "Job not found"),
    ],
)
def test_missing_account_and_posting(simulated: Simulator, path: str, body: str) -> None:
    response = fetch(simulated, APPLY + path)
    assert (response.status, response.text) == (404, body)


def test_rate_limited_account_is_refused_for_hours_but_not_by_the_widget(simulated: Simulator) -> None:
    busy = page(simulated, "potters-throttled")
    assert (busy.status, busy.headers["Retry-After"]) == (429, str(HOURS))
    assert fetch(simulated, f"{WIDGET}-throttled").status == 200
