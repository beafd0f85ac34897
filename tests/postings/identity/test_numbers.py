"""Requisition numbers across hosts: where they stand, and which numbers are none."""

from __future__ import annotations

import random

import pytest

from postings.identity import Ground, Job, find_mirrors, find_requisitions
from postings.identity.numbers import read_numbers
from tests.postings.identity.examples import VENDOR, different_roles, job, text_of

TEXT, OTHER_TEXT = (text_of(random.Random(seed)) for seed in (1, 2))
UUID = "3f2a8f0e-1b2c-4d5e-8f90-aabbccddeeff"


@pytest.mark.parametrize(
    ("identifier", "url", "formed", "bare"),
    [
        ("JR-12345", "", {"JR12345"}, {"12345"}),
        ("R_0012345", "", {"R0012345"}, {"0012345"}),
        ("REQ-2024-1234", "", {"REQ20241234"}, {"20241234"}),
        ("job 4711", "", {"JOB4711"}, set()),
        ("x", "https://a.example/jobs/Diver_JR0012345-2", {"JR0012345"}, {"0012345"}),
        ("x", "https://a.example/careers?gh_jid=4412233&x=1", set(), {"4412233"}),
        ("x", f"https://a.example/careers?ashby_jid={UUID.upper()}", set(), {UUID}),
        ("x", f"https://jobs.vendor.example/lantern/{UUID}/apply", set(), {UUID}),
        ("x", "https://a.example/#/job/990011", set(), {"990011"}),
        ("2024-1234", "", set(), {"20241234"}),
        ("230001A5", "", set(), {"230001A5", "230001"}),
        ("x", "https://lantern12345.example/jobs/diver-2026", set(), set()),
        ("x", "https://[not-an-address/R-12345", {"R12345"}, {"12345"}),
    ],
)
def test_numbers_in_ids_and_addresses(identifier: str, url: str, formed: set[str], bare: set[str]) -> None:
    found = read_numbers(job(identifier, "Diver", url=url))
    assert (found.formed, found.bare) == (formed, bare)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Diver\nJob Requisition ID: JR-120045", "JR120045"),
        ("Req. No: LF/2026/77", "LF202677"),
        ("Reference number: 55 no\nJob ID: 81234.", "81234"),
        ("Taucher\nKennziffer: 2026-T-118", "2026T118"),
        ("Stellen-ID: 90311", "90311"),
        ("潜水员 职位编号：LF20260118", "LF20260118"),
        ("潛水員\n職缺編號: 120045", "120045"),
    ],
)
def test_numbers_that_a_text_states(text: str, number: str) -> None:
    assert read_numbers(job("x", "Diver", text, url="")).formed == {number}


@pytest.mark.parametrize("text", ["Call us: 120045", "Salary: 120000", "Budget code: none", "The job id is secret"])
def test_other_numbers_of_a_text_are_none(text: str) -> None:
    assert read_numbers(job("x", "Diver", text, url="")).formed == frozenset()


@pytest.mark.parametrize(
    ("own", "vendors"),
    [
        ({"identifier": "JR-120045"}, {"identifier": "JR120045-1"}),
        ({"identifier": "JR-120045"}, {"identifier": "120045"}),
        ({"identifier": "R0120045"}, {"title": "Lamp Engineer (R0120045)"}),
        ({"identifier": "R0120045"}, {"text": f"Requisition ID: R0120045\n{TEXT}"}),
        ({"url": "https://lanternfish.example/careers?gh_jid=4412233"}, {"identifier": "4412233"}),
        ({"url": f"https://lanternfish.example/careers?jid={UUID}"}, {"url": f"https://vendor.example/l/{UUID}"}),
    ],
)
def test_a_number_on_two_hosts_links_whatever_the_place(own: dict[str, str], vendors: dict[str, str]) -> None:
    pair = [
        job(**{"identifier": "a", "text": TEXT} | own),
        job(**{"identifier": "b", "text": TEXT, "places": ("Lyon",), "board": VENDOR} | vendors),
        job("c", "Diver", OTHER_TEXT),
    ]
    [link] = find_mirrors(pair)
    assert link.ground is Ground.REQUISITION


def test_a_number_under_several_titles_is_not_a_requisition() -> None:
    """The number of a team or a place, in the addresses of a part of a board."""

    def listed(board: str, letter: str) -> list[Job]:
        return [
            job(f"{letter}{number}", title, text, url=f"{board}/teams/{120045 + number % 2}/x", board=board)
            for number, (title, text) in enumerate(different_roles(12))
        ]

    board = "https://lanternfish.example/jobs"
    links = find_mirrors([*listed(board, "a"), *listed(VENDOR, "b")])
    assert len(links) == 12
    assert {link.ground for link in links} == {Ground.TITLE_AND_PLACE}
    assert find_requisitions(listed(board, "a")) == []
