"""Labelling: candidates of a store or a file, their order, the steps of a session, and the report on labels."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from classifier.model.tagger import Tagger
from classifier.taxonomy import Taxonomy
from classifier.training.corpus import text_key
from classifier.training.labels import Label, LabelFile, Picked
from crawler.runs.saved import Stated
from crawler.systems import find_board
from postings.errors import RolemixError
from postings.store import Store, queries
from rolemix.collecting.ingesting import ingest
from rolemix.tagging.labelling import Candidate, Session, from_rows, from_store, in_order, report
from rolemix.tagging.retag import tag_new
from simulator.world import World
from tests.rolemix.conftest import QUILLMOTH, History

ROWS = [
    {"id": 1, "title": "Registered Nurse", "company": "Ward"},
    {"id": 2, "title": "Solutions Researcher", "company": "Acme"},
    {"id": 3, "title": "Solutions Researcher", "company": "Acme", "description": "in another town"},
    {"id": 4, "title": "Registered  Nurse", "company": "Clinic"},
    {"title": "Data Center Design Recruiter"},
]


@pytest.fixture
def candidates(tagger: Tagger) -> list[Candidate]:
    return list(from_rows(ROWS, tagger))


@pytest.fixture
def file(tmp_path: Path, taxonomy: Taxonomy) -> LabelFile:
    return LabelFile(tmp_path / "labels.jsonl", taxonomy)


def margin(one: Candidate) -> float:
    first, second = sorted(one.tag.roles.values())[-2:][::-1]
    return first - second


def test_least_certain_comes_first_and_the_same_title_later(candidates: list[Candidate]) -> None:
    order = list(in_order(candidates, (), Picked.UNSURE))
    assert len(order) == len(candidates)
    assert margin(order[0]) == min(map(margin, candidates))
    titles = [one.title for one in order]
    assert {titles[0], titles[1]} == {"Solutions Researcher", "Data Center Design Recruiter"}


def test_labelled_postings_are_not_shown_again(candidates: list[Candidate]) -> None:
    done = {candidates[1].key, candidates[0].key}
    for picked in Picked:
        assert {one.key for one in in_order(candidates, done, picked)} == {one.key for one in candidates} - done


def test_session_decides_skips_and_undoes(candidates: list[Candidate], file: LabelFile, tagger: Tagger) -> None:
    session = Session(candidates, file, tagger.info, Picked.UNSURE)
    assert session.left == 4, "two nurses have one text"
    first = session.current
    assert first is not None
    label = session.decide("annotation", "2026-03-01")
    assert LabelFile(file.path, Taxonomy.load()).labels == {first.key: label}
    assert (label.title, label.company, label.guess) == (first.title, first.company, first.tag.role)
    assert (label.model, label.codebook, label.picked) == (tagger.model, tagger.info.taxonomy.version, Picked.UNSURE)
    second = session.current
    session.skip()
    third = session.current
    assert (session.added, session.left) == (1, 3)
    assert session.undo()
    assert session.current is second
    assert session.undo()
    assert (session.current, session.added, session.left) == (first, 0, 4)
    assert file.path.read_bytes() == b""
    assert not session.undo()
    session.decide("annotation", "2026-03-01")
    assert session.current is second
    session.skip()
    assert session.current is third


def test_finished_session_can_undo(candidates: list[Candidate], file: LabelFile, tagger: Tagger) -> None:
    session = Session(candidates, file, tagger.info, Picked.RANDOM)
    while session.current is not None:
        last = session.current
        session.decide("software", "2026-03-01")
    assert (session.added, session.left, len(file.labels)) == (4, 0, 4)
    with pytest.raises(LookupError):
        session.skip()
    assert session.undo()
    assert session.current is last
    assert Session(candidates, file, tagger.info, Picked.UNSURE).left == 1


def test_candidates_of_a_store(history: History, tagger: Tagger) -> None:
    with Store.open(history.path) as store:
        found = list(from_store(store, tagger.info))
        with store.read() as connection:
            there = list(queries.stream_histories(connection))
        assert len(found) == sum(one.posting.redirects_to is None for one in there) < len(there)
        texts = {f"{one.board_url}#{one.posting.identifier}": one.posting for one in there}
        for one in found[:5]:
            assert one.name is not None
            assert one.load_description() == texts[one.name].description
            assert one.key == text_key(one.title, one.load_description())
        companies = {one.company for one in found}
        (wanted, *_) = sorted(filter(None, companies))
        assert {one.company for one in from_store(store, tagger.info, [wanted.upper()])} == {wanted}
        assert {one.company for one in from_store(store, tagger.info, [wanted[:6].lower()])} == {wanted}
        with pytest.raises(RolemixError, match="the store has no company Nobody: it has"):
            list(from_store(store, tagger.info, ["Nobody"]))


def test_uncertain_postings_of_many_companies_come_first(history: History, tagger: Tagger) -> None:
    with Store.open(history.path) as store:
        found = list(from_store(store, tagger.info))
        order = list(in_order(found, (), Picked.UNSURE))[:12]
    alone = sorted(found, key=margin)[:12]
    assert margin(order[0]) == margin(alone[0])
    assert len({one.company for one in order}) >= len({one.company for one in alone})
    assert len({one.company for one in order}) > 3
    assert len({one.title for one in order}) >= len({one.title for one in alone})
    assert sum(map(margin, order)) / 12 < sum(map(margin, found)) / len(found)


def test_posting_without_a_tag_is_no_candidate(
    tmp_path: Path, save_response: Callable[..., Path], tagger: Tagger
) -> None:
    saved = save_response("p.json", ("a", "Nurse"))
    with Store.open(tmp_path / "db") as store:
        ingest(store, [saved], Stated(board=find_board(QUILLMOTH), observed_at=World.date(0)))
        assert list(from_store(store, tagger.info)) == []
        tag_new(store, tagger)
        (one,) = from_store(store, tagger.info)
    assert (one.name, one.title) == (f"{QUILLMOTH}#a", "Nurse")


def label(number: int, guess: str, role: str, picked: Picked = Picked.UNSURE, model: str = "m1") -> Label:
    return Label(
        key=str(number),
        name=None,
        title="x",
        description="",
        company=f"c{number % 3}",
        role=role,
        codebook="1",
        decided_on="2026-03-01",
        guess=guess,
        confidence=0.4,
        model=model,
        picked=picked,
    )


def test_report_has_agreement_by_model_and_way_of_picking(taxonomy: Taxonomy) -> None:
    labels = [
        *(label(number, "software", "software", Picked.RANDOM) for number in range(8)),
        *(label(number, "compute", "storage", Picked.RANDOM) for number in range(8, 10)),
        label(10, "compute", "storage"),
        label(11, "software", "corporate", model="m2"),
    ]
    tables = report(labels, taxonomy)
    first, second, third = tables["agreement"]
    assert (first["model"], first["picked"], first["labels"], first["companies"]) == ("m1", "random", 10, 3)
    assert (first["same_role"], first["same_focus"]) == (0.8, 1.0)
    assert (first["low"], first["high"]) == (0.4902, 0.9433)
    assert (second["picked"], second["labels"], second["low"], second["high"]) == ("unsure", 1, None, None)
    assert (third["model"], third["same_focus"]) == ("m2", 1.0)
    assert tables["roles"] == [
        {"focus": "infrastructure", "role": "storage", "labels": 3, "predicted": 0, "agreed": 0},
        {"focus": "other", "role": "software", "labels": 8, "predicted": 9, "agreed": 8},
        {"focus": "other", "role": "corporate", "labels": 1, "predicted": 0, "agreed": 0},
    ]
    assert tables["corrections"] == [
        {"predicted": "compute", "role": "storage", "labels": 3},
        {"predicted": "software", "role": "corporate", "labels": 1},
    ]
    assert json.dumps(tables)
    assert report([], taxonomy) == {"agreement": [], "roles": [], "corrections": []}
