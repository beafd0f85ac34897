"""Scores of other taggers, in the same folds by company and on the same labels as ours.

    python -m benchmarks.peers CORPORA [--vectors FILE]

Four peers: a dictionary of words in titles, as job scrapers use; TF-IDF of jieba's words with logistic
regression; fastText (as floret has it, ``pip install floret``) on our words; and, for English, logistic
regression over sentence embeddings (`benchmarks.minilm`). A peer that is not installed is skipped, with
a note. Settings of the peers are the best of those tried on the first fold, which flatters them a little.
"""

from __future__ import annotations

import argparse
import logging
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from importlib.util import find_spec
from itertools import compress
from pathlib import Path
from typing import Any

import jieba
import numpy as np
import numpy.typing as npt
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.pipeline import make_pipeline
from threadpoolctl import threadpool_limits

from benchmarks import minilm
from classifier.evaluation.roles import predict_out_of_fold
from classifier.model.tagger import Tagger, shipped
from classifier.taxonomy import Taxonomy
from classifier.text.tokens import fold, tokenize
from classifier.training.corpus import Posting, read_corpus
from classifier.training.cross_validation import WHOLE, folds_by_company, out_of_fold
from classifier.training.examples import Examples

_Mask = npt.NDArray[np.bool_]
_Roles = npt.NDArray[np.str_]

Peer = Callable[[_Mask], Sequence[str]]
"""Is trained on the postings in the mask, and predicts the roles of the others, in their order."""

FASTTEXT = {"lr": 0.5, "epoch": 50, "wordNgrams": 1, "dim": 50, "minCount": 2, "thread": 1, "verbose": 0}
"""One thread, so that the same postings give the same model."""

_CHARACTERS = 3000  # what ours reads of a description

# The first match decides, and what matches nothing is "elsewhere".
_DICTIONARY = {
    "annotation": r"annotat|label(?:l)?ing|rater|ai (?:trainer|tutor)|标注|训练师",
    "product-management": r"product (?:manager|owner|lead)|head of product|产品经理|产品总监|产品策划|produktmanag",
    "product-design": r"designer|\bu[xi]\b|user research|交互|视觉设计|用户研究|gestalter",
    "product-operations": r"product operations|community manager|产品运营|用户运营|内容运营|社区运营",
    "training-inference": (
        r"inference|training infra|ml infra|machine learning (?:platform|infra)|cuda|compiler|mlops"
        r"|训练框架|推理|编译器|高性能计算|机器学习平台"
    ),
    "model-research": r"research scientist|research engineer|member of technical staff|大模型|预训练|研究员",
    "applied-science": r"machine learning|data scien|applied scien|\bml\b|computer vision|nlp|算法|量化",
    "training-data": r"crawler|scraping|training data|爬虫|语料|数据策略",
    "data-platform": r"data engineer|analytics engineer|data architect|\betl\b|data platform|数据开发|数仓|大数据",
    "analytics": r"analyst|\bbi\b|business intelligence|数据分析|商业分析",
    "security": r"security|penetration|privacy|安全|渗透",
    "reliability": r"reliability|\bsre\b|devops|system administrator|\bdba\b|运维|systemadministrat",
    "storage": r"storage|database (?:engineer|kernel)|存储|数据库",
    "networking": r"network|\bcdn\b|rdma|网络",
    "data-centre": r"data cent(?:er|re)|critical facilit|数据中心|机房|暖通|rechenzentr",
    "compute": r"cloud|kubernetes|platform engineer|infrastructure|云原生|虚拟化|集群|内核",
    "hardware": r"hardware|asic|fpga|\brf\b|mechanical|electrical|芯片|硬件|结构|电路",
    "go-to-market": (
        r"sales|account|marketing|customer|solution|partner|business development|销售|市场|商务|客服|售前"
        r"|vertrieb|kunden"
    ),
    "corporate": (
        r"recruit|\bhr\b|financ|legal|counsel|project manager|program manager|招聘|财务|法务|行政|人事"
        r"|项目经理|采购|buchhalt|personal"
    ),
    "software": (
        r"engineer|developer|software|full[- ]?stack|front[- ]?end|back[- ]?end|qa\b|开发|前端|后端|测试|研发"
        r"|entwickler"
    ),
}


def main(folder: Path, vectors: Path | None) -> None:
    """Print a table of each tagger's focus and role macro-F1, by language."""
    logging.getLogger("jieba").setLevel(logging.WARNING)
    taxonomy = Taxonomy.load()
    labelled = read_corpus(folder, amendments=shipped()).labelled
    examples = Examples.of(labelled)
    folds = folds_by_company(examples, 5)
    texts = [text(posting) for posting in labelled]
    print("| tagger | language | postings | focus F1 | role F1 | labelled at first | focus F1 | role F1 |")
    print("|---|---|--:|--:|--:|--:|--:|--:|")

    def report(name: str, predicted: _Roles, chosen: _Mask) -> None:
        for row in _table(examples, predicted, chosen, taxonomy):
            print(f"| {name} | {' | '.join(row)} |", flush=True)

    everything = np.ones(len(labelled), dtype=bool)
    with threadpool_limits(1):  # so that sums are the same on every run
        ours = predict_out_of_fold(labelled, out_of_fold(Tagger(codebook=True), examples, folds), taxonomy)[WHOLE]
    report("rolemix", ours.predicted, everything)
    report("dictionary of title words", _held_out(_dictionary(labelled), folds), everything)
    report("jieba, TF-IDF, logistic regression", _held_out(_plain(texts, examples.roles), folds), everything)
    if find_spec("floret"):
        report("fastText", _held_out(_fasttext(texts, examples.roles), folds), everything)
    else:
        print("\nfastText was skipped: pip install floret\n")
    if minilm.available():
        english = examples.languages == "en"
        embedded = _embeddings(list(compress(texts, english)), vectors)
        predicted = np.zeros(len(labelled), examples.roles.dtype)
        predicted[english] = _held_out(_embedded(embedded, examples.roles[english]), folds[english])
        report("MiniLM, logistic regression", predicted, english)
    else:
        print("\nMiniLM was skipped: see benchmarks/minilm.py")


def text(row: Posting) -> str:
    """Return what the peers read of a posting."""
    return f"{row['title']}\n{row['description'][:_CHARACTERS]}"


def train_fasttext(words: Sequence[Sequence[str]], roles: Sequence[str]) -> Any:
    """Return fastText's model of words and roles; the roles are its labels."""
    import floret

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "train.txt"
        with file.open("w", encoding="utf-8") as lines:
            lines.writelines(f"__label__{role} {' '.join(own)}\n" for role, own in zip(roles, words, strict=True))
        return floret.train_supervised(str(file), **FASTTEXT)


def _held_out(peer: Peer, folds: npt.NDArray[np.intp]) -> _Roles:
    """Return the roles that a peer predicts for the postings of each fold, trained on the others."""
    predicted = np.empty(len(folds), dtype="U32")
    for number in np.unique(folds):
        predicted[folds == number] = peer(folds != number)
    return predicted


def _dictionary(postings: Sequence[Posting]) -> Peer:
    patterns = [(role, re.compile(pattern)) for role, pattern in _DICTIONARY.items()]

    def role_of(title: str) -> str:
        return next((role for role, pattern in patterns if pattern.search(title)), "elsewhere")

    predicted = np.array([role_of(fold(posting["title"])) for posting in postings])
    return lambda inside: predicted[~inside].tolist()


def _plain(texts: Sequence[str], roles: _Roles) -> Peer:
    words = [jieba.lcut(text.lower()) for text in texts]

    def predict(inside: _Mask) -> Sequence[str]:
        model = make_pipeline(
            TfidfVectorizer(analyzer=list, min_df=3, sublinear_tf=True, dtype=np.float32),
            LogisticRegression(C=30, class_weight="balanced", max_iter=200, tol=1e-3),
        )
        model.fit(list(compress(words, inside)), roles[inside])
        predicted: Sequence[str] = model.predict(list(compress(words, ~inside)))
        return predicted

    return predict


def _fasttext(texts: Sequence[str], roles: _Roles) -> Peer:
    words = tokenize(texts)

    def predict(inside: _Mask) -> Sequence[str]:
        model = train_fasttext(list(compress(words, inside)), roles[inside].tolist())
        labels, _ = model.predict([" ".join(own) for own in compress(words, ~inside)])
        return [first.removeprefix("__label__") for first, *_ in labels]

    return predict


def _embedded(vectors: npt.NDArray[np.float32], roles: _Roles) -> Peer:
    def predict(inside: _Mask) -> Sequence[str]:
        model = LogisticRegression(C=3, class_weight="balanced", max_iter=1000).fit(vectors[inside], roles[inside])
        predicted: Sequence[str] = model.predict(vectors[~inside])
        return predicted

    return predict


def _embeddings(texts: list[str], kept: Path | None) -> npt.NDArray[np.float32]:
    """Return the vectors of texts, from the file where it has those of these very texts, else computed."""
    key = sha256("\n".join(texts).encode()).hexdigest()
    if kept is not None and kept.exists():
        with np.load(kept) as archive:
            if archive["key"] == key:
                return np.asarray(archive["vectors"])
    vectors = minilm.embed(texts)
    if kept is not None:
        np.savez(kept, key=key, vectors=vectors)
    return vectors


def _table(examples: Examples, predicted: _Roles, chosen: _Mask, taxonomy: Taxonomy) -> Iterator[list[str]]:
    """Yield a row for each language: of all postings, then without those added where a model of ours was weak."""
    focus = np.vectorize(taxonomy.focus_by_role.__getitem__, otypes=[str])
    languages = ["zh", "en", "de"] if chosen.all() else np.unique(examples.languages[chosen]).tolist()
    for language in languages:
        row = [language]
        everything = chosen & (examples.languages == language)
        for part in (everything, everything & ~examples.added):
            roles, ours = examples.roles[part], predicted[part]
            scores = _macro_f1(focus(roles), focus(ours)), _macro_f1(roles, ours)
            row += [f"{len(roles):,}", *(f"{score:.3f}" for score in scores)]
        yield row


def _macro_f1(truth: _Roles, predicted: _Roles) -> float:
    return float(f1_score(truth, predicted, labels=np.unique(truth), average="macro", zero_division=0.0))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path, help="the folder of labelled and unlabelled postings")
    parser.add_argument("--vectors", type=Path, help="an .npz file that keeps MiniLM's vectors for the next run")
    options = parser.parse_args()
    main(options.corpora, options.vectors)
