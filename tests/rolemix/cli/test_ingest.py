"""``rolemix ingest``: which board a saved response is from, what of a session is read, and bad input."""

from __future__ import annotations

import base64
import json
import sqlite3
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from simulator.server import Simulator
from simulator.world import World
from tests.rolemix.conftest import QUILLMOTH, Rolemix
from tests.simulator.client import Response, fetch

DAY = "2026-03-02"
LAMPS = "https://www.linkedin.com/jobs/search?keywords=lamp%20keeper&location=Oslo"
GUESTS = "https://www.linkedin.com/jobs-guest/jobs/api/seeMoreJobPostings/search?keywords=lamp%20keeper&location=Oslo"
NURSES = "https://www.zhipin.com/web/geek/jobs?query=%E6%8A%A4%E5%A3%AB"
JOBLIST = "https://www.zhipin.com/wapi/zpgeek/search/joblist.json?scene=1&query=%E6%8A%A4%E5%A3%AB&page=1&pageSize=30"

SAVED_AT = "2026-03-02T14:00:00.000+08:00"


def card(number: int, title: str, company: str = "Fogport") -> str:
    return f"""<li><div class="base-search-card job-search-card" data-entity-urn="urn:li:jobPosting:{number}">
      <h3 class="base-search-card__title"> {title} </h3><h4 class="base-search-card__subtitle"> {company} </h4>
      <span class="job-search-card__location"> Oslo, Norway </span>
      <time class="job-search-card__listdate" datetime="2026-02-20"> 10 days ago </time></div></li>"""


def job(number: int, title: str, text: str) -> str:
    return f"""<html><head><title>{title} | LinkedIn</title></head><body><h1 class="topcard__title">{title}</h1>
      <code id="decoratedJobPostingId"><!--"{number}"--></code><a class="topcard__org-name-link">Fogport</a>
      <div class="show-more-less-html__markup">{text}</div></body></html>"""


def listed(*jobs: Mapping[str, Any]) -> str:
    usual = {"brandName": "雾港医院", "cityName": "上海", "salaryDesc": "8-13K", "jobType": 0, "bossName": "林招聘"}
    return json.dumps(
        {"code": 0, "message": "Success", "zpData": {"hasMore": False, "jobList": [usual | dict(one) for one in jobs]}}
    )


def entry(url: str, text: str | bytes = "", kind: str = "text/html", **more: Any) -> dict[str, Any]:
    """One entry of a HAR file; bytes are written in base64."""
    raw = isinstance(text, bytes)
    content = {"mimeType": kind, "text": base64.b64encode(text).decode() if isinstance(text, bytes) else text}
    return {
        "startedDateTime": more.get("at", SAVED_AT),
        "request": {
            "method": more.get("method", "GET"),
            "url": url,
            "headers": [{"name": "Referer", "value": more["referer"]}] if "referer" in more else [],
            **({"postData": more["posted"]} if "posted" in more else {}),
        },
        "response": {"status": more.get("status", 200), "content": content | ({"encoding": "base64"} if raw else {})},
    }


@pytest.fixture
def har(tmp_path: Path) -> Callable[..., Path]:
    def save(*entries: dict[str, Any], name: str = "session.har") -> Path:
        path = tmp_path / name
        path.write_text(json.dumps({"log": {"version": "1.2", "entries": entries}}))
        return path

    return save


def rows(result: Any) -> dict[str, dict[str, Any]]:
    return {row["board"]: row for row in json.loads(result.out)}


def postings(tmp_path: Path) -> dict[str, dict[str, Any]]:
    """The newest content of every posting in the store."""
    with sqlite3.connect(tmp_path / "rolemix.db") as connection:
        found = connection.execute("SELECT content FROM versions ORDER BY observed_at").fetchall()
    return {content["identifier"]: content for content in (json.loads(row[0]) for row in found)}


# Which board


def test_postings_addresses_show_the_board(rolemix: Rolemix, save_response: Callable[..., Path]) -> None:
    result = rolemix("ingest", save_response("p.json", ("a", "Nurse")), "--observed-at", DAY, "--format", "json")
    assert (result.code, list(rows(result))) == (0, [QUILLMOTH])


def test_board_that_nothing_shows_must_be_named(rolemix: Rolemix, save_response: Callable[..., Path]) -> None:
    file = save_response("p.json", ("a", "Nurse"), hostedUrl="")
    result = rolemix("ingest", file, "--observed-at", DAY)
    assert (result.code, result.out) == (1, "")
    assert "is from lever, but nothing in it or beside it shows from which board" in result.sentence
    assert rolemix("ingest", file, "--observed-at", DAY, "--board", QUILLMOTH).code == 0


def test_file_of_no_recognised_system_is_refused(rolemix: Rolemix, tmp_path: Path) -> None:
    (tmp_path / "list.json").write_text('{"shopping": ["wicks", "oil"]}')
    result = rolemix("ingest", "list.json", "--observed-at", DAY)
    assert (result.code, result.out) == (1, "")
    assert "no request beside it" in result.sentence
    assert "name the board with --board" in result.sentence


def test_request_beside_shows_the_board(rolemix: Rolemix, save_response: Callable[..., Path], tmp_path: Path) -> None:
    for slug in ("quillmoth", "marshlamp"):
        save_response(f"{slug}_rsp.json", ("a", "Nurse"))
        (tmp_path / f"{slug}_req.hurl").write_text(
            f"GET https://api.lever.co/v0/postings/{slug}?mode=json\n\nHTTP 200\n"
        )
    files = ("quillmoth_rsp.json", "marshlamp_rsp.json")
    result = rolemix("ingest", *files, "--observed-at", DAY, "--format", "json")
    assert (result.code, list(rows(result))) == (0, [QUILLMOTH, "https://jobs.lever.co/marshlamp"])
    named = rolemix("ingest", *files, "--observed-at", "2026-03-03", "--company", "Lamps")
    assert (named.code, named.out) == (1, "")
    assert "several boards" in named.sentence


@pytest.mark.parametrize(
    "mark",
    [
        f"<!-- saved from url=(0070){LAMPS} -->",
        f"<!--\n Page saved with SingleFile \n url: {LAMPS} \n saved date: Mon Mar 02 2026 14:00:00 GMT+0800\n-->",
        f'<html><head><link rel="canonical" href="{LAMPS}"></head>',
    ],
)
def test_saved_page_shows_its_address(rolemix: Rolemix, tmp_path: Path, mark: str) -> None:
    (tmp_path / "page.html").write_text(f"{mark}<html><ul>{card(4400000001, 'Lamp Keeper')}</ul></html>")
    result = rolemix("ingest", "page.html", "--observed-at", DAY, "--format", "json")
    assert result.code == 0
    (row,) = rows(result).values()
    assert (row["board"], row["verdict"], row["postings"]) == (LAMPS, "incomplete", 1)
    assert "limited to 1,000 jobs" in row["reason"]


def test_page_saved_as_mhtml_shows_its_address_and_its_time(rolemix: Rolemix, tmp_path: Path) -> None:
    page = f"<html><ul>{card(4400000001, 'Lamp Keeper – Oslo')}</ul></html>"
    (tmp_path / "page.mhtml").write_text(
        f"From: <SavedResponse by Blink>\nSnapshot-Content-Location: {LAMPS}\nDate: Mon, 2 Mar 2026 14:00:00 +0800\n"
        'MIME-Version: 1.0\nContent-Type: multipart/related; type="text/html"; boundary="----b"\n\n------b\n'
        f"Content-Type: text/html\nContent-Transfer-Encoding: base64\nContent-Location: {LAMPS}\n\n"
        f"{base64.encodebytes(page.encode()).decode()}\n------b\nContent-Type: text/css\n\nbody {{}}\n------b--\n"
    )
    assert rolemix("ingest", "page.mhtml").code == 0
    assert [one["title"] for one in postings(tmp_path).values()] == ["Lamp Keeper – Oslo"]
    with sqlite3.connect(tmp_path / "rolemix.db") as connection:
        assert connection.execute("SELECT observed_at FROM runs").fetchone()[0].startswith("2026-03-02 06:00:00")


def test_posting_of_a_job_site_needs_the_board(rolemix: Rolemix, tmp_path: Path) -> None:
    (tmp_path / "job.html").write_text(job(4400000001, "Lamp Keeper", "Trim the wicks."))
    result = rolemix("ingest", "job.html", "--observed-at", DAY)
    assert (result.code, result.out) == (1, "")
    assert "is from linkedin" in result.sentence
    assert rolemix("ingest", "job.html", "--observed-at", DAY, "--board", LAMPS).code == 0
    assert postings(tmp_path)["4400000001"]["description"] == "Trim the wicks."


def test_posting_goes_to_the_only_board_of_its_system(rolemix: Rolemix, tmp_path: Path) -> None:
    (tmp_path / "list.html").write_text(f"<!-- saved from url=(0070){LAMPS} -->{card(4400000001, 'Lamp Keeper')}")
    (tmp_path / "job.html").write_text(job(4400000001, "Lamp Keeper", "Trim the wicks."))
    result = rolemix("ingest", "list.html", "job.html", "--observed-at", DAY, "--format", "json")
    assert (result.code, rows(result)[LAMPS]["postings"]) == (0, 1)
    (posting,) = postings(tmp_path).values()
    assert (posting["description"], posting["date_posted"]) == ("Trim the wicks.", "2026-02-20")


# Sessions


def test_session_of_several_boards_is_a_run_each_and_the_rest_is_counted(
    rolemix: Rolemix, har: Callable[..., Path], tmp_path: Path
) -> None:
    session = har(
        entry("https://www.example.org/news", "<html>news</html>"),
        entry(f"{GUESTS}&start=0", f"<!DOCTYPE html>{card(4400000001, 'Lamp Keeper')}"),
        entry(f"{GUESTS}&start=10", b"<!DOCTYPE html><!---->"),
        entry("https://www.linkedin.com/li/track", "{}", "application/json", method="POST"),
        entry(
            "https://no.linkedin.com/jobs/view/lamp-keeper-at-fogport-4400000001?refId=x",
            job(4400000001, "Lamp Keeper", "Trim the wicks."),
            referer=LAMPS,
        ),
        entry(JOBLIST, listed({"encryptJobId": "abc~", "jobName": "护士"}).encode(), "application/json"),
    )
    result = rolemix("ingest", session, "--format", "json")
    assert result.code == 0
    assert {board: row["postings"] for board, row in rows(result).items()} == {LAMPS: 1, NURSES: 1}
    assert result.sentence == "skipped: 2 requests to another address"
    found = postings(tmp_path)
    assert found["4400000001"]["description"] == "Trim the wicks."
    assert found["abc~"]["base_salary"]["min_value"] == 8000
    assert "林招聘" not in str(found)


def test_post_requests_of_a_session_show_their_search(rolemix: Rolemix, har: Callable[..., Path]) -> None:
    record = {"positionId": 1, "positionName": "护士", "city": "上海", "createTime": "今天 09:15", "salary": "6k-10k"}
    found = {"content": {"positionResult": {"totalCount": 1, "result": [record]}}}
    session = har(
        entry(
            "https://www.lagou.com/jobs/positionAjax.json?city=%E4%B8%8A%E6%B5%B7&needAddtionalResult=false",
            json.dumps(found),
            "application/json",
            method="POST",
            posted={"mimeType": "application/x-www-form-urlencoded", "text": "first=true&pn=1&kd=%E6%8A%A4%E5%A3%AB"},
        )
    )
    result = rolemix("ingest", session, "--format", "json")
    assert list(rows(result)) == ["https://www.lagou.com/wn/jobs?kd=%E6%8A%A4%E5%A3%AB&city=%E4%B8%8A%E6%B5%B7"]


def test_relative_date_is_read_against_the_time_of_its_own_answer(
    rolemix: Rolemix, har: Callable[..., Path], tmp_path: Path
) -> None:
    record = {"positionId": 1, "positionName": "护士", "city": "上海", "createTime": "今天 09:15", "salary": "6k-10k"}
    body = json.dumps({"content": {"positionResult": {"totalCount": 1, "result": [record]}}})
    url = "https://www.lagou.com/jobs/positionAjax.json?kd=x"
    rolemix("ingest", har(entry(url, body, at="2026-02-27T10:00:00+08:00")), "--observed-at", DAY)
    posting = postings(tmp_path)["1"]
    assert (posting["date_posted"], posting["date_posted_raw"]) == ("2026-02-27T09:15:00+08:00", None)


def test_block_in_a_session_is_a_block(rolemix: Rolemix, har: Callable[..., Path]) -> None:
    wall = json.dumps({"code": 37, "message": "您的环境存在异常.", "zpData": {}})
    result = rolemix("ingest", har(entry(JOBLIST, wall, "application/json")), "--format", "json")
    assert result.code == 1
    row = rows(result)[NURSES]
    assert (row["verdict"], row["postings"]) == ("blocked", None)
    assert "code 37" in row["reason"]


def test_posting_that_is_gone_closes_and_nothing_else_does(rolemix: Rolemix, har: Callable[..., Path]) -> None:
    both = card(4400000001, "Lamp Keeper") + card(4400000002, "Wick Trimmer")
    rolemix("ingest", har(entry(GUESTS, both, at="2026-03-01T10:00:00Z")))
    page = "https://www.linkedin.com/jobs/view/4400000001"
    later = har(entry(GUESTS, "<!DOCTYPE html>"), entry(page, "", status=404, referer=LAMPS))
    result = rolemix("ingest", later, "--format", "json")
    row = rows(result)[LAMPS]
    assert (row["verdict"], row["closed"]) == ("incomplete", 1)


def test_what_a_board_answers_besides_its_list_costs_the_run_nothing(
    rolemix: Rolemix, har: Callable[..., Path]
) -> None:
    record = {
        "id": "a",
        "text": "Nurse",
        "hostedUrl": f"{QUILLMOTH}/a",
        "categories": {},
        "descriptionPlain": "By night.",
    }
    session = har(
        entry(QUILLMOTH, "<html>the board's page</html>"),
        entry("https://api.lever.co/v0/postings/quillmoth?mode=json", json.dumps([record]), "application/json"),
    )
    result = rolemix("ingest", session, "--format", "json")
    assert (result.code, rows(result)[QUILLMOTH]["verdict"]) == (0, "complete")
    assert result.sentence == "skipped: 1 response with neither a list nor a posting"


def test_board_without_a_list_in_the_session_has_no_run(rolemix: Rolemix, har: Callable[..., Path]) -> None:
    company = entry("https://www.zhipin.com/gongsi/a1b2~.html", "<html>雾港医院</html>")
    result = rolemix("ingest", har(entry(GUESTS, card(4400000001, "Lamp Keeper")), company), "--format", "json")
    assert (result.code, list(rows(result))) == (0, [LAMPS])
    alone = rolemix("ingest", har(company))
    assert (alone.code, alone.out) == (1, "")
    assert "skipped: 1 response with neither" in alone.sentence


def test_only_the_named_board_is_taken_from_a_session(rolemix: Rolemix, har: Callable[..., Path]) -> None:
    session = har(
        entry(GUESTS, card(4400000001, "Lamp Keeper")),
        entry(JOBLIST, listed({"encryptJobId": "abc~", "jobName": "护士"}), "application/json"),
    )
    result = rolemix("ingest", session, "--board", LAMPS, "--format", "json")
    assert (result.code, list(rows(result))) == (0, [LAMPS])


def test_session_of_the_simulator_is_what_the_simulator_holds(rolemix: Rolemix, har: Callable[..., Path]) -> None:
    world = World.sized(boards=1, postings=70, systems=["boss"])
    (board,) = world.boards
    api = "https://www.zhipin.com/wapi/zpgeek/search/joblist.json?scene=1&query=specimen-001"
    with Simulator(world) as simulator:
        responses: dict[str, Response] = {
            url: fetch(simulator, url, headers={"Cookie": "__zp_stoken__=x; wt2=y"})
            for url in (f"{api}&page={page}&pageSize=30" for page in (1, 2, 3))
        }
    session = har(*(entry(url, one.body, "application/json") for url, one in responses.items()))
    result = rolemix("ingest", session, "--format", "json")
    row = rows(result)[board.url]
    assert (row["verdict"], row["postings"]) == ("incomplete", 70)
    assert "70 reported, 70 seen" in row["reason"]
    assert "about ten pages" in row["reason"]


# Folders


def test_folder_is_read_and_what_a_browser_saved_beside_its_pages_is_not(rolemix: Rolemix, tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    (saved / "one_files").mkdir(parents=True)
    (saved / "one.html").write_text(f"<!-- saved from url=(0070){LAMPS} -->{card(4400000001, 'Lamp Keeper')}")
    (saved / "one_files" / "two.html").write_text(f"<!-- saved from url=(0070){LAMPS} -->{card(4400000002, 'No')}")
    (saved / "deeper").mkdir()
    (saved / "deeper" / "list.json").write_text('{"shopping": ["wicks"]}')
    (saved / "picture.png").write_bytes(b"\x89PNG")
    result = rolemix("ingest", "saved", "--observed-at", DAY, "--format", "json")
    assert (result.code, rows(result)[LAMPS]["postings"]) == (0, 1)
    assert result.sentence == "skipped: 1 file of no recognised system (name its board with --board)"


# What is known of a posting from before


def test_later_list_does_not_take_the_text_away(rolemix: Rolemix, har: Callable[..., Path], tmp_path: Path) -> None:
    page = job(4400000001, "Lamp Keeper", "Trim the wicks.")
    rolemix(
        "ingest",
        har(
            entry(GUESTS, card(4400000001, "Lamp Keeper"), at="2026-03-01T10:00:00Z"),
            entry("https://www.linkedin.com/jobs/view/4400000001", page, at="2026-03-01T10:01:00Z"),
        ),
    )
    result = rolemix("ingest", har(entry(GUESTS, card(4400000001, "Lamp Keeper"))), "--format", "json")
    assert rows(result)[LAMPS]["changed"] == 0
    again = rolemix(
        "ingest", har(entry(GUESTS, card(4400000001, "Head Keeper"), at="2026-03-03T10:00:00Z")), "--format", "json"
    )
    assert rows(again)[LAMPS]["changed"] == 1
    posting = postings(tmp_path)["4400000001"]
    assert (posting["title"], posting["description"]) == ("Head Keeper", "Trim the wicks.")


# Employers


def test_searchs_postings_are_reported_by_their_employers(rolemix: Rolemix, har: Callable[..., Path]) -> None:
    jobs = [
        {"encryptJobId": "a~", "jobName": "护士"},
        {"encryptJobId": "b~", "jobName": "算法工程师", "brandName": "灯塔科技"},
        {"encryptJobId": "c~", "jobName": "算法工程师", "brandName": "某知名互联网公司"},
        {"encryptJobId": "d~", "jobName": "算法工程师", "brandName": "云帆猎头", "goldHunter": 1},
    ]
    rolemix("ingest", har(entry(JOBLIST, listed(*jobs), "application/json")))
    report = json.loads(rolemix("report", "--format", "json").out)
    assert {one["company"]: one["open"] for one in report["companies"]} == {
        "employers not named (BOSS Zhipin)": 2,
        "灯塔科技 (BOSS Zhipin)": 1,
        "雾港医院 (BOSS Zhipin)": 1,
    }
    assert {one["open_before"] for one in report["companies"]} == {None}
    (evidence,) = report["companies"][1]["boards"]
    assert (evidence["url"], evidence["open"], evidence["seen_whole"]) == (NURSES, 1, None)
    one = json.loads(rolemix("report", "灯塔科技 (boss zhipin)", "--format", "json").out)
    assert [company["company"] for company in one["companies"]] == ["灯塔科技 (BOSS Zhipin)"]


def test_one_posting_in_two_searches_is_one(rolemix: Rolemix, har: Callable[..., Path]) -> None:
    one = listed({"encryptJobId": "a~", "jobName": "护士"})
    rolemix("ingest", har(entry(JOBLIST, one), entry(f"{JOBLIST}&city=101020100", one)))
    report = json.loads(rolemix("report", "--format", "json").out)
    assert [(company["company"], company["open"]) for company in report["companies"]] == [("雾港医院 (BOSS Zhipin)", 1)]
    assert len(report["companies"][0]["boards"]) == 2


def test_the_users_name_stands_for_all_of_a_search(rolemix: Rolemix, har: Callable[..., Path]) -> None:
    jobs = [
        {"encryptJobId": "a~", "jobName": "护士"},
        {"encryptJobId": "b~", "jobName": "护士", "brandName": "灯塔科技"},
    ]
    rolemix("ingest", har(entry(JOBLIST, listed(*jobs))), "--company", "Nurses")
    report = json.loads(rolemix("report", "--format", "json").out)
    assert [(company["company"], company["open"]) for company in report["companies"]] == [("Nurses", 2)]


def test_the_feed_names_the_employer(rolemix: Rolemix, har: Callable[..., Path], tmp_path: Path) -> None:
    rolemix("ingest", har(entry(JOBLIST, listed({"encryptJobId": "a~", "jobName": "护士"}))))
    assert rolemix("feed", "-o", "feed.json").code == 0
    (item,) = json.loads((tmp_path / "feed.json").read_text())["items"]
    assert item["_rolemix"]["company"] == "雾港医院 (BOSS Zhipin)"
    assert item["_jobposting"]["hiringOrganization"]["name"] == "雾港医院"


# Bad input


def test_ingest_without_postings_exits_with_one(rolemix: Rolemix, tmp_path: Path) -> None:
    (tmp_path / "wall.html").write_text("<html>captcha</html>")
    result = rolemix("ingest", "wall.html", "--observed-at", DAY, "--board", QUILLMOTH)
    assert result.code == 1
    assert "blocked" in result.out


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("none.json", "--observed-at", DAY, "--board", QUILLMOTH), "cannot read none.json"),
        (("none.json", "--observed-at", "", "--board", QUILLMOTH), "--observed-at is empty"),
        (("none.json", "--observed-at", "soon", "--board", QUILLMOTH), "is not a date"),
        (("none.json", "--observed-at", DAY, "--board", "https://example.com"), "https://example.com"),
        (("words.har",), "words.har is not a HAR file"),
        (("list.har",), "list.har is not a HAR file"),
        (("entry.har",), "entry.har is not a HAR file: entry 1 is malformed"),
        (("empty.har",), "no response from a known board in empty.har"),
        (("page.mhtml",), "page.mhtml is not a page saved as MHTML"),
        (("nothing",), "no response from a known board in nothing"),
        (("wall.html", "--board", QUILLMOTH), "wall.html does not show when it was saved: give the date"),
        (("future.har",), "is in the future"),
    ],
)
def test_bad_input_is_one_sentence(
    rolemix: Rolemix, tmp_path: Path, har: Callable[..., Path], arguments: tuple[str, ...], sentence: str
) -> None:
    (tmp_path / "nothing").mkdir()
    (tmp_path / "wall.html").write_text("<html>captcha</html>")
    (tmp_path / "words.har").write_text("not JSON")
    (tmp_path / "list.har").write_text("[]")
    (tmp_path / "entry.har").write_text('{"log": {"entries": [{}]}}')
    (tmp_path / "page.mhtml").write_text("MIME-Version: 1.0\nContent-Type: text/css\n\nbody {}")
    har(name="empty.har")
    har(entry(GUESTS, card(4400000001, "Lamp Keeper"), at="2226-03-01T00:00:00Z"), name="future.har")
    result = rolemix("ingest", *arguments)
    assert (result.code, result.out) == (1, "")
    assert sentence in result.sentence


def test_body_that_is_not_base64_is_skipped(rolemix: Rolemix, tmp_path: Path, har: Callable[..., Path]) -> None:
    session = har(entry(GUESTS, card(4400000001, "Lamp Keeper")), entry(JOBLIST, b"x"))
    result = json.loads(session.read_text())
    result["log"]["entries"][1]["response"]["content"]["text"] = "***"
    session.write_text(json.dumps(result))
    found = rolemix("ingest", session, "--format", "json")
    assert list(rows(found)) == [LAMPS]
    assert found.sentence == "skipped: 1 response with neither a list nor a posting"
