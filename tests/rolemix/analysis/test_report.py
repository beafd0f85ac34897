"""The role-mix report against a plain count over the simulator's truth, and where nothing is known."""

from __future__ import annotations

import csv
import dataclasses
import io
import json
import re
import sqlite3
import subprocess
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from rich.cells import cell_len
from rich.console import Console

from classifier.model.tagger import Tagger
from classifier.quantification.estimand import Estimand
from classifier.taxonomy import Taxonomy
from crawler.runs.saved import Stated
from crawler.systems import find_board
from postings.store import Store, queries
from rolemix.analysis.openings import NothingToReport
from rolemix.analysis.report import role_mix
from rolemix.analysis.report_records import CompanyMix, Report
from rolemix.cli.report_text import parts
from rolemix.collecting.ingesting import ingest
from rolemix.tagging.retag import as_row, tag_new
from simulator.world import World
from tests.rolemix.conftest import (
    FAILED_AT_LAST,
    JOINED_LATER,
    PARTIAL_AT_FIRST,
    QUILLMOTH,
    TWO_BOARDS,
    History,
    Rolemix,
    command,
    environment,
    process,
)
from tests.rolemix.terminal import Terminal


@pytest.fixture(scope="module")
def report(history: History, tagger: Tagger) -> Report:
    with Store.open(history.path) as store:
        return role_mix(store, tagger.info, against=timedelta(days=6))


def report_on(history: History, tagger: Tagger, **how: object) -> Report:
    with Store.open(history.path) as store:
        return role_mix(store, tagger.info, **how)  # type: ignore[arg-type]


def test_shares_are_of_what_was_asked_for(history: History, tagger: Tagger, rolemix: Rolemix) -> None:
    hiring, board = (
        report_on(history, tagger, against=timedelta(days=6), estimand=estimand)
        for estimand in (Estimand.HIRING, Estimand.BOARD)
    )
    for one, other in zip(hiring.companies, board.companies, strict=True):
        assert [share.share for share in one.mix] == [share.share for share in other.mix]
        assert [share.share_change for share in one.mix] == [share.share_change for share in other.mix]
        widths = [
            sum(share.high - share.low for share in company.mix if share.high is not None and share.low is not None)
            for company in (one, other)
        ]
        assert widths[0] > widths[1]
    arguments = ("report", "--db", history.path, "--days", 6)
    assert json.loads(rolemix(*arguments, "--estimand", "board", "--format", "json").out) == board.to_dict()
    short = {Estimand.BOARD: "of the postings on the board", Estimand.HIRING: "of what the company tends to hire"}
    for estimand in Estimand:
        assert estimand.meaning in " ".join(rolemix(*arguments, "--estimand", estimand, "--details").out.split())
        assert short[estimand] in " ".join(rolemix(*arguments, "--estimand", estimand).out.split())


def roles(history: History, board: str, day: int, model: str) -> Counter[str]:
    """Count the roles of what the truth lists, each as its version of that day is tagged."""
    moment = World.date(day).strftime("%Y-%m-%d %H:%M:%S.%f")
    with sqlite3.connect(history.path) as connection:
        rows = connection.execute(
            "SELECT identifier, tags.role FROM versions JOIN postings ON postings.id = posting_id"
            " JOIN boards ON boards.id = board_id JOIN tags ON version_id = versions.id"
            " WHERE url = ? AND model = ? AND versions.observed_at <= ? ORDER BY versions.observed_at",
            (board, model, moment),
        ).fetchall()
    newest = dict(rows)
    return Counter(newest[identifier] for identifier in history.truth(board, day))


def boards_of(history: History, company: str) -> list[str]:
    return [board.url for board in history.world.boards if board.company.name == company]


def mix_of(report: Report, company: str) -> CompanyMix:
    (found,) = [mix for mix in report.companies if mix.company == company]
    return found


def name_of(history: History, board: str) -> str:
    return history.world.board(board).company.name


def expected(history: History, company: str, day: int, model: str) -> Counter[str]:
    total: Counter[str] = Counter()
    for board in boards_of(history, company):
        # A failed run leaves what was known before it.
        seen = 4 if board == FAILED_AT_LAST and day == 6 else day
        total += roles(history, board, seen, model)
    return total


def test_every_company_is_there(history: History, report: Report) -> None:
    names = {board.company.name for board in history.world.boards}
    assert [company.company for company in report.companies] == sorted(names)


def test_counts_equal_the_truth(history: History, report: Report, tagger: Tagger) -> None:
    for company in report.companies:
        now = expected(history, company.company, 6, tagger.model)
        found = Counter({share.role: share.count for share in company.mix if share.role and share.count})
        assert found == now, company.company
        assert company.open == now.total()


def test_earlier_counts_equal_the_truth_of_the_oldest_day_that_is_known(
    history: History, report: Report, tagger: Tagger
) -> None:
    known_later = {name_of(history, JOINED_LATER), name_of(history, PARTIAL_AT_FIRST)}
    for company in report.companies:
        assert (company.before is not None) == (company.company in known_later)
        day = 0 if company.before is None else (company.before - World.date(0)).days
        assert company.before in (None, World.date(2))
        before = expected(history, company.company, day, tagger.model)
        assert company.open_before == before.total()
        for share in company.mix:
            if share.role:
                assert share.count_before == before[share.role]
                assert share.change == share.count - before[share.role]


def test_something_changed(report: Report) -> None:
    assert any(share.change for company in report.companies for share in company.mix)


def test_focuses_sum_up_their_roles(report: Report, taxonomy: Taxonomy) -> None:
    for company in report.companies:
        focuses = [share for share in company.mix if share.role is None]
        assert [share.focus for share in focuses] == list(taxonomy.focus_names)
        assert sum(share.count for share in focuses) == company.open
        assert sum(share.share or 0 for share in focuses) == pytest.approx(1)
        for focus in focuses:
            of_it = [share for share in company.mix if share.role and share.focus == focus.focus]
            assert focus.count == sum(share.count for share in of_it)
            assert {share.role and taxonomy.focus_by_role[share.role] for share in of_it} <= {focus.focus}


def test_postings_without_an_opening_are_counted_apart(history: History, report: Report) -> None:
    pools = {board.url: len(history.world.prospects(board.url, 6)) for board in history.world.boards}
    assert sum(pools.values()) >= 1
    assert {board.url: board.no_openings for company in report.companies for board in company.boards} == pools


def test_redirects_are_counted_apart(history: History, report: Report) -> None:
    moved = {board.url: len(history.world.redirecting(board.url, 6)) for board in history.world.boards}
    assert sum(moved.values()) >= 2
    assert {board.url: board.redirects for company in report.companies for board in company.boards} == moved


def test_a_company_with_two_boards_is_one(history: History, report: Report) -> None:
    mix = mix_of(report, name_of(history, TWO_BOARDS[0]))
    assert tuple(board.url for board in mix.boards) == TWO_BOARDS
    assert mix.open == sum(len(history.truth(board, 6)) for board in TWO_BOARDS) == sum(b.open for b in mix.boards)


def test_a_failed_run_shows_in_the_evidence(history: History, report: Report) -> None:
    (evidence,) = mix_of(report, name_of(history, FAILED_AT_LAST)).boards
    assert evidence.verdict == "failed"
    assert evidence.seen_whole == World.date(4)
    assert evidence.reason


def test_a_board_never_seen_whole(history: History, tagger: Tagger) -> None:
    first = report_on(history, tagger, at=World.date(0), against=World.date(-1))
    (evidence,) = mix_of(first, name_of(history, PARTIAL_AT_FIRST)).boards
    assert (evidence.verdict, evidence.seen_whole) == ("incomplete", None)
    assert name_of(history, JOINED_LATER) not in [company.company for company in first.companies]


def test_the_default_is_the_newest_run_against_the_end_of_an_earlier_day(report: Report) -> None:
    assert report.at == World.date(6)
    assert report.before == datetime(2026, 3, 2, 23, 59, 59, tzinfo=UTC)


def test_an_earlier_crawl_counts_whatever_its_time_of_day(
    tmp_path: Path, save_response: Callable[..., Path], tagger: Tagger
) -> None:
    earlier, later = datetime(2026, 3, 1, 6, 0, 9, tzinfo=UTC), datetime(2026, 3, 8, 6, 0, 2, tzinfo=UTC)
    with Store.open(tmp_path / "db") as store:
        for moment, count in ((earlier, 1), (later, 3)):
            file = save_response("postings.json", *((f"id-{n}", "Nurse") for n in range(count)))
            ingest(store, [file], Stated(board=find_board(QUILLMOTH), observed_at=moment))
        tag_new(store, tagger)
        (company,) = role_mix(store, tagger.info).companies
    assert (company.open_before, company.open) == (1, 3)


def test_companies_are_chosen_without_regard_to_case(history: History, tagger: Tagger) -> None:
    chosen = report_on(history, tagger, companies=["MARROWLIGHT", "fenwright labs", "marrowlight"])
    assert [company.company for company in chosen.companies] == ["Fenwright Labs", "Marrowlight"]


def test_names_that_differ_in_case_alone_are_both_chosen(
    tmp_path: Path, save_response: Callable[..., Path], tagger: Tagger
) -> None:
    with Store.open(tmp_path / "db") as store:
        for slug, name in (("quillmoth", "Quillmoth"), ("quillmoth-eu", "QUILLMOTH")):
            board = find_board(f"https://jobs.lever.co/{slug}")
            ingest(
                store,
                [save_response("p.json", ("1", "Nurse"))],
                Stated(board=board, observed_at=World.date(0)),
                company=name,
            )
        tag_new(store, tagger)
        found = role_mix(store, tagger.info, ["quillmoth"])
    assert [company.company for company in found.companies] == ["QUILLMOTH", "Quillmoth"]


@pytest.mark.parametrize(
    ("how", "sentence"),
    [
        ({"companies": ["Nobody & Sons"]}, "the store has no company Nobody & Sons: it has Brightfjord Data"),
        ({"at": World.date(0) - timedelta(days=1)}, "nothing had been collected by 2026-03-01"),
        ({"against": World.date(6)}, "is not before"),
        ({"at": World.date(2), "against": World.date(4)}, "is not before"),
        ({"against": timedelta(days=10_000_000)}, "no day"),
    ],
)
def test_what_cannot_be_reported_is_an_error(
    history: History, tagger: Tagger, how: dict[str, object], sentence: str
) -> None:
    with pytest.raises(NothingToReport) as raised:
        report_on(history, tagger, **how)
    assert sentence in str(raised.value)


def test_an_empty_store_is_an_error(tmp_path: Path, tagger: Tagger) -> None:
    with Store.open(tmp_path / "db") as store, pytest.raises(NothingToReport, match="rolemix crawl"):
        role_mix(store, tagger.info)


def test_a_store_that_is_not_tagged_is_refused(
    tmp_path: Path, save_response: Callable[..., Path], tagger: Tagger
) -> None:
    with Store.open(tmp_path / "db") as store:
        ingest(
            store,
            [save_response("p.json", ("1", "Nurse"))],
            Stated(board=find_board(QUILLMOTH), observed_at=World.date(0)),
        )
        with pytest.raises(NothingToReport, match="untagged"):
            role_mix(store, tagger.info)


# Estimates


def test_shares_are_the_estimates_of_the_tagger(history: History, report: Report, tagger: Tagger) -> None:
    """The tags in the store are enough: the same as from the texts."""
    with Store.open(history.path) as store, store.read() as connection:
        for company in report.companies:
            urls = [board.url for board in company.boards]
            rows = [
                as_row(found.posting) for found in queries.stream_open_postings(connection, report.at, board_urls=urls)
            ]
            mix = tagger.mix(rows)
            for share in company.mix:
                line = mix.by_focus[share.focus] if share.role is None else mix.by_role[share.role]
                found = (share.share, share.low, share.high)
                assert found == pytest.approx((line.share, line.low, line.high), abs=1e-9)
            # The store does not know which words the tagger knew.
            assert company.notes == tuple(note for note in mix.notes if "of the words" not in note)


def test_small_boards_have_a_note(report: Report) -> None:
    for company in report.companies:
        if company.open <= 20:
            assert f"{company.open} postings tell little about a mix" in company.notes[0]


def test_few_new_postings_are_noise_and_many_are_not(
    tmp_path: Path, save_response: Callable[..., Path], tagger: Tagger, rolemix: Rolemix
) -> None:
    nurses = [(f"n{number}", "Registered Nurse") for number in range(30)]
    engineers = [(f"e{number}", "Site Reliability Engineer") for number in range(30)]
    days = (nurses, nurses + engineers[:1], nurses + engineers)
    with Store.open(tmp_path / "rolemix.db") as store:
        for day, rows in enumerate(days):
            ingest(
                store,
                [save_response("p.json", *rows)],
                Stated(board=find_board(QUILLMOTH), observed_at=World.date(day)),
            )
        tag_new(store, tagger)
        reports = [role_mix(store, tagger.info, at=World.date(day), against=World.date(0)) for day in (1, 2)]
    moved = []
    for found in reports:
        focuses = {share.focus: share for share in found.companies[0].mix if share.role is None}
        moved.append({name: share.share_change.beyond_noise for name, share in focuses.items() if share.share_change})
        roles = [share for share in found.companies[0].mix if share.role]
        assert all(share.share_change is None for share in roles)
    assert not any(moved[0].values())
    assert {name for name, beyond in moved[1].items() if beyond} == {"infrastructure", "other"}
    result = rolemix("report", "--at", f"{World.date(2):%Y-%m-%d}", "--days", 2).out
    assert re.search(r"^infrastructure .* \+\d+ … \+\d+  up *$", result, re.MULTILINE)
    assert re.search(r"^other .* -\d+ … -\d+  down *$", result, re.MULTILINE)
    assert re.search(r"^research .* [+-]\d+ … \+\d+  noise *$", result, re.MULTILINE)


def test_without_a_quantifier_there_are_counts_and_no_shares(history: History, report: Report, tagger: Tagger) -> None:
    with Store.open(history.path) as store:
        plain = role_mix(store, dataclasses.replace(tagger.info, quantifier=None), against=timedelta(days=6))
    for company, estimated in zip(plain.companies, report.companies, strict=True):
        assert company.notes == ()
        for share, other in zip(company.mix, estimated.mix, strict=True):
            assert (share.share, share.low, share.high, share.share_change) == (None, None, None, None)
            assert (share.count, share.change) == (other.count, other.change)
    assert " – " in show(plain)


def show(report: Report) -> str:
    """The report as a terminal shows it."""
    console = Console(width=200)
    with console.capture() as drawn:
        for part in parts(report):
            console.print(part)
    return drawn.get()


# The command


def test_the_four_forms_agree(history: History, report: Report, rolemix: Rolemix) -> None:
    result = {form: rolemix("report", "--db", history.path, "--days", 6, "--format", form) for form in FORMS}
    assert {form: one.code for form, one in result.items()} == dict.fromkeys(FORMS, 0)
    expected_lines = [
        (company.company, share.focus, share.role, share.count, share.count_before, share.change)
        for company in report.companies
        for share in company.mix
    ]
    for form, read in FORMS.items():
        assert read(result[form].out) == expected_lines, form


Line = tuple[str, str, str | None, int, int | None, int | None]


def from_json(text: str) -> list[Line]:
    return [
        (company["company"], *(row[name] for name in ("focus", "role", "count", "count_before", "change")))
        for company in json.loads(text)["companies"]
        for row in company["mix"]
    ]


def number(text: str) -> int | None:
    return None if text in ("", "–") else int(text)


def from_csv(text: str) -> list[Line]:
    return [
        (
            row["company"],
            row["focus"],
            row["role"] or None,
            int(row["count"]),
            number(row["count_before"]),
            number(row["change"]),
        )
        for row in csv.DictReader(io.StringIO(text))
    ]


def from_markdown(text: str) -> list[Line]:
    lines: list[Line] = []
    company = ""
    for line in text.splitlines():
        if heading := re.match(r"## (.*): \d+ open", line):
            company = heading[1]
        elif line.startswith("| ") and not line.startswith("| focus"):
            focus, role, count, _, _, _, before, _, change, *_ = (cell.strip() for cell in line[1:-1].split("|"))
            lines.append((company, focus, role or None, int(count), number(before), number(change)))
    return lines


def from_table(text: str) -> list[Line]:
    lines: list[Line] = []
    company = focus = ""
    for line in text.splitlines():
        if heading := re.match(r"(.*): \d+ open on", line):
            company = heading[1]
        elif row := re.match(r"( *)(\S.*?) +(\d+) +(\d+|–) +<?\d+% +\d+–\d+%", line):
            focus = focus if row[1] else row[2]
            now, before = int(row[3]), number(row[4])
            change = None if before is None else now - before
            lines.append((company, focus, row[2] if row[1] else None, now, before, change))
    return lines


def test_a_narrow_terminal_loses_nothing(history: History, report: Report, tmp_path: Path) -> None:
    expected_lines = [
        (company.company, share.focus, share.role, share.count, share.count_before, share.change)
        for company in report.companies
        for share in company.mix
    ]
    for columns in (60, 80):
        arguments = ("report", "--db", history.path, "--days", 6)
        with Terminal.running(*arguments, cwd=tmp_path, columns=columns) as terminal:
            assert terminal.end() == 0
            lines = re.sub(r"\x1b\[[?\d;]*[a-z]", "", terminal.shown).replace("\r", "").split("\n")
        assert max(map(cell_len, lines)) <= columns
        assert from_table("\n".join(lines)) == expected_lines
        wide = [line for line in lines if re.search(r"[▏▎▍▌▋▊▉█]", line)]
        assert bool(wide) == (columns == 80)
        moved = [line for line in lines if re.search(r"\d% .* (noise|up|down)$", line)]
        intervals = [line for line in moved if re.search(r"[+-]\d+ ?… ?[+-]\d+ +\w+$", line)]
        assert len(moved) == len(intervals) == sum(share.role is None for one in report.companies for share in one.mix)


def test_an_earlier_day_that_is_not_known_falls_back_and_says_so(history: History, rolemix: Rolemix) -> None:
    arguments = ("report", "--db", history.path, "--against", "2026-01-01")
    report = json.loads(rolemix(*arguments, "--format", "json").out)
    assert {company["before"] for company in report["companies"]} >= {World.date(0).isoformat()}
    assert all(company["open_before"] is not None for company in report["companies"])
    table = rolemix(*arguments).out
    assert table.count(", the oldest day known)") == len(report["companies"])
    rows = list(csv.DictReader(io.StringIO(rolemix(*arguments, "--format", "csv").out)))
    assert {(row["company"], row["before"]) for row in rows} == {
        (company["company"], company["before"]) for company in report["companies"]
    }
    assert ", the oldest day known)" in rolemix(*arguments, "--format", "md").out


def test_in_chinese_it_uses_the_names_of_the_taxonomy(history: History, rolemix: Rolemix, taxonomy: Taxonomy) -> None:
    found = rolemix("report", "Fenwright", "--db", history.path, "--days", 6, "--lang", "zh").out
    assert all(focus.zh in found for focus in taxonomy.focuses)
    assert not any(re.search(rf"^ *{role.name} ", found, re.MULTILINE) for role in taxonomy.roles)
    assert "在招" in found
    assert "choose en or zh" in rolemix("report", "--db", history.path, "--lang", "fr").err


def test_details_are_shown_on_request(history: History, rolemix: Rolemix) -> None:
    arguments = ("report", "Fenwright", "--db", history.path, "--days", 6)
    short, long = (rolemix(*arguments, *more).out for more in ((), ("--details",)))
    assert len(short.strip().splitlines()[-1]) < 400
    assert "last run complete (" not in short
    assert "last run complete (" in long
    assert "Tagger " in long


FORMS = {"json": from_json, "csv": from_csv, "md": from_markdown, "table": from_table}


def test_every_format_states_the_date_and_what_is_counted(history: History, rolemix: Rolemix) -> None:
    for form in ("table", "md", "json"):
        text = " ".join(rolemix("report", "--db", history.path, "--format", form).out.split())
        assert "counted once" in text, form
        assert "2026-03-08" in text, form
        assert FAILED_AT_LAST in text, form
        assert "failed" in text, form


def test_a_day_stands_for_its_end(history: History, rolemix: Rolemix) -> None:
    result = rolemix("report", "--db", history.path, "--at", "2026-03-06", "--against", "20260302", "--format", "json")
    found = json.loads(result.out)
    assert (found["at"], found["before"]) == ("2026-03-06T23:59:59+00:00", "2026-03-02T23:59:59+00:00")
    counts = {company["company"]: company["open"] for company in found["companies"]}
    board = "https://job-boards.greenhouse.io/fenwrightlabs"
    assert counts["Fenwright Labs"] == len(history.truth(board, 4))


def test_a_time_with_a_zone(history: History, rolemix: Rolemix) -> None:
    result = rolemix("report", "--db", history.path, "--at", "2026-03-06T14:00+08:00", "--format", "json")
    assert json.loads(result.out)["at"] == World.date(4).isoformat()


def test_only_some_companies(history: History, rolemix: Rolemix) -> None:
    result = rolemix("report", "槿岭云算", "--db", history.path, "--format", "csv")
    assert {line[0] for line in from_csv(result.out)} == {"槿岭云算"}


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--at", "yesterday"), "--at 'yesterday' is not a date"),
        (("--against", "2026-13-01"), "--against '2026-13-01' is not a date"),
        (("--at", "0001-01-01T00:00+14:00"), "is not a date"),
        (("--against", "2026-03-09"), "is not before"),
        (("Nobody",), "the store has no company Nobody"),
    ],
)
def test_bad_arguments_get_one_sentence(
    history: History, rolemix: Rolemix, arguments: tuple[str, ...], sentence: str
) -> None:
    result = rolemix("report", "--db", history.path, *arguments)
    assert (result.code, result.out) == (1, "")
    assert sentence in result.sentence


def test_a_missing_store_is_not_created(rolemix: Rolemix, tmp_path: Path) -> None:
    result = rolemix("report", "--db", tmp_path / "typo.db")
    assert result.code == 1
    assert "there is no store" in result.sentence
    assert not (tmp_path / "typo.db").exists()


def test_an_empty_store_is_reported(rolemix: Rolemix, tmp_path: Path) -> None:
    Store.open(tmp_path / "empty.db").close()
    result = rolemix("report", "--db", tmp_path / "empty.db")
    assert result.code == 1
    assert "nothing has been collected yet" in result.sentence


def test_hostile_names_stay_text(rolemix: Rolemix, save_response: Callable[..., Path]) -> None:
    name = '=HYPERLINK("http://x.example","y")\x1b]0;owned\x07 | <b> [red]x :fire:'
    file = save_response("postings.json", ("1", "Nurse\x1b]0;owned\x07"))
    done = rolemix("ingest", file, "--board", QUILLMOTH, "--company", name, "--observed-at", "2026-03-01")
    texts = {form: rolemix("report", "--format", form).out for form in FORMS} | {"ingest": done.out}
    for form, text in texts.items():
        assert not set(text) & set("\x1b\x07"), form
    assert "[red]x :fire:" in texts["table"]
    assert {line[0][:12] for line in from_csv(texts["csv"])} == {"'=HYPERLINK("}
    assert json.loads(texts["json"])["companies"][0]["company"] == name
    assert r"\| \<b\> \[red\]x" in texts["md"]


@pytest.mark.parametrize("form", FORMS)
def test_a_closed_pipe_is_no_error(history: History, form: str) -> None:
    asked = command("report", "--db", history.path, "--format", form)
    writer = subprocess.Popen(asked, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert writer.stdout is not None
    assert writer.stderr is not None
    writer.stdout.close()
    assert writer.stderr.read() == b""
    writer.stderr.close()
    assert writer.wait() == 0


def test_a_table_is_utf8_whatever_the_locale(history: History) -> None:
    done = process("report", "槿岭云算", "--db", history.path, LC_ALL="C.UTF-8", PYTHONIOENCODING="ascii")
    assert (done.returncode, done.stderr) == (0, b"")
    assert "槿岭云算: " in done.stdout.decode("utf-8")
    assert "█" in done.stdout.decode("utf-8")


# Names, and what is seen first


def test_a_company_is_found_by_its_beginning_or_by_what_its_board_calls_it(history: History, rolemix: Rolemix) -> None:
    def companies(name: str) -> list[str]:
        found = json.loads(rolemix("report", name, "--db", history.path, "--format", "json").out)
        return [company["company"] for company in found["companies"]]

    assert companies("fenw") == companies("FENWRIGHT LABS") == ["Fenwright Labs"]
    assert companies("鹿吟") == ["鹿吟谷智能"]
    assert companies("luyingu") == ["鹿吟谷智能"], "the key on its recruiting system"
    for name, sentence in (("Fenwrong", "no company Fenwrong: it has Brightfjord Data"), ("", "no company")):
        result = rolemix("report", name, "--db", history.path)
        assert (result.code, result.out) == (1, "")
        assert sentence in result.sentence


def test_the_beginning_of_several_names_is_refused(
    tmp_path: Path, save_response: Callable[..., Path], rolemix: Rolemix
) -> None:
    with Store.open(tmp_path / "db") as store:
        for name in ("Lamp Works", "Lamp Hill"):
            board = find_board(f"https://jobs.lever.co/{name.replace(' ', '').lower()}")
            saved = save_response("p.json", ("a", "Nurse"))
            ingest(store, [saved], Stated(board=board, observed_at=World.date(0)), company=name)
    assert "lamp can be Lamp Hill or Lamp Works" in rolemix("report", "lamp", "--db", tmp_path / "db").sentence


def test_the_movers_come_first(history: History, rolemix: Rolemix) -> None:
    arguments = ("report", "--db", history.path, "--days", "6")
    report = json.loads(rolemix(*arguments, "--format", "json").out)
    moved = {
        (company["company"], share["focus"])
        for company in report["companies"]
        for share in company["mix"]
        if share["beyond_noise"]
    }
    lines = rolemix(*arguments).out.split("\n\n")[0].splitlines()
    assert len(lines) == 1 + len(moved) if moved else lines[0].startswith("No focus moved")
    for company, focus in moved:
        assert any(line.strip().startswith(f"{company}  {focus} ") and "points)" in line for line in lines)


def test_markdown_is_for_people_and_csv_for_programs(history: History, rolemix: Rolemix) -> None:
    arguments = ("report", "Fenwright Labs", "--db", history.path, "--days", "6")
    markdown = rolemix(*arguments, "--format", "md").out
    assert re.search(r"\| infrastructure \|  \| \d+ \| \d+% \| \d+% \| \d+% \|", markdown)
    assert re.search(r"\| (yes|no) \|$", markdown, re.MULTILINE)
    rows = list(csv.DictReader(io.StringIO(rolemix(*arguments, "--format", "csv").out)))
    assert {row["level"] for row in rows} == {"focus", "role"}
    sums = {level: sum(int(row["count"]) for row in rows if row["level"] == level) for level in ("focus", "role")}
    assert sums["focus"] == sums["role"]
