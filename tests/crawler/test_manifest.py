"""The verdict: every way in which a board's pages can be wrong, and the numbers that show it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.boards import Board
from crawler.manifest import Manifest
from crawler.parsing.rereading import READERS_VERSION
from crawler.parsing.responses import BoardBlocked, BoardUnknown, Page, UnexpectedResponse
from postings import BoardRun, JobPosting, Verdict

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
BOARD = Board(url="https://jobs.example/acme", system="example", organization="acme")


def posting(identifier: str, **values: object) -> JobPosting:
    return JobPosting(identifier=identifier, title="t", url="", **values)  # type: ignore[arg-type]


def page(identifiers: str = "", *, total: int | None = None, unlisted: str = "", **values: object) -> Page:
    """A page that lists a posting a letter."""
    return Page(
        postings=tuple(map(posting, identifiers)),
        rows=len(identifiers) + len(unlisted),
        unlisted=tuple(unlisted),
        reported_total=total,
        **values,  # type: ignore[arg-type]
    )


def after(*pages: Page, window: int | None = None) -> Manifest:
    manifest = Manifest(BOARD, window=window)
    for one in pages:
        for found in manifest.add(one):
            manifest.keep(found)
    return manifest


def verdict(*pages: Page) -> tuple[Verdict, str]:
    run = after(*pages).run(NOW)
    return run.verdict, run.reason


def test_all_pages_that_the_total_needs_are_complete() -> None:
    assert verdict(page("ab", total=3), page("c", total=3)) == (
        Verdict.COMPLETE,
        "3 reported, 3 seen, 3 rows on 2 pages",
    )


def test_whole_board_without_a_total_is_complete() -> None:
    assert verdict(page("ab", whole=True)) == (Verdict.COMPLETE, "no total stated, 2 seen, 2 rows on 1 page")


def test_board_that_reports_no_posting_is_complete() -> None:
    assert verdict(page(total=0))[0] is Verdict.COMPLETE


@pytest.mark.parametrize(
    ("pages", "reason"),
    [
        ([page("ab", total=3)], "3 reported, 2 seen, 2 rows on 1 page; that is not the whole board"),
        ([page(total=3)], "3 reported, 0 seen, 0 rows on 1 page; that is not the whole board"),
        ([page("ab", total=0)], "0 reported, 2 seen, 2 rows on 1 page; that is not the whole board"),
        ([page("ab", total=1)], "1 reported, 2 seen, 2 rows on 1 page; that is not the whole board"),
        ([page("ab", total=-1)], "-1 reported, 2 seen, 2 rows on 1 page; that is not the whole board"),
        (
            [page("ab", total=4), page("ab", total=4)],
            "4 reported, 2 seen, 4 rows on 2 pages; that is not the whole board",
        ),
        (
            [page("ab", total=3), page("cd", total=4)],
            "4 reported, 4 seen, 4 rows on 2 pages; the total changed during the run: 3 → 4",
        ),
        (
            [page("ab", total=4), page("c", total=3), page("d", total=4)],
            "4 reported, 4 seen, 4 rows on 3 pages; the total changed during the run: 4 → 3 → 4",
        ),
        ([page("ab")], "no total stated, 2 seen, 2 rows on 1 page; no response states the total"),
        ([page()], "no total stated, 0 seen, 0 rows on 1 page; no response states the total"),
        ([page("aab", total=3)], "3 reported, 2 seen, 3 rows on 1 page; that is not the whole board"),
        (
            [page("ab", total=3, whole=True)],
            "3 reported, 2 seen, 2 rows on 1 page; that is not the whole board",
        ),
    ],
    ids=["short", "empty", "total 0 with rows", "more than total", "negative total", "repeated page", "total changes",
         "total changes and returns", "no total", "empty without total", "repeat within a page", "whole but short"],
)  # fmt: skip
def test_pages_that_contradict_themselves_are_incomplete(pages: list[Page], reason: str) -> None:
    assert verdict(*pages) == (Verdict.INCOMPLETE, reason)


@pytest.mark.parametrize(
    ("identifiers", "total", "judged"), [("ab", 2, Verdict.INCOMPLETE), ("abc", 3, Verdict.COMPLETE)]
)
def test_list_is_doubted_up_to_the_window_and_not_beyond_it(identifiers: str, total: int, judged: Verdict) -> None:
    assert after(page(identifiers, total=total), window=2).run(NOW).verdict is judged


def test_board_of_several_lists_is_whole_when_each_of_them_is() -> None:
    manifest = Manifest(BOARD, parts=("social", "campus"))
    manifest.add(page("ab", total=2), "social")
    assert manifest.run(NOW).reason.endswith("part campus (no total stated, 0 seen): no response states the total")
    manifest.add(page("c", total=1), "campus")
    assert manifest.run(NOW).verdict is Verdict.COMPLETE


def test_unlisted_rows_count_towards_the_total() -> None:
    assert verdict(page("a", unlisted="x", total=2)) == (
        Verdict.COMPLETE,
        "2 reported, 1 seen, 2 rows on 1 page, 1 unlisted",
    )


def test_unlisted_row_that_comes_twice_does_not_stand_for_a_missing_posting() -> None:
    # The page shifted by one: x came twice, and c not at all.
    run = verdict(page("a", unlisted="x", total=4), page("b", unlisted="x", total=4))
    assert run == (
        Verdict.INCOMPLETE,
        "4 reported, 2 seen, 4 rows on 2 pages, 1 unlisted; that is not the whole board",
    )


def test_posting_unlisted_between_two_pages_is_one() -> None:
    assert verdict(page("ab", total=3), page(unlisted="b", total=3))[0] is Verdict.INCOMPLETE


def test_posting_that_comes_twice_is_handed_on_once() -> None:
    manifest = Manifest(BOARD)
    assert [found.identifier for found in manifest.add(page("aba"))] == ["a", "b"]
    assert [found.identifier for found in manifest.add(page("bc"))] == ["c"]


def test_more_than_half_gone_when_opened_is_a_broken_detail_page() -> None:
    manifest = after(page("abcd", total=4))
    manifest.gone.update("ab")
    assert manifest.run(NOW).gone_identifiers == ("a", "b")
    manifest.gone.add("c")
    run = manifest.run(NOW)
    assert (run.verdict, run.gone_identifiers) == (Verdict.INCOMPLETE, ())
    assert run.reason.endswith("more than half of the listed postings cannot have closed at once")


def test_posting_gone_when_opened_is_proof_of_its_closing() -> None:
    manifest = after(page("ab", total=2))
    manifest.gone.add("b")
    run = manifest.run(NOW)
    assert (run.verdict, run.gone_identifiers, run.unique) == (Verdict.COMPLETE, ("b",), 1)
    assert run.reason == "2 reported, 2 seen, 2 rows on 1 page, 1 gone when opened"


def test_record_that_cannot_be_read_makes_it_incomplete() -> None:
    assert verdict(page("a", total=2, unreadable=("record 2 cannot be read: it has no title (None)",))) == (
        Verdict.INCOMPLETE,
        "2 reported, 1 seen, 1 row on 1 page; record 2 cannot be read: it has no title (None)",
    )


def test_failure_on_a_later_page_makes_it_incomplete() -> None:
    manifest = after(page("ab", total=3))
    manifest.refuse(BoardBlocked("HTTP 429"), "GET https://jobs.example/2")
    manifest.fail(Verdict.FAILED, "another")
    run = manifest.run(NOW)
    assert (run.verdict, run.reason) == (
        Verdict.INCOMPLETE,
        "3 reported, 2 seen, 2 rows on 1 page; GET https://jobs.example/2: HTTP 429 (and 1 more failure)",
    )


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (BoardUnknown("no such board"), Verdict.GONE),
        (BoardBlocked("captcha"), Verdict.BLOCKED),
        (UnexpectedResponse("an HTML page"), Verdict.FAILED),
    ],
)
def test_refusal_of_the_first_page_is_the_verdict(error: UnexpectedResponse, expected: Verdict) -> None:
    manifest = Manifest(BOARD)
    manifest.refuse(error, "")
    assert (manifest.run(NOW).verdict, manifest.run(NOW).reason) == (expected, str(error))


def test_the_first_of_several_failures_gives_the_verdict() -> None:
    manifest = Manifest(BOARD)
    manifest.refuse(BoardBlocked("captcha"), "")
    manifest.refuse(UnexpectedResponse("an HTML page"), "")
    assert manifest.run(NOW).verdict is Verdict.BLOCKED


def test_subclass_of_a_refusal_has_its_verdict() -> None:
    class LoginWall(BoardBlocked):
        """A special block."""

    manifest = Manifest(BOARD)
    manifest.refuse(LoginWall("log in"), "")
    assert manifest.run(NOW).verdict is Verdict.BLOCKED


def test_no_response_at_all_is_a_failure() -> None:
    assert verdict() == (Verdict.FAILED, "no response holds a list of postings")


def test_not_modified_is_unchanged() -> None:
    manifest = Manifest(BOARD)
    manifest.unchanged = True
    assert manifest.run(NOW).verdict is Verdict.UNCHANGED


def test_not_modified_beside_a_failure_is_no_proof() -> None:
    manifest = Manifest(BOARD)
    manifest.unchanged = True
    manifest.fail(Verdict.FAILED, "timeout")
    assert manifest.run(NOW).verdict is Verdict.FAILED


@pytest.mark.parametrize(("total", "etag"), [(2, 'W/"1"'), (3, None)], ids=["complete", "incomplete"])
def test_the_etag_is_kept_only_of_a_complete_board(total: int, etag: str | None) -> None:
    manifest = after(page("ab", total=total, whole=True))
    manifest.etag = 'W/"1"'
    assert manifest.run(NOW).etag == etag


def test_run_holds_the_evidence() -> None:
    manifest = Manifest(BOARD)
    listed = Page(
        postings=(posting("a", description="x"), posting("b", urgent=True)),
        rows=2,
        reported_total=2,
        organization="Acme",
    )
    manifest.remembered.add("b")
    for found in manifest.add(listed):
        manifest.keep(found)
    assert manifest.run(NOW) == BoardRun(
        board_url=BOARD.url,
        system="example",
        board_key=BOARD.organization,
        several_employers=False,
        observed_at=NOW,
        verdict=Verdict.COMPLETE,
        reason="2 reported, 2 seen, 2 rows on 1 page",
        organization="Acme",
        reported_total=2,
        pages=1,
        rows=2,
        unique=2,
        coverage={"description": 1, "identifier": 2, "title": 2, "urgent": 1},
        fresh=1,
        fresh_coverage={"description": 1, "identifier": 1, "title": 1},
        readers=READERS_VERSION,
    )


def divided(*parts: str, undivided: str, total: int) -> tuple[Verdict, str]:
    """The verdict of a list that is longer than the system serves, and of its parts."""
    manifest = Manifest(BOARD)
    manifest.add(page(undivided, total=total))
    manifest.listing().divided = True
    for number, part in enumerate(parts):
        manifest.add(page(part, total=len(part)), str(number))
    run = manifest.run(NOW)
    return run.verdict, run.reason


def test_parts_that_hold_what_the_undivided_list_counts_are_complete() -> None:
    assert divided("abc", "cd", undivided="ab", total=4)[0] is Verdict.COMPLETE


def test_parts_that_hold_less_than_the_undivided_list_counts_are_not_the_board() -> None:
    found, reason = divided("ab", "c", undivided="ab", total=4)
    assert (found, "its parts hold 3 postings together" in reason) == (Verdict.INCOMPLETE, True)


def test_posting_of_the_undivided_list_in_none_of_its_parts_shows_a_gap() -> None:
    found, reason = divided("ab", "cd", undivided="ax", total=4)
    assert (found, reason.endswith("; its parts lack 1 posting of the undivided list")) == (
        Verdict.INCOMPLETE,
        True,
    )


def test_note_ends_the_reason_whatever_the_verdict() -> None:
    complete, failed = after(page("a", total=1)), Manifest(BOARD)
    failed.refuse(BoardUnknown("unknown board"), "")
    for manifest in (complete, failed):
        manifest.note("there is another site")
    assert complete.run(NOW).reason == "1 reported, 1 seen, 1 row on 1 page; there is another site"
    assert failed.run(NOW).reason == "unknown board; there is another site"
