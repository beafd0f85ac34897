"""The feed: JSON Feed 1.1 as its specification says, the same bytes for the same history, hostile text inert."""

from __future__ import annotations

import dataclasses
import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from reader import make_reader

from classifier.model.tag import SURE
from classifier.model.tagger import Tagger
from classifier.taxonomy import Taxonomy
from crawler.runs.saved import Stated
from crawler.systems import find_board
from postings.errors import RolemixError
from postings.facts import FACT_KINDS
from postings.store import Store
from rolemix.analysis.report import role_mix
from rolemix.collecting.ingesting import ingest
from rolemix.publishing.json_feed import FeedAddresses, _write, write_feed
from rolemix.tagging.facts import read_new
from rolemix.tagging.retag import tag_new
from simulator.world import World
from tests.rolemix.conftest import QUILLMOTH, History, Rolemix, crawl_week

MOMENT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$"}
ADDRESS = {"type": "string", "pattern": "^https?://"}
TEXT = {"type": "string", "minLength": 1}
ITEM = {
    "type": "object",
    "required": ["id"],
    "anyOf": [{"required": ["content_text"]}, {"required": ["content_html"]}],
    "properties": {
        "id": TEXT,
        "url": ADDRESS,
        "external_url": ADDRESS,
        "title": {"type": "string"},
        "content_html": {"type": "string"},
        "content_text": {"type": "string"},
        "summary": {"type": "string"},
        "date_published": MOMENT,
        "date_modified": MOMENT,
        "tags": {"type": "array", "items": TEXT},
        "language": {"type": "string", "pattern": "^[a-z]{2}$"},
        "authors": {
            "type": "array",
            "minItems": 1,
            "items": {"anyOf": [{"required": ["name"]}, {"required": ["url"]}, {"required": ["avatar"]}]},
        },
    },
    "patternProperties": {"^_[A-Za-z]": {"type": "object", "propertyNames": {"pattern": r"^[^.]*$"}}},
    "additionalProperties": False,
}
FEED = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "required": ["version", "title", "items"],
    "properties": {
        "version": {"const": "https://jsonfeed.org/version/1.1"},
        "title": TEXT,
        "home_page_url": ADDRESS,
        "feed_url": ADDRESS,
        "items": {"type": "array", "items": ITEM},
    },
    "patternProperties": {"^_[A-Za-z]": {"type": "object", "propertyNames": {"pattern": r"^[^.]*$"}}},
    "additionalProperties": False,
}
"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/), as far as a feed of postings uses it."""

JOB_POSTING = {
    "type": "object",
    # What search engines require of a schema.org JobPosting; datePosted stands only where the board states it.
    "required": ["@context", "@type", "title", "description", "hiringOrganization", "identifier"],
    "anyOf": [{"required": ["jobLocation"]}, {"properties": {"jobLocationType": {"const": "TELECOMMUTE"}}}],
    "properties": {
        "@context": {"const": "https://schema.org/"},
        "@type": {"const": "JobPosting"},
        "title": TEXT,
        "description": TEXT,
        "hiringOrganization": {"required": ["@type", "name"], "properties": {"name": TEXT}},
        "identifier": {"required": ["@type", "name", "value"]},
        "jobLocation": {
            "type": "array",
            "minItems": 1,
            "items": {"required": ["@type"], "properties": {"@type": {"const": "Place"}}},
        },
        "employmentType": {"type": "array", "minItems": 1},
        "baseSalary": {
            "required": ["@type", "currency", "value"],
            "properties": {
                "currency": {"pattern": "^[A-Z]{3}$"},
                "value": {"required": ["@type"], "anyOf": [{"required": ["minValue"]}, {"required": ["maxValue"]}]},
            },
        },
    },
}
OURS = {
    "company",
    "board",
    "role",
    "focus",
    "confidence",
    "sure",
    "model",
    "taxonomy",
    "first_seen",
    "last_seen",
    "opened",
    "closed",
    "closed_reason",
    "redirects_to",
    "urgent",
    "facts",
}


def written(database: Path, out: Path, tagger: Tagger, **how: str) -> bytes:
    with Store.open(database) as store:
        tag_new(store, tagger)
        read_new(store)
        count = write_feed(store, out, tagger.info, FeedAddresses(**how))
    text = out.read_bytes()
    assert len(json.loads(text)["items"]) == count
    return text


@pytest.fixture(scope="module")
def raw(history: History, tagger: Tagger, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return written(history.path, tmp_path_factory.mktemp("feed") / "feed.json", tagger)


@pytest.fixture(scope="module")
def feed(raw: bytes) -> dict[str, Any]:
    read = json.loads(raw)
    assert isinstance(read, dict)
    return read


def test_the_feed_is_a_json_feed(feed: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(FEED).validate(feed)
    assert len(feed["items"]) > 200


def test_a_feed_reader_reads_it(feed: dict[str, Any], raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "feed.json").write_bytes(raw)
    with make_reader(":memory:", feed_root=str(tmp_path)) as reader:
        reader.add_feed("feed.json")
        reader.update_feeds()
        assert reader.get_feed("feed.json").title == feed["title"]
        read = {entry.id: entry for entry in reader.get_entries()}
    assert set(read) == {item["id"] for item in feed["items"]}
    for item in feed["items"]:
        entry = read[item["id"]]
        assert (entry.title, entry.link) == (item["title"], item["url"])
        assert entry.published == datetime.fromisoformat(item["date_published"])
        assert entry.content[0].value == item["content_text"]


def test_the_schema_rejects_what_is_no_feed(feed: dict[str, Any]) -> None:
    item = feed["items"][0]
    for broken in ({**item, "id": 3}, {**item, "date_published": "2026-03-01"}, {**item, "url": "javascript:x"}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**feed, "items": [broken]}, FEED)


def test_every_posting_is_a_job_posting(feed: dict[str, Any]) -> None:
    for item in feed["items"]:
        jsonschema.validate(item["_jobposting"], JOB_POSTING)


def test_a_date_is_missing_only_where_the_board_states_none(history: History, feed: dict[str, Any]) -> None:
    undated = {
        item["_jobposting"]["identifier"]["value"] for item in feed["items"] if "datePosted" not in item["_jobposting"]
    }
    # A standing call for applications has no date of publication.
    standing = {
        posting.identifier
        for board in history.world.boards
        for posting in history.world.postings(board.url)
        if posting.prospect
    }
    assert undated <= standing


def test_our_extension_has_every_key(feed: dict[str, Any], tagger: Tagger, taxonomy: Taxonomy) -> None:
    for item in feed["items"]:
        ours = item["_rolemix"]
        assert set(ours) == OURS
        assert ours["focus"] == taxonomy.focus_by_role[ours["role"]]
        assert 0 < ours["confidence"] <= 1
        assert ours["sure"] is True or ours["confidence"] < SURE
        assert ours["model"] == tagger.model
        assert ours["first_seen"] <= ours["opened"] <= ours["last_seen"]
        assert (ours["closed"] is None) == (ours["closed_reason"] is None)


def test_open_and_closed_equal_the_truth(history: History, feed: dict[str, Any]) -> None:
    for board in history.world.boards:
        items = {
            item["_jobposting"]["identifier"]["value"]: item["_rolemix"]
            for item in feed["items"]
            if item["_rolemix"]["board"] == board.url
        }
        listed = history.world.identifiers(board.url, 6) - history.world.paused(board.url, 6)
        if "cinderquay" in board.url:  # its last run failed
            listed = history.world.identifiers(board.url, 4)
        assert {identifier for identifier, ours in items.items() if ours["closed"] is None} == listed
    assert any(item["_rolemix"]["closed"] for item in feed["items"])


def test_each_company_has_its_mix(history: History, feed: dict[str, Any], tagger: Tagger) -> None:
    with Store.open(history.path) as store:
        report = role_mix(store, tagger.info, against=timedelta(days=6))
    ours = feed["_rolemix"]
    assert (ours["at"], ours["model"]) == (report.at.isoformat(), tagger.model)
    assert [company["company"] for company in ours["companies"]] == [company.company for company in report.companies]
    for found, company in zip(ours["companies"], report.companies, strict=True):
        assert (found["postings"], found["notes"]) == (company.open, list(company.notes))
        by_line = {(row["focus"], row["role"]): row for row in found["mix"]}
        for share in company.mix:
            row = by_line[share.focus, share.role]
            values = (row["share"], row["low"], row["high"])
            assert values == pytest.approx((share.share, share.low, share.high), abs=1e-4)


def test_newest_first(feed: dict[str, Any]) -> None:
    keys = [item["_rolemix"]["first_seen"] for item in feed["items"]]
    assert keys == sorted(keys, reverse=True)
    assert keys[0] != keys[-1]


def test_an_item_was_published_when_its_board_says_and_was_there_to_be_seen(feed: dict[str, Any]) -> None:
    stated = 0
    for item in feed["items"]:
        seen, posted = item["_rolemix"]["first_seen"], item["_jobposting"].get("datePosted")
        published = datetime.fromisoformat(item["date_published"])
        assert published <= datetime.fromisoformat(seen)
        if posted is None:
            assert item["date_published"] == seen
        else:
            stated += 1
            assert item["date_published"][:10] == min(posted, seen)[:10]
    assert stated > 50


def test_facts_come_with_their_words(feed: dict[str, Any]) -> None:
    kinds = {fact["kind"] for item in feed["items"] for fact in item["_rolemix"]["facts"]}
    assert kinds <= set(FACT_KINDS)
    assert kinds >= {"country", "city", "technology", "seniority", "language", "pay", "experience", "education"}
    for item in feed["items"]:
        for fact in item["_rolemix"]["facts"]:
            if fact["kind"] == "technology":
                text = f"{item['title']}\n{item['content_text']}"
                assert fact["words"] in text, fact


def test_ids_are_unique(feed: dict[str, Any]) -> None:
    ids = [item["id"] for item in feed["items"]]
    assert len(set(ids)) == len(ids)


def test_the_same_store_gives_the_same_bytes(history: History, raw: bytes, tagger: Tagger, tmp_path: Path) -> None:
    assert written(history.path, tmp_path / "again.json", tagger) == raw


def test_the_same_world_gives_the_same_bytes(raw: bytes, tagger: Tagger, tmp_path: Path) -> None:
    other = crawl_week(tmp_path / "other.db")
    assert written(other.path, tmp_path / "feed.json", tagger) == raw


def test_an_id_outlives_a_new_title_and_a_new_opening(
    tmp_path: Path, save_response: Callable[..., Path], tagger: Tagger
) -> None:
    database, board = tmp_path / "db", find_board(QUILLMOTH)
    days = (
        [("a", "Lamp Keeper"), ("b", "Nurse"), ("c", "Cook"), ("d", "Diver")],
        [("b", "Nurse"), ("c", "Cook"), ("d", "Diver")],
        [("a", "Senior Lamp Keeper"), ("b", "Nurse"), ("c", "Cook"), ("d", "Diver")],
    )
    found = []
    for day, rows in enumerate(days):
        with Store.open(database) as store:
            ingest(store, [save_response("postings.json", *rows)], Stated(board=board, observed_at=World.date(day)))
        items = json.loads(written(database, tmp_path / "feed.json", tagger))["items"]
        (item,) = [item for item in items if "Lamp Keeper" in item["title"]]
        found.append(item)
    assert len({item["id"] for item in found}) == 1
    assert [item["_rolemix"]["closed"] for item in found] == [None, World.date(1).isoformat(), None]
    assert len({item["date_published"] for item in found}) == 1
    assert [item["date_modified"] for item in found] == [World.date(day).isoformat() for day in range(3)]
    assert ["closed" in item["tags"] for item in found] == [False, True, False]
    assert found[2]["title"].startswith("Senior Lamp Keeper")


HOSTILE = 'Nurse </script><script>alert("x")</script> \\ "quoted" \'single\' \u2028 =1+1'


def test_hostile_text_is_a_string_and_no_address(
    tmp_path: Path, save_response: Callable[..., Path], tagger: Tagger
) -> None:
    file = save_response("postings.json", ("a", HOSTILE + "\x1b]0;x\x07\x00\ud83d"), hostedUrl="javascript:alert(1)")
    with Store.open(tmp_path / "db") as store:
        ingest(store, [file], Stated(board=find_board(QUILLMOTH), observed_at=World.date(0)), company="A\x9b31m\u202e")
    raw = written(tmp_path / "db", tmp_path / "feed.json", tagger).decode()
    read = json.loads(raw)
    jsonschema.validate(read, FEED)
    (item,) = read["items"]
    assert '</script><script>alert("x")</script> \\ "quoted"' in item["title"]
    assert "url" not in item
    assert "url" not in item["_jobposting"]
    assert item["_rolemix"]["company"] == "A\x9b31m\u202e"
    assert not set(raw) & set("\x00\x1b\x07\x9b\u202e\u2028")


def test_a_lone_surrogate_survives_as_json(tmp_path: Path) -> None:
    from rolemix.files import replacing

    with replacing(tmp_path / "feed.json", errors="backslashreplace") as out:
        assert _write(out, {"version": "1"}, iter([{"id": "a\ud83d"}])) == 1
    assert json.loads((tmp_path / "feed.json").read_bytes())["items"] == [{"id": "a\ud83d"}]


def test_no_items_are_still_a_feed() -> None:
    out = io.StringIO()
    assert _write(out, {"version": FEED["properties"]["version"]["const"], "title": "t"}, iter(())) == 0  # type: ignore[index]
    jsonschema.validate(json.loads(out.getvalue()), FEED)


def test_addresses_of_the_feed(history: History, tagger: Tagger, tmp_path: Path) -> None:
    where = {"home_page_url": "https://lamps.example/", "feed_url": "https://lamps.example/feed.json"}
    read = json.loads(written(history.path, tmp_path / "feed.json", tagger, **where))
    assert {name: read[name] for name in where} == where


# The command


def test_the_command_writes_the_same(history: History, raw: bytes, rolemix: Rolemix, tmp_path: Path) -> None:
    result = rolemix("feed", "--db", history.path, "-o", "sub/feed.json")
    assert (result.code, result.out) == (0, "")
    assert result.sentence == f"wrote sub/feed.json ({len(json.loads(raw)['items'])} postings)"
    assert (tmp_path / "sub" / "feed.json").read_bytes() == raw


@pytest.mark.parametrize("out", [".", "file/feed.json"])
def test_a_file_that_cannot_be_written(history: History, rolemix: Rolemix, tmp_path: Path, out: str) -> None:
    (tmp_path / "file").write_text("")
    result = rolemix("feed", "--db", history.path, "-o", out)
    assert result.code == 1
    assert f"cannot write the feed to {out}" in result.sentence
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_a_feed_that_cannot_be_finished_leaves_the_old_one(tmp_path: Path, history: History, tagger: Tagger) -> None:
    out = tmp_path / "feed.json"
    out.write_text("old")
    foreign = Taxonomy(version="0", focuses=(), roles=())
    with Store.open(history.path) as store, pytest.raises((RolemixError, KeyError)):
        write_feed(store, out, dataclasses.replace(tagger.info, taxonomy=foreign, quantifier=None))
    assert out.read_text() == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["feed.json"]


def test_a_missing_store_is_not_created(rolemix: Rolemix, tmp_path: Path) -> None:
    result = rolemix("feed", "--db", "typo.db")
    assert result.code == 1
    assert "there is no store at typo.db" in result.sentence
    assert list(tmp_path.iterdir()) == []
