"""Training and evaluation on a small corpus of our own, and the shipped model's card on the real one."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from classifier.evaluation.card import BEGIN, END, CardError, markdown_table, write_card
from classifier.evaluation.roles import (
    Evaluation,
    bootstrap,
    calibration_error,
    evaluate,
    judge,
    judge_by_year,
    suspects,
)
from classifier.model.tag import SURE
from classifier.model.tagger import Tagger, shipped
from classifier.taxonomy import Taxonomy
from classifier.training.corpus import Corpus, CorpusError, company_groups, read_corpus
from classifier.training.cross_validation import best_temperature, folds_by_company, out_of_fold
from classifier.training.examples import Examples
from classifier.training.train import train
from tests.classifier.world import posting, small_corpus, write_corpus

_CARD = Path(__file__).resolve().parents[3] / "models" / "README.md"


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return small_corpus()


@pytest.fixture(scope="module")
def tagger(corpus: Corpus) -> Tagger:
    return train(Examples.of(corpus.labelled), folds=3)


@pytest.fixture(scope="module")
def evaluation(corpus: Corpus, tagger: Tagger) -> Evaluation:
    return evaluate(corpus, tagger, folds=3, boards=1)


def test_training_twice_gives_the_same_bytes(corpus: Corpus, tagger: Tagger, tmp_path: Path) -> None:
    tagger.save(tmp_path / "one")
    train(Examples.of(small_corpus().labelled), folds=3).save(tmp_path / "two")
    for name in ("tagger.zip", "tagger.json"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_model_read_back_decides_alike(corpus: Corpus, tagger: Tagger, tmp_path: Path) -> None:
    read = Tagger.load(tagger.save(tmp_path))
    assert read.model == tagger.model
    assert list(read.tag(corpus.gold)) == list(tagger.tag(corpus.gold))


@pytest.mark.filterwarnings("ignore:The least populated class")
def test_another_label_gives_another_model(corpus: Corpus, tagger: Tagger) -> None:
    changed = [*corpus.labelled[:-1], corpus.labelled[-1] | {"role": "storage"}]
    assert train(Examples.of(changed), folds=3).model != tagger.model


@pytest.mark.parametrize(("change", "message"), [({"id": "s1"}, "same id"), ({}, "same text")])
def test_gold_posting_among_the_labelled_is_refused(change: dict[str, str], message: str) -> None:
    labelled = posting(1, "corporate", 1)
    gold = labelled | {"id": "g1"} | change
    if message == "same id":
        gold["title"] = "Another"
    with pytest.raises(CorpusError, match=message):
        Corpus((labelled,), (gold,))


def test_no_company_is_in_two_folds(corpus: Corpus) -> None:
    fold = folds_by_company(Examples.of(corpus.labelled), 3)
    groups = company_groups(corpus.labelled)
    assert set(fold) == {0, 1, 2}
    for group in set(groups):
        assert len({number for number, own in zip(fold, groups, strict=True) if own == group}) == 1


def test_company_is_known_in_any_spelling_and_no_company_is_its_own_group() -> None:
    names = ("Acme  GmbH ", "ACME GmbH", None)
    rows = [posting(number, "corporate", 0) | {"company": name} for number, name in enumerate(names)]
    first, second, third = company_groups(rows)
    assert first == second != third
    assert company_groups([rows[2] | {"id": "other"}]) != [third]


def test_out_of_fold_scores_come_from_other_companies(corpus: Corpus) -> None:
    examples = Examples.of(corpus.labelled)
    held_out = out_of_fold(Tagger(), examples, folds_by_company(examples, 3))
    number = 1
    inside = [item for item, own in zip(corpus.labelled, held_out.fold, strict=True) if own != number]
    outside = [item for item, own in zip(corpus.labelled, held_out.fold, strict=True) if own == number]
    again = Tagger().fit(inside, [item["role"] for item in inside])
    columns = [held_out.roles.index(role) for role in again.classes_]
    assert np.array_equal(held_out.scores[held_out.fold == number][:, columns], again.decision_function(outside))


def test_too_few_companies_are_refused() -> None:
    rows = [posting(number, "corporate", 0) | {"company": "Acme"} for number in range(9)]
    with pytest.raises(ValueError, match="cannot split 1 companies into 2 folds"):
        folds_by_company(Examples.of(rows), 2)


def test_two_roles_are_enough() -> None:
    rows = [posting(n, ("corporate", "reliability")[n % 2], n // 2) for n in range(30)]
    tagger = Tagger().fit(rows, [row["role"] for row in rows])
    assert tagger.predict(rows).tolist() == [row["role"] for row in rows]
    assert tagger.predict_proba(rows).shape == (30, 2)


def test_unknown_role_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown role 'wizard'"):
        Tagger().fit([{"title": "Wizard"}], ["wizard"])


def test_temperature_undoes_exaggeration() -> None:
    random = np.random.default_rng(1)
    scores = random.normal(size=(4000, 3))
    shares = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    roles = ["abc"[random.choice(3, p=row)] for row in shares]
    assert best_temperature(scores, "abc", roles) == pytest.approx(1, abs=0.1)
    assert best_temperature(scores * 4, "abc", roles) == pytest.approx(4, abs=0.4)


def test_calibration_error_is_the_gap_between_confidence_and_accuracy() -> None:
    confidence = np.array([0.9, 0.9, 0.5, 0.5])
    assert calibration_error(confidence, np.array([True, True, True, False])) == pytest.approx(0.05)
    assert calibration_error(np.ones(4), np.zeros(4, dtype=bool)) == 1


def test_evaluation_has_every_view_and_language(evaluation: Evaluation) -> None:
    scores = evaluation.scores.set_index(["view", "language"])
    assert set(scores.index.get_level_values("view")) == {
        "out of fold",
        "out of fold, title only",
        "gold",
        "gold, companies not trained on",
    }
    assert scores.loc[("out of fold", "all"), "postings"] == 80
    assert scores.loc[("gold, companies not trained on", "all"), "postings"] == 8
    assert (scores["role_accuracy"] > 0.9).all()


def test_evaluation_counts_what_was_trained_on(evaluation: Evaluation) -> None:
    assert evaluation.data["trained on"].sum() == 80
    assert evaluation.data["gold"].sum() == 8
    assert set(evaluation.data["year"]) == {"2025"}


@pytest.mark.filterwarnings("ignore:The least populated class")
def test_confusions_name_the_mistakes() -> None:
    rows = [posting(n, ("corporate", "reliability")[n % 2], n // 2) for n in range(60)]
    wrong = tuple(row | {"role": "storage"} if row["id"] == "s2" else row for row in rows)
    corpus = Corpus(wrong, small_corpus().gold)
    found = evaluate(corpus, train(Examples.of(wrong), folds=3), folds=3, boards=1)
    # The only posting of its role: held out, nobody has been told of the role.
    mistake = {"role": "storage", "said": "corporate", "postings": 1, "share": 1.0}
    for language in ("all", wrong[2]["lang"]):
        assert {"language": language, **mistake} in found.confusions.to_dict(orient="records")


def test_corpus_is_read_as_written(corpus: Corpus, tmp_path: Path) -> None:
    write_corpus(tmp_path, corpus)
    assert read_corpus(tmp_path) == corpus


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "labelled.jsonl.gz: No such file"),
        (b"plain text", "cannot read"),
        (b"\x1f\x8b\x08\x00\x00", "after line 0"),
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
    with pytest.raises(CorpusError, match="after line 80: unknown role 'wizard'"):
        read_corpus(tmp_path)


def test_card_keeps_what_was_written_by_hand(evaluation: Evaluation, tmp_path: Path) -> None:
    card = tmp_path / "card.md"
    card.write_text(f"# Card\n\n{BEGIN}\nlast year\n{END}\n\nLimits.\n", encoding="utf-8")
    write_card(card, evaluation)
    first = card.read_text(encoding="utf-8")
    assert first.startswith(f"# Card\n\n{BEGIN}\n\nModel `{evaluation.model}`")
    assert first.endswith(f"{END}\n\nLimits.\n")
    assert "last year" not in first
    assert markdown_table(evaluation.scores) in first
    write_card(card, evaluation)
    assert card.read_text(encoding="utf-8") == first


def test_card_without_a_measured_part_is_refused(evaluation: Evaluation, tmp_path: Path) -> None:
    card = tmp_path / "card.md"
    card.write_text("# Card\n", encoding="utf-8")
    with pytest.raises(CardError, match="has no part between"):
        write_card(card, evaluation)


def test_card_is_about_the_shipped_model() -> None:
    assert f"Model `{Tagger.load().model}`," in _CARD.read_text(encoding="utf-8")


@pytest.mark.shared
def test_card_tells_the_gold_score_of_the_shipped_model(shared: Path) -> None:
    corpus = read_corpus(shared / "corpora")
    judged = judge(Tagger.load(), corpus.gold, Taxonomy.load())
    truth = [item["role"] for item in corpus.gold]
    row = re.search(r"^\| gold \| all \| (.*) \|$", _CARD.read_text(encoding="utf-8"), re.MULTILINE)
    assert row is not None
    named = re.search(r"^\| view \| language \| (.*) \|$", _CARD.read_text(encoding="utf-8"), re.MULTILINE)
    assert named is not None
    told = dict(zip(named[1].split(" | "), row[1].split(" | "), strict=True))
    postings, role_accuracy = told["postings"], told["role accuracy"]
    assert int(postings) == len(corpus.gold)
    assert float(role_accuracy) == pytest.approx(float(np.mean(judged.said == truth)), abs=0.0005)


@pytest.mark.shared
def test_no_company_of_the_real_corpus_is_in_two_folds(shared: Path) -> None:
    labelled = read_corpus(shared / "corpora", amendments=shipped()).labelled
    groups = company_groups(labelled)
    fold = folds_by_company(Examples.of(labelled), 5)
    assert len(set(zip(groups, fold.tolist(), strict=True))) == len(set(groups))


def test_years_are_judged_by_taggers_of_other_years(corpus: Corpus) -> None:
    rows = [
        row | {"posted_at": f"{2024 + number % 2}-03-01" if number % 10 else None, "id": f"{row['id']}-{turn}"}
        for turn in range(4)
        for number, row in enumerate(corpus.labelled)
    ]
    examples = Examples.of(rows)
    judged = judge_by_year(Tagger(), rows, examples, Taxonomy.load())
    assert judged is not None
    assert len(judged.postings) == sum(row["posted_at"] is not None for row in rows)
    # All recruiters and reliability engineers are of one year, so that the other year's tagger has met neither.
    roles = {year: {row["role"] for row in rows if str(row["posted_at"]).startswith(year)} for year in ("2024", "2025")}
    assert not roles["2024"] & roles["2025"]
    assert not any(said == row["role"] for said, row in zip(judged.said, judged.postings, strict=True))
    assert judge_by_year(Tagger(), corpus.labelled, Examples.of(corpus.labelled), Taxonomy.load()) is None


def test_an_interval_is_of_companies_drawn_again() -> None:
    truth = np.array(["storage", "security"] * 50)
    half_wrong = np.where(np.arange(100) < 50, truth, "software")
    one_company_each, two_companies = [str(number) for number in range(100)], ["right"] * 50 + ["wrong"] * 50
    assert bootstrap(truth, truth, one_company_each) == (1, 1)
    low, high = bootstrap(truth, half_wrong, one_company_each)
    assert 0.5 < low < 2 / 3 < high < 0.8
    # Whole companies that are right or wrong tell less than as many postings that are.
    assert bootstrap(truth, half_wrong, two_companies) == (0, 1)
    # A class that is not drawn again is none that was got wrong.
    assert bootstrap(
        np.array(["storage"] * 20 + ["security"]),
        np.array(["storage"] * 20 + ["security"]),
        list("abcdefghijklmnopqrstu"),
    ) == (1, 1)
    assert bootstrap(truth, half_wrong, two_companies) == bootstrap(truth, half_wrong, two_companies)


def test_classes_are_scored_in_each_language(evaluation: Evaluation) -> None:
    roles = evaluation.roles.set_index("role")
    assert roles.loc["corporate", ["f1_zh", "f1_en"]].between(0.9, 1).all()
    assert roles.loc["storage", ["f1_zh", "f1_en"]].isna().all()
    assert "| storage | 0.000 | 0.000 | 0.000 | 0 | – | – |" in markdown_table(evaluation.roles)


def test_fewer_tags_are_righter_ones(evaluation: Evaluation) -> None:
    coverage = evaluation.coverage.set_index("language").loc["all"].set_index("least_margin")
    assert set(evaluation.coverage["language"]) == {"all", "zh", "en"}
    assert coverage.loc[0.0, "coverage"] == 1
    assert coverage["coverage"].is_monotonic_decreasing
    assert SURE in coverage.index


def test_the_second_reader_stands_beside_the_tagger(corpus: Corpus, tagger: Tagger) -> None:
    gold = tuple(
        row | {"reader_2": "storage" if number == 0 else row["role"]} for number, row in enumerate(corpus.gold)
    )
    scores = evaluate(Corpus(corpus.labelled, gold), tagger, folds=3, boards=1).scores.set_index(["view", "language"])
    row = scores.loc[("gold, its second reader", "all")]
    assert row["role_accuracy"] == 1 - 1 / len(gold)
    assert np.isnan(row["calibration_error"])


def test_a_wrong_label_is_suspected_first(corpus: Corpus) -> None:
    wrong = tuple(row | {"role": "corporate"} if row["id"] == "s4" else row for row in corpus.labelled)
    found = suspects(Corpus(wrong, corpus.gold), Tagger(), folds=3)
    assert found.iloc[0][["id", "role", "said"]].tolist() == ["s4", "corporate", corpus.labelled[4]["role"]]
    assert found["probability"].is_monotonic_increasing
