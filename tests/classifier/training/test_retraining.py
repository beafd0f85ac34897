"""A user's labels are trained on, and what they improve is measured on held-out postings."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from classifier.model.tagger import Tagger
from classifier.training.corpus import Corpus, text_key
from classifier.training.examples import Examples
from classifier.training.labels import Label, Picked
from classifier.training.retraining import RetrainResult, mcnemar, retrain
from classifier.training.train import train
from tests.classifier.world import quick_quantifiers, small_corpus


def shipped(corpus: Corpus) -> Examples:
    return Examples.of(corpus.labelled, gold=corpus.gold)


def label(number: int, title: str, role: str, description: str = "", picked: Picked = Picked.UNSURE) -> Label:
    return Label(
        key=text_key(title, description),
        name=str(number),
        title=title,
        description=description,
        company="Zeitung",
        role=role,
        codebook="1",
        decided_on="2026-03-01",
        guess="corporate",
        confidence=0.4,
        model="abc",
        picked=picked,
    )


def own_words() -> list[Label]:
    """A company that calls its recruiters lamp keepers, and its product managers star gazers."""
    places = ["Nord", "Süd", "Ost", "West", "Mitte", "Hafen", "Berg", "Tal", "Wald", "See"]
    keepers = [label(n, f"Lamp Keeper {at}", "corporate", f"Tend the lamps, {n}") for n, at in enumerate(places)]
    gazers = [
        label(n, f"Star Gazer {at}", "product-management", f"Watch the stars, {n}", Picked.RANDOM)
        for n, at in enumerate(places)
    ]
    return keepers + gazers


@pytest.fixture(scope="module", autouse=True)
def quick() -> Iterator[None]:
    with quick_quantifiers():
        yield


@pytest.fixture(scope="module")
def retrained(quick: None, corpus: Corpus) -> RetrainResult:
    return retrain(shipped(corpus), own_words(), Tagger(), folds=3)


def test_words_known_only_to_the_user_are_learned(corpus: Corpus, retrained: RetrainResult) -> None:
    rows = [{"title": "Lamp Keeper Insel"}, {"title": "Star Gazer Insel"}]
    assert retrained.tagger.predict(rows).tolist() == ["corporate", "product-management"]
    assert train(shipped(corpus), Tagger(), folds=3).predict(rows).tolist() != ["corporate", "product-management"]
    assert (retrained.used, retrained.replaced, retrained.withheld) == (20, 0, 0)


def test_gains_are_measured_on_held_out_labels(retrained: RetrainResult) -> None:
    gains = retrained.gains.set_index(["view", "level"])
    own = gains.loc[("your labels", "role")]
    assert own["postings"] == 20
    assert own["accuracy_with"] == 1.0
    assert own["accuracy_without"] <= 0.6
    assert own["fixed"] == round(20 * (1 - own["accuracy_without"]))
    assert own["regressed"] == 0
    assert own["p_value"] == mcnemar(int(own["fixed"]), 0)
    assert gains.loc[("your labels, picked at random", "role"), "postings"] == 10
    shipped = gains.loc[("shipped postings of other companies", "role")]
    assert shipped["postings"] == 80
    assert shipped["accuracy_with"] > 0.9


def test_label_does_not_help_its_own_title(corpus: Corpus) -> None:
    # Every label has a title of its own and nothing else in common: held out, nothing is known of it.
    words = ["Qualm", "Nebel", "Dunst", "Reif", "Tau", "Frost"]
    noise = [label(n, f"{word}", ["storage", "security"][n % 2], word * 3) for n, word in enumerate(words)]
    gains = retrain(shipped(corpus), noise, Tagger(), folds=3).gains.set_index(["view", "level"])
    assert gains.loc[("your labels", "role"), "accuracy_with"] < 1.0


def test_postings_of_one_title_are_in_one_fold(corpus: Corpus) -> None:
    same = [label(n, "Lamp  keeper" if n % 2 else "lamp Keeper", "reliability", f"x{n} " * n) for n in range(8)]
    gains = retrain(shipped(corpus), same, Tagger(), folds=3).gains.set_index(["view", "level"])
    own = gains.loc[("your labels", "role")]
    assert (own["fixed"], own["regressed"]) == (0, 0)


def test_companies_that_the_user_labelled_are_not_compared(corpus: Corpus) -> None:
    known = [label(0, "Lamp Keeper", "reliability"), label(1, "Star Gazer", "model-research")]
    labels = [Label(**{name: getattr(one, name) for name in one.__slots__} | {"company": "FIRMA 1"}) for one in known]
    gains = retrain(shipped(corpus), labels, Tagger(), folds=3).gains.set_index(["view", "level"])
    others = sum(row["company"] != "Firma 1" for row in corpus.labelled)
    assert gains.loc[("shipped postings of other companies", "role"), "postings"] == others < 80


def test_label_replaces_a_shipped_posting_of_the_same_text(corpus: Corpus) -> None:
    posting = corpus.labelled[3]
    done = retrain(shipped(corpus), [label(0, posting["title"], "storage", posting["description"])], Tagger(), folds=3)
    assert (done.used, done.replaced) == (1, 1)


def test_label_of_a_gold_posting_is_not_used(corpus: Corpus) -> None:
    gold = label(0, corpus.gold[0]["title"], "storage", corpus.gold[0]["description"])
    done = retrain(shipped(corpus), [gold, label(1, "Lamp Keeper", "reliability")], Tagger(), folds=3)
    assert (done.used, done.withheld) == (1, 1)
    assert "storage" not in done.tagger.classes_
    with pytest.raises(ValueError, match="no label to train on"):
        retrain(shipped(corpus), [gold], Tagger(), folds=3)


def test_training_twice_gives_the_same_model(corpus: Corpus, retrained: RetrainResult) -> None:
    again = retrain(shipped(small_corpus()), own_words(), Tagger(), folds=3)
    assert again.tagger.model == retrained.tagger.model
    assert again.gains.equals(retrained.gains)


def test_mcnemar_is_the_exact_test() -> None:
    assert mcnemar(0, 0) == 1
    assert mcnemar(5, 5) == 1
    assert mcnemar(6, 0) == mcnemar(0, 6) == pytest.approx(2 / 2**6)
