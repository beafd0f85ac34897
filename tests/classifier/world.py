"""A small corpus of fictional companies, with postings whose words determine their role."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sklearn.utils import estimator_checks

from classifier.evaluation.roles import Evaluation, evaluate
from classifier.model.tagger import Tagger
from classifier.quantification import fitting
from classifier.training.corpus import Corpus, Posting
from classifier.training.examples import Examples
from classifier.training.train import train

_TEXTS = {
    "reliability": [
        ("运维工程师", "zh", "负责线上系统的监控、告警与故障处理，参与值班，编写自动化运维脚本"),
        ("Site Reliability Engineer", "en", "Keep services up: monitoring, alerts, incidents, on-call duty"),
    ],
    "product-management": [
        ("产品经理", "zh", "调研用户需求，撰写产品文档，规划产品路线并推动上线"),
        ("Product Manager", "en", "Talk with customers, write requirements and own the product roadmap"),
    ],
    "model-research": [
        ("预训练研究员", "zh", "研究大模型预训练与强化学习，发表论文，设计实验提升模型能力"),
        (
            "Research Scientist",
            "en",
            "Study pre-training and reinforcement learning of models, publish papers",
        ),
    ],
    "corporate": [
        ("招聘专员", "zh", "负责招聘渠道、面试安排与员工入职手续，维护人事档案"),
        ("Recruiter", "en", "Source candidates, arrange interviews and look after the hiring process"),
    ],
}

CHECKS_WITHOUT_DATA = (
    estimator_checks.check_estimator_cloneable,
    estimator_checks.check_estimator_repr,
    estimator_checks.check_no_attributes_set_in_init,
    estimator_checks.check_parameters_default_constructible,
    estimator_checks.check_get_params_invariance,
    estimator_checks.check_set_params,
    estimator_checks.check_do_not_raise_errors_in_init_or_set_params,
    estimator_checks.check_valid_tag_types,
    estimator_checks.check_mixin_order,
)
"""scikit-learn's checks of an estimator that pass no data to it."""


def posting(number: int, role: str, variant: int) -> dict[str, Any]:
    """Return one posting; equal arguments give an equal posting."""
    title, language, description = _TEXTS[role][variant % 2]
    return {
        "id": f"s{number}",
        "title": f"{title} {number % 3}",
        "company": None if number % 7 == 0 else f"Firma {number % 6}",
        "description": f"{description}。{'团队氛围好' if number % 2 else 'Join us'} {number}",
        "posted_at": "2025-03-01",
        "lang": language,
        "source": "own",
        "role": role,
    }


def small_corpus() -> Corpus:
    """Return 80 labelled postings of four roles and six companies, and eight gold ones of a seventh."""
    roles = list(_TEXTS)
    labelled = [posting(number, roles[number % 4], number // 4) for number in range(80)]
    gold = [
        posting(100 + number, role, number) | {"company": "Firma Gold"} for number, role in enumerate(sorted(roles * 2))
    ]
    return Corpus(tuple(labelled), tuple(gold))


def write_corpus(folder: Path, corpus: Corpus) -> None:
    """Write a corpus as `classifier.training.corpus.read_corpus` reads it."""
    for name, postings in (("labelled", corpus.labelled), ("gold", corpus.gold)):
        lines = "".join(json.dumps(item, ensure_ascii=False) + "\n" for item in postings)
        (folder / f"{name}.jsonl.gz").write_bytes(gzip.compress(lines.encode(), mtime=0))


@contextmanager
def quick_quantifiers() -> Iterator[None]:
    """Fit quantifiers on few boards: for tests of training that are not about mixes, which fitting would dominate."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(fitting, "_SIZES", (20,))
        patch.setattr(fitting, "_BOARDS", 1)
        patch.setattr(fitting, "_DRAWS", 50)
        yield


def small_training(labelled: Sequence[Posting] | None = None) -> Tagger:
    """Train on labelled postings, or on those of the small corpus, without the codebook, which is much larger."""
    with quick_quantifiers():
        return train(Examples.of(small_corpus().labelled if labelled is None else labelled), Tagger(), folds=3)


@cache
def trained_tagger() -> Tagger:
    """Return a tagger trained on the small corpus, always the same one: do not change it."""
    return small_training()


@cache
def small_evaluation() -> Evaluation:
    """Return the evaluation of that tagger, always the same one; a second reader gave one gold posting another role."""
    corpus = small_corpus()
    gold = tuple(
        row | {"reader_2": "storage" if number == 0 else row["role"]} for number, row in enumerate(corpus.gold)
    )
    with quick_quantifiers():
        return evaluate(Corpus(corpus.labelled, gold), trained_tagger(), folds=3, boards=1)
