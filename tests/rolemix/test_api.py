"""The library: cheap to import, typed, and each call does what its command does."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import rolemix
from classifier.model.explanation import explain
from classifier.model.tagger import Tagger
from classifier.quantification.estimand import Estimand
from postings.errors import RolemixError
from postings.store import Store
from rolemix import api
from rolemix.analysis.openings import NothingToReport
from simulator.server import Simulator
from simulator.world import World
from tests.rolemix.conftest import FAILED_AT_LAST, QUILLMOTH, ROOT, TWO_BOARDS, History, Rolemix, environment

TYPES = {"string", "Int64", "Float64", "boolean", "datetime64[ns, UTC]"}
"""The nullable types that columns of frames have."""


@pytest.fixture(scope="module")
def store(history: History) -> Iterator[Store]:
    with rolemix.open_store(history.path, existing=True) as opened:
        yield opened


@pytest.fixture(scope="module")
def report(store: Store, tagger: Tagger) -> rolemix.Report:
    return rolemix.report(store, against=timedelta(days=6), model=tagger)


# The package

HEAVY = ("scrapy", "twisted", "sqlalchemy", "alembic", "numpy", "scipy", "sklearn", "pandas", "jieba", "typer")


def test_importing_it_imports_no_heavy_package() -> None:
    code = f"import sys, rolemix; dir(rolemix); print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


@pytest.mark.parametrize("name", rolemix.__all__)
def test_every_public_name_exists_and_is_documented(name: str) -> None:
    assert name in dir(rolemix)
    assert getattr(rolemix, name).__doc__


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'rolemix' has no attribute 'tables'"):
        rolemix.tables  # type: ignore[attr-defined]  # noqa: B018


def test_type_checkers_see_the_same_names_from_the_same_modules() -> None:
    assert rolemix.__file__ is not None
    tree = ast.parse(Path(rolemix.__file__).read_text(encoding="utf-8"))
    (block,) = [node for node in tree.body if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING"]
    imported = {
        alias.name: node.module for node in block.body if isinstance(node, ast.ImportFrom) for alias in node.names
    }
    assert sorted(imported) == rolemix.__all__
    for name, module in imported.items():
        assert rolemix._DEFINED_IN.get(name, "rolemix.api") == module
        assert getattr(rolemix, name).__module__ == module, name


def test_it_says_that_it_is_typed() -> None:
    assert rolemix.__file__ is not None
    assert Path(rolemix.__file__).with_name("py.typed").exists()


def test_the_example_of_the_readme(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    (code,) = re.findall(r"```python\n(.*?)```", readme, re.DOTALL)
    assert len([line for line in code.splitlines() if line.strip()]) == 5
    names: dict[str, Any] = {}
    exec(compile(code, "README.md", "exec"), names)
    printed = capsys.readouterr().out
    names["store"].close()
    focuses = names["report"].focuses()
    assert isinstance(focuses, pd.DataFrame)
    assert str(focuses[["company", "focus", "count", "share", "change"]]) in printed
    (shown,) = re.findall(r"The last line prints\n\n((?: {4}.*\n)+)", readme)
    assert printed.endswith(textwrap.dedent(shown))


# The store


def test_a_store_is_created_unless_it_has_to_exist(tmp_path: Path) -> None:
    with pytest.raises(RolemixError, match=r"there is no store at .*rolemix\.db"):
        rolemix.open_store(tmp_path / "rolemix.db", existing=True)
    rolemix.open_store(tmp_path / "rolemix.db").close()
    rolemix.open_store(str(tmp_path / "rolemix.db"), existing=True).close()


def test_boards_of_an_older_store_are_described_when_it_is_opened(
    tmp_path: Path, save_response: Callable[..., Path], rolemix: Rolemix
) -> None:
    """An older version did not record a board's key, nor whether it is a search."""
    import sqlite3

    rolemix("ingest", save_response("p.json", ("1", "Nurse")), "--board", QUILLMOTH, "--observed-at", "2026-03-01")
    path = tmp_path / "rolemix.db"
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE boards SET key = NULL, several_employers = NULL, organization = NULL")
        connection.execute(
            "INSERT INTO boards (url, system, organization, company) VALUES ('https://gone.example', 'gone', 'G', NULL)"
        )
    api.open_store(path).close()
    with sqlite3.connect(path) as connection:
        rows = connection.execute("SELECT url, key, several_employers FROM boards ORDER BY url").fetchall()
    assert rows == [("https://gone.example", None, None), (QUILLMOTH, "quillmoth", 0)]


# Frames


def test_columns_have_nullable_types(store: Store, report: rolemix.Report, tagger: Tagger) -> None:
    frames = [
        report.focuses(),
        report.roles(),
        report.boards(),
        rolemix.boards(store),
        rolemix.runs(store),
        rolemix.postings(store, tagger),
        rolemix.systems(),
    ]
    for frame in frames:
        assert len(frame)
        assert {str(kind) for kind in frame.dtypes} <= TYPES
        assert frame.columns.is_unique


def test_focuses_and_roles_are_the_reports_lines(report: rolemix.Report) -> None:
    focuses, roles = report.focuses(), report.roles()
    assert "role" not in focuses.columns
    assert len(focuses) + len(roles) == sum(len(company.mix) for company in report.companies)
    assert roles["role"].notna().all()
    for frame in (focuses, roles):
        assert not frame.duplicated([name for name in ("company", "focus", "role") if name in frame.columns]).any()
    counts = roles.groupby(["company", "focus"])["count"].sum()
    by_focus = focuses.set_index(["company", "focus"])["count"]
    assert (by_focus[by_focus > 0].sort_index() == counts[counts > 0].sort_index()).all()
    totals = focuses.groupby("company")["share"].sum()
    assert totals.to_list() == pytest.approx([1.0] * len(report.companies))
    first = report.companies[0].mix[0]
    assert focuses.loc[0, ["focus", "count", "share"]].to_list() == [first.focus, first.count, first.share]


def test_a_gap_is_missing_and_not_zero(store: Store, tagger: Tagger) -> None:
    """On the first day nothing was known before."""
    report = rolemix.report(store, at=World.date(0), against=timedelta(days=1), model=tagger)
    focuses = report.focuses()
    gaps = {company.company for company in report.companies if company.open_before is None}
    assert gaps
    missing = focuses[focuses["count_before"].isna()]
    assert set(missing["company"]) == gaps
    assert missing[["share_before", "change", "share_change_low", "beyond_noise"]].isna().all(axis=None)


def test_boards_of_a_report_are_its_evidence(report: rolemix.Report) -> None:
    frame = report.boards()
    assert len(frame) == sum(len(company.boards) for company in report.companies)
    (failed,) = frame[frame["board"] == FAILED_AT_LAST].to_dict("records")
    assert (failed["verdict"], failed["seen_whole"]) == ("failed", pd.Timestamp(World.date(4)))


def test_postings_are_a_row_each(store: Store, tagger: Tagger, history: History) -> None:
    frame = rolemix.postings(store, tagger)
    assert not frame.duplicated(["board", "identifier"]).any()
    still_open = frame[frame["closed"].isna() & frame["redirects_to"].isna()]
    by_board = still_open.groupby("board")["identifier"].agg(frozenset)
    assert {board: by_board[board] for board in TWO_BOARDS} == {board: history.truth(board, 6) for board in TWO_BOARDS}
    assert (frame["opened"] <= frame["last_seen"]).all()
    assert frame["first_seen"].is_monotonic_decreasing
    assert (frame["role"].map(tagger.info.taxonomy.focus_by_role) == frame["focus"]).all()
    assert frame["confidence"].between(0, 1).all()


def test_runs_and_boards_agree(store: Store, history: History) -> None:
    boards, runs = rolemix.boards(store), rolemix.runs(store)
    assert boards["board"].to_list() == sorted(board.url for board in history.world.boards)
    assert len(runs) == sum(len(collected) for collected in history.collected.values())
    newest = runs.groupby("board").last()
    assert newest["verdict"].to_dict() == boards.set_index("board")["verdict"].to_dict()
    assert newest["observed_at"].to_dict() == boards.set_index("board")["last_run"].to_dict()


def test_an_empty_store_has_empty_frames(tmp_path: Path, tagger: Tagger) -> None:
    with rolemix.open_store(tmp_path / "rolemix.db") as store:
        for frame in (rolemix.boards(store), rolemix.runs(store), rolemix.postings(store, tagger)):
            assert frame.empty
            assert len(frame.columns) > 5
            assert {str(kind) for kind in frame.dtypes} <= TYPES


# Each call is its command


def test_a_report_is_the_commands(store: Store, history: History, report: rolemix.Report, rolemix: Rolemix) -> None:
    done = rolemix("report", "--db", history.path, "--days", 6, "--format", "json")
    assert json.loads(done.out) == report.to_dict()


def test_a_feed_is_the_commands(store: Store, history: History, tagger: Tagger, rolemix: Rolemix) -> None:
    assert api.feed(store, "by-call.json", model=tagger) > 0
    rolemix("feed", "--db", history.path, "-o", "by-command.json")
    assert Path("by-call.json").read_bytes() == Path("by-command.json").read_bytes()


def test_a_mix_is_the_reports(store: Store, report: rolemix.Report, tagger: Tagger) -> None:
    company = report.companies[0]
    mix = rolemix.mix(store, company.company.upper(), model=tagger)
    assert mix.postings == company.open
    shares = {(share.focus, share.role): share.share for share in company.mix}
    lines = {(line.focus, line.role): line.share for line in mix.lines}
    assert {line: lines[line] for line in shares} == shares


def test_a_mix_of_nothing_is_an_error(store: Store, tagger: Tagger) -> None:
    with pytest.raises(NothingToReport, match="the store has no company Nobody"):
        rolemix.mix(store, "Nobody", model=tagger)


def test_crawling_an_address(simulator: Simulator, tmp_path: Path) -> None:
    settings = rolemix.crawl_settings(simulator.url, 0)
    seen: list[str] = []
    with rolemix.open_store(tmp_path / "rolemix.db") as store:
        collected = rolemix.crawl(
            store,
            [TWO_BOARDS[0], rolemix.find_board(FAILED_AT_LAST)],
            observed_at=World.date(0),
            settings=settings,
            progress=lambda done: seen.append(done.run.board_url),
        )
        frame = rolemix.runs(store)
    assert [(done.run.board_url, done.run.verdict) for done in collected] == [
        (TWO_BOARDS[0], rolemix.Verdict.COMPLETE),
        (FAILED_AT_LAST, rolemix.Verdict.COMPLETE),
    ]
    assert sorted(seen) == sorted(frame["board"]) == sorted([TWO_BOARDS[0], FAILED_AT_LAST])
    assert set(frame["observed_at"]) == {pd.Timestamp(World.date(0))}


def test_a_crawl_without_a_time_is_of_now(simulator: Simulator, tmp_path: Path) -> None:
    before = api.now()
    with rolemix.open_store(tmp_path / "rolemix.db") as store:
        (collected,) = rolemix.crawl(store, [FAILED_AT_LAST], settings=rolemix.crawl_settings(simulator.url, 0))
    assert before <= collected.run.observed_at <= api.now()


def test_a_crawl_within_a_running_event_loop(simulator: Simulator, tmp_path: Path) -> None:
    """As in a notebook."""
    code = f"""if True:
        import asyncio, rolemix

        async def cell():
            with rolemix.open_store({str(tmp_path / "rolemix.db")!r}) as store:
                settings = rolemix.crawl_settings({simulator.url!r}, 0)
                return rolemix.crawl(store, [{FAILED_AT_LAST!r}], settings=settings)

        (collected,) = asyncio.run(cell())
        print(collected.run.verdict)
    """
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout == "complete\n"


def test_ingesting_is_the_commands(tmp_path: Path, save_response: Callable[..., Path], rolemix: Rolemix) -> None:
    files = [save_response("p.json", ("1", "Nurse"), ("2", "Cook"))]
    with api.open_store(tmp_path / "by-call.db") as store:
        ingested = api.ingest(store, files, observed_at=World.date(0), board=QUILLMOTH, company="Quillmoth")
        by_call = api.runs(store)
    (collected,) = ingested.collected
    assert (collected.company, collected.changes.opened, ingested.skipped) == ("Quillmoth", 2, "")
    moment = World.date(0).isoformat()
    result = rolemix("ingest", *files, "--board", QUILLMOTH, "--company", "Quillmoth", "--observed-at", moment)
    assert result.code == 0
    with api.open_store(tmp_path / "rolemix.db") as store:
        pd.testing.assert_frame_equal(api.runs(store), by_call)


def test_parsing_is_the_commands(save_response: Callable[..., Path], rolemix: Rolemix, tmp_path: Path) -> None:
    good = save_response("p.json", ("1", "Nurse"), ("2", "Cook"))
    (tmp_path / "bad.json").write_text("[]x")
    parsed = list(api.parse([tmp_path / "bad.json", good], "lever"))
    assert [len(one.postings) for one in parsed] == [0, 2]
    assert [len(one.errors) for one in parsed] == [1, 0]
    result = rolemix("parse", "--system", "lever", tmp_path / "bad.json", good)
    printed = [json.loads(line) for line in result.out.splitlines()]
    assert all(row.pop("facts") for row in printed)
    assert printed == [one.to_dict() for one in parsed[1].postings]
    assert result.sentence == f"rolemix: {parsed[0].errors[0]}"


def test_parsing_needs_a_known_system() -> None:
    with pytest.raises(RolemixError, match="unknown system 'levver'"):
        rolemix.parse([], "levver")


def test_a_watchlist_is_loaded(rolemix: Rolemix, tmp_path: Path) -> None:
    rolemix("watch", "add", QUILLMOTH, "--company", "Quillmoth", "--unchecked")
    (entry,) = api.load_watchlist()
    assert (entry.board.url, entry.company) == (QUILLMOTH, "Quillmoth")


def test_rows_are_classified(tagger: Tagger) -> None:
    rows = [{"title": "Site Reliability Engineer"}, {"title": "数据标注员"}]
    assert list(rolemix.classify(rows, tagger)) == list(tagger.tag(rows))
    assert rolemix.estimate_mix(rows, tagger) == tagger.mix(rows)
    assert rolemix.estimate_mix(rows, tagger, estimand="board") == tagger.mix(rows, Estimand.BOARD)


def test_a_role_is_explained(tagger: Tagger) -> None:
    row = {"title": "Site Reliability Engineer"}
    found = rolemix.explain(row, tagger, rival="corporate")
    assert (found.role, found.rival) == ("reliability", "corporate")
    assert found == explain(tagger, row, rival="corporate")


def test_the_shipped_tagger_is_read_once() -> None:
    assert rolemix.load_tagger() is rolemix.load_tagger()
    assert rolemix.load_tagger(rolemix.load_tagger()) is rolemix.load_tagger()


def test_retagging_compares_with_other_models(store: Store, tagger: Tagger) -> None:
    done = rolemix.retag(store, tagger)
    assert (done.model, done.tagged) == (tagger.model, 0)
    assert done.versions > 0
