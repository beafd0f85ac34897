"""Training data as numbers: counts of terms and the role of each posting, without the postings' texts."""

from __future__ import annotations

import csv
import io
import json
import lzma
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from classifier.arrays import Flags, Indices
from classifier.model.model_file import LARGEST, pack
from classifier.model.term_counts import BLOCKS, DESCRIPTION_BLOCKS, TermCounts
from classifier.model.vectorizer import PostingVectorizer
from classifier.text.tokens import other_tokens, tokenizer
from classifier.training.corpus import Posting, company_groups, digest, text_key
from classifier.training.short_texts import short_copies
from postings.errors import RolemixError

FILE = "examples.xz"
"""The name of the file beside the model."""

_COLUMNS = ("id", "text", "language", "company", "role", "confidence", "added")
_LARGEST_UNPACKED = 8 * LARGEST


class ExamplesError(RolemixError):
    """Training data that cannot be used; the message gives the reason."""


@dataclass(frozen=True, slots=True)
class Examples:
    """Labelled postings as training needs them.

    Attributes:
        counts: The terms of each posting.
        short: The terms of the same postings with their descriptions cut short, by the name of the length
            (`classifier.training.short_texts`).
        ids: The id of each posting; shape (postings,), as all the following but the last.
        texts: The key of its text (`classifier.training.corpus.text_key`).
        languages: Its language: zh, en or de.
        companies: A hash of its company; the same for postings that must stay in one fold.
        roles: Its role.
        confidence: The annotator's confidence in the role: 3 clear, 2 arguable, 1 a guess.
        added: Whether it was labelled later, where an earlier model was weak.
        unseen: The keys of the texts of the gold set, which must not be trained on; shape (gold postings,).
    """

    counts: TermCounts
    short: Mapping[str, TermCounts]
    ids: npt.NDArray[np.str_]
    texts: npt.NDArray[np.str_]
    languages: npt.NDArray[np.str_]
    companies: npt.NDArray[np.str_]
    roles: npt.NDArray[np.str_]
    confidence: Indices
    added: Flags
    unseen: npt.NDArray[np.str_]

    def __len__(self) -> int:
        """Return the number of postings."""
        return len(self.roles)

    @classmethod
    def of(
        cls,
        postings: Sequence[Posting],
        vectorizer: PostingVectorizer | None = None,
        *,
        gold: Sequence[Posting] = (),
        every: bool = False,
    ) -> Examples:
        """Count the terms of labelled postings.

        Args:
            postings: Labelled postings; a missing confidence means clear.
            vectorizer: Extracts and counts the terms; None for one with its defaults.
            gold: The gold set.
            every: Count all terms, as is needed before more postings are added.
        """

        def texts(postings: Sequence[Posting]) -> npt.NDArray[np.str_]:
            return np.array([text_key(posting["title"], posting["description"]) for posting in postings], dtype=str)

        vectorizer = vectorizer or PostingVectorizer()
        counts = vectorizer.count(postings, every=every)
        return cls(
            counts,
            {name: vectorizer.count_again(copies, counts) for name, copies in short_copies(postings).items()},
            np.array([posting["id"] for posting in postings], dtype=str),
            texts(postings),
            np.array([posting["lang"] for posting in postings], dtype=str),
            np.array([digest(group, 12) for group in company_groups(postings)], dtype=str),
            np.array([posting["role"] for posting in postings], dtype=str),
            np.array([posting.get("confidence", 3) for posting in postings], dtype=np.intp),
            np.array([bool(posting.get("added")) for posting in postings], dtype=bool),
            texts(gold),
        )

    def rows(self, chosen: npt.NDArray[Any]) -> Examples:
        """Return some of the postings, chosen by any index that numpy accepts for rows."""
        return Examples(
            self.counts.rows(chosen),
            {name: counts.rows(chosen) for name, counts in self.short.items()},
            self.ids[chosen],
            self.texts[chosen],
            self.languages[chosen],
            self.companies[chosen],
            self.roles[chosen],
            self.confidence[chosen],
            self.added[chosen],
            self.unseen,
        )

    def followed_by(self, others: Examples) -> Examples:
        """Return these postings followed by others, with the unseen texts of both."""
        return Examples(
            self.counts.followed_by(others.counts),
            {name: counts.followed_by(others.short[name]) for name, counts in self.short.items()},
            np.concatenate([self.ids, others.ids]),
            np.concatenate([self.texts, others.texts]),
            np.concatenate([self.languages, others.languages]),
            np.concatenate([self.companies, others.companies]),
            np.concatenate([self.roles, others.roles]),
            np.concatenate([self.confidence, others.confidence]),
            np.concatenate([self.added, others.added]),
            np.union1d(self.unseen, others.unseen),
        )

    def save(self, folder: Path) -> Path:
        """Write the postings to a file in the folder and return its path; equal postings give equal bytes."""
        table = io.StringIO(newline="")
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(_COLUMNS)
        described = (self.ids, self.texts, self.languages, self.companies, self.roles, self.confidence)
        fields = (*described, self.added.astype(int))
        writer.writerows(zip(*(field.tolist() for field in fields), strict=True))
        members = {
            "tokenizer.json": json.dumps(tokenizer(), sort_keys=True).encode(),
            "examples.csv": table.getvalue().encode(),
            "unseen.txt": "\n".join(self.unseen).encode(),
            "words.csv": _written(self.counts),
        } | {f"short.{length}.csv": _written(counts) for length, counts in self.short.items()}
        for name in BLOCKS:
            terms = self.counts.terms[name]
            order = _frequent_first(self.counts.matrices[name], len(terms))
            members[f"{name}.txt"] = "\n".join(terms[order].tolist()).encode()
            members |= _packed(name, self.counts.matrices[name], order)
            if name in DESCRIPTION_BLOCKS:
                for length, counts in self.short.items():
                    members |= _packed(f"{name}.{length}", counts.matrices[name], order)
        path = folder / FILE
        path.write_bytes(lzma.compress(pack(members), preset=9))
        return path

    @classmethod
    def load(cls, path: Path) -> Examples:
        """Read the file that `save` wrote.

        Args:
            path: The folder that holds it, or any file in that folder, such as the model trained on it.

        Raises:
            ExamplesError: There is no such file, it is damaged, or its texts were split by another tokenizer.
        """
        path = (path if path.is_dir() else path.parent) / FILE
        try:
            with lzma.open(path) as opened:
                content = opened.read(_LARGEST_UNPACKED)
            with zipfile.ZipFile(io.BytesIO(content)) as archive:
                members = {name: archive.read(name) for name in archive.namelist()}
            if why := other_tokens(json.loads(members["tokenizer.json"])):
                raise ExamplesError(f"{path} has {why}: install that version, or count the texts again with --corpora")
            return _unpacked(members)
        except OSError as error:
            raise ExamplesError(f"no training data at {path}: {error.strerror or error}") from error
        except (lzma.LZMAError, EOFError, zipfile.BadZipFile, NotImplementedError, KeyError, ValueError) as error:
            raise ExamplesError(f"the training data {path} is damaged: {error}") from error


def _frequent_first(matrix: sparse.csr_matrix, columns: int) -> npt.NDArray[np.intp]:
    """Return the columns of a block, the most frequent first: most in a row are then close to the one before."""
    return np.argsort(-np.bincount(matrix.indices, minlength=columns), kind="stable")


def _packed(name: str, matrix: sparse.csr_matrix, order: npt.NDArray[np.intp]) -> dict[str, bytes]:
    """Return counts as members: small numbers with low and high bytes apart, which compress best.

    Args:
        name: What the members' names begin with.
        matrix: The counts; shape (postings, columns).
        order: The columns in the order of the file.
    """
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    ranked = sparse.csr_matrix((matrix.data, rank[matrix.indices], matrix.indptr), matrix.shape, copy=True)
    ranked.sort_indices()
    starts = np.zeros(ranked.nnz, dtype=bool)
    lengths = np.diff(ranked.indptr)
    starts[ranked.indptr[:-1][lengths > 0]] = True
    steps = np.where(starts, ranked.indices, np.diff(ranked.indices, prepend=0))
    return {
        f"{name}.lengths.u4": lengths.astype("<u4").tobytes(),
        f"{name}.steps.low.u1": (steps & 255).astype("u1").tobytes(),
        f"{name}.steps.high.u2": (steps >> 8).astype("<u2").tobytes(),
        f"{name}.counts.u2": np.minimum(ranked.data, 65535).astype("<u2").tobytes(),
    }


def _unpacked(members: dict[str, bytes]) -> Examples:
    table = list(csv.DictReader(io.StringIO(members["examples.csv"].decode(), newline="")))
    lengths = [name.removeprefix("short.").removesuffix(".csv") for name in members if name.startswith("short.")]
    terms, matrices = {}, {}
    short: dict[str, dict[str, sparse.csr_matrix]] = {length: {} for length in lengths}
    for name in BLOCKS:
        listed = members[f"{name}.txt"].decode()
        frequent_first = np.array(listed.split("\n") if listed else [], dtype=str)
        order = np.argsort(frequent_first)
        terms[name], matrices[name] = frequent_first[order], _block(name, members, order, len(table))
        if name in DESCRIPTION_BLOCKS:
            for length in lengths:
                short[length][name] = _block(f"{name}.{length}", members, order, len(table))
    counts = TermCounts(terms, matrices, *_words(members["words.csv"]))
    return Examples(
        counts,
        {
            length: TermCounts(terms, matrices | blocks, *_words(members[f"short.{length}.csv"]))
            for length, blocks in short.items()
        },
        np.array([row["id"] for row in table], dtype=str),
        np.array([row["text"] for row in table], dtype=str),
        np.array([row["language"] for row in table], dtype=str),
        np.array([row["company"] for row in table], dtype=str),
        np.array([row["role"] for row in table], dtype=str),
        np.array([int(row["confidence"]) for row in table], dtype=np.intp),
        np.array([row["added"] == "1" for row in table], dtype=bool),
        np.array(members["unseen.txt"].decode().split(), dtype=str),
    )


def _block(name: str, members: dict[str, bytes], order: npt.NDArray[np.intp], rows: int) -> sparse.csr_matrix:
    lengths = np.frombuffer(members[f"{name}.lengths.u4"], "<u4").astype(np.int64)
    if len(lengths) != rows:
        raise ValueError(f"{name} has {len(lengths)} rows for {rows} postings")
    low = np.frombuffer(members[f"{name}.steps.low.u1"], "u1").astype(np.int64)
    high = np.frombuffer(members[f"{name}.steps.high.u2"], "<u2").astype(np.int64)
    counts = np.frombuffer(members[f"{name}.counts.u2"], "<u2").astype(np.int32)
    bounds = np.concatenate([[0], np.cumsum(lengths)])
    if not len(low) == len(high) == len(counts) == bounds[-1]:
        raise ValueError(f"the parts of {name} have different lengths")
    sums = np.concatenate([[0], np.cumsum(low + 256 * high)])
    ranks = sums[1:] - np.repeat(sums[bounds[:-1]], lengths)
    if len(ranks) and ranks.max() >= len(order):
        raise ValueError(f"{name} has a column without a term")
    column = np.empty_like(order)
    column[order] = np.arange(len(order))
    shape = (len(lengths), len(order))
    matrix = sparse.csr_matrix((counts, column[ranks].astype(np.int32), bounds.astype(np.int32)), shape)
    matrix.sort_indices()
    return matrix


def _written(counts: TermCounts) -> bytes:
    """Return how many words postings have, and whether they are in Chinese, as a table."""
    table = io.StringIO(newline="")
    csv.writer(table, lineterminator="\n").writerows(
        zip(*counts.words.T.tolist(), counts.chinese.astype(int).tolist(), strict=True)
    )
    return table.getvalue().encode()


def _words(table: bytes) -> tuple[npt.NDArray[np.int64], Flags]:
    rows = [line.split(",") for line in table.decode().splitlines()]
    words = np.array([row[:2] for row in rows], dtype=np.int64).reshape(-1, 2)
    return words, np.array([row[2] == "1" for row in rows], dtype=bool)
