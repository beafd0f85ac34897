"""Labels that were added to a corpus, and corrections of its own."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from classifier.training.corpus import CORRECTIONS, LABELS, Corpus, CorpusError, company_groups, read_corpus
from tests.classifier.world import posting, small_corpus, write_corpus


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A corpus with two unlabelled postings."""
    write_corpus(tmp_path, small_corpus())
    unlabelled = [posting(200 + n, "corporate", n) | {"company": "Neu"} for n in range(2)]
    with gzip.open(tmp_path / "unlabelled-zh.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps({key: row[key] for key in row if key != "role"}) + "\n" for row in unlabelled)
    return tmp_path


def test_labels_are_added_and_corrected(folder: Path) -> None:
    (folder / LABELS).write_text("id,role,confidence\ns201,storage,2\nelsewhere,storage,3\n")
    (folder / CORRECTIONS).write_text(
        "id,old,new,why\ns1,product-management,security,because\ngone,storage,security,\n"
    )
    messages: list[str] = []
    corpus = read_corpus(folder, amendments=folder, progress=messages.append)
    assert len(corpus.labelled) == 81
    assert [one["role"] for one in corpus.labelled if one["id"] == "s1"] == ["security"]
    added = corpus.labelled[-1]
    assert (added["id"], added["role"], added["confidence"], added["added"]) == ("s201", "storage", 2, True)
    assert messages == [
        "corrections.csv: 1 of 2 used, 1 skipped because the corpus does not have the posting",
        "labels.csv: 1 of 2 used, 1 skipped because the corpus does not have the posting",
    ]
    assert read_corpus(folder).labelled == small_corpus().labelled


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        (LABELS, b"id,role\ns201,storage\n", "needs the columns id, role, confidence"),
        (LABELS, b"", "needs the columns"),
        (LABELS, b"id,role,confidence\ns201,wizard,3\n", "s201 has an unknown role: 'wizard'"),
        (LABELS, b"id,role,confidence\ns201,storage,4\n", "s201 has an unknown confidence: '4'"),
        (LABELS, b"id,role,confidence\ns201\n", "s201 has an unknown role: None"),
        (LABELS, b"id,role,confidence\ns201,storage,3\ns201,storage,3\n", "has the id s201 twice"),
        (LABELS, b"id,role,confidence\n\xff,storage,3\n", "is not CSV in UTF-8"),
        (
            CORRECTIONS,
            b"id,old,new,why\ns1,storage,security,\n",
            "corrects s1 from 'storage', but its label is 'product-man",
        ),
    ],
)
def test_labels_that_cannot_be_used_are_refused(folder: Path, name: str, content: bytes, sentence: str) -> None:
    (folder / name).write_bytes(content)
    with pytest.raises(CorpusError, match=sentence):
        read_corpus(folder, amendments=folder)


def test_an_added_label_of_a_gold_posting_is_refused(folder: Path) -> None:
    gold = small_corpus().gold[0]
    with gzip.open(folder / "unlabelled-en.jsonl.gz", "wt", encoding="utf-8") as lines:
        lines.write(json.dumps(gold))
    (folder / LABELS).write_text(f"id,role,confidence\n{gold['id']},storage,3\n")
    with pytest.raises(CorpusError, match="is also labelled"):
        read_corpus(folder, amendments=folder)


def test_companies_that_share_a_posting_are_one() -> None:
    one, same, third = posting(1, "corporate", 0), posting(1, "corporate", 0), posting(2, "corporate", 1)
    names = ("Acme", "Acme Deutschland", "Acme Deutschland")
    rows = [row | {"company": name, "id": name} for row, name in zip((one, same, third), names, strict=True)]
    assert len(set(company_groups(rows))) == 1
    rows[1]["description"] = "Another posting of another firm"
    assert len(set(company_groups(rows))) == 2


def test_a_corpus_may_be_empty_of_gold() -> None:
    assert Corpus(small_corpus().labelled).gold == ()


@pytest.mark.parametrize(("change", "message"), [({"id": "s1"}, "same id"), ({}, "same text")])
def test_gold_posting_among_the_labelled_is_refused(change: dict[str, str], message: str) -> None:
    labelled = posting(1, "corporate", 1)
    gold = labelled | {"id": "g1"} | change
    if message == "same id":
        gold["title"] = "Another"
    with pytest.raises(CorpusError, match=message):
        Corpus((labelled,), (gold,))


def test_spellings_of_a_company_are_one_group_and_no_company_is_a_group_of_its_own() -> None:
    names = ("Acme  GmbH ", "ACME GmbH", None)
    rows = [posting(number, "corporate", 0) | {"company": name} for number, name in enumerate(names)]
    first, second, third = company_groups(rows)
    assert first == second != third
    assert company_groups([rows[2] | {"id": "other"}]) != [third]


def test_corpus_is_read_as_written(corpus: Corpus, tmp_path: Path) -> None:
    write_corpus(tmp_path, corpus)
    assert read_corpus(tmp_path) == corpus


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "labelled.jsonl.gz: No such file"),
        (b"plain text", "cannot read"),
        (b"\x1f\x8b\x08\x00\x00", ", line 1: "),
    ],
)
def test_damaged_corpus_is_refused(corpus: Corpus, tmp_path: Path, content: bytes | None, message: str) -> None:
    write_corpus(tmp_path, corpus)
    file = tmp_path / "labelled.jsonl.gz"
    file.unlink() if content is None else file.write_bytes(content)
    with pytest.raises(CorpusError, match=message):
        read_corpus(tmp_path)


@pytest.mark.parametrize("content", [b"\x1f\x8b", b"damaged"])
def test_corpus_cut_short_is_refused(corpus: Corpus, tmp_path: Path, content: bytes) -> None:
    write_corpus(tmp_path, corpus)
    file = tmp_path / "labelled.jsonl.gz"
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2] + content)
    with pytest.raises(CorpusError, match=r"labelled\.jsonl\.gz"):
        read_corpus(tmp_path)


def test_label_outside_the_taxonomy_is_refused(corpus: Corpus, tmp_path: Path) -> None:
    write_corpus(tmp_path, Corpus((*corpus.labelled, corpus.labelled[0] | {"id": "x", "role": "wizard"})))
    with pytest.raises(CorpusError, match=", line 81: unknown role 'wizard'"):
        read_corpus(tmp_path)
