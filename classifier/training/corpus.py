"""Corpora of labelled postings on disk: the training set, and the gold set that is only evaluated on."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifier.taxonomy import Taxonomy
from postings.errors import RolemixError

Posting = dict[str, Any]
"""A labelled posting: ``id``, ``title``, ``description``, ``role``, ``lang``, ``source``; ``company`` and
``posted_at`` may be None. ``confidence`` is the annotator's confidence in the role (3 clear, 2 arguable, 1 a guess; if
missing, clear), and ``added`` is true if the label came from `LABELS`."""

LABELS = "labels.csv"
"""The name of the table of labels for postings that are unlabelled in a corpus: ``id``, ``role``, ``confidence``."""

CORRECTIONS = "corrections.csv"
"""The name of the table of corrected labels of a corpus: ``id``, the ``old`` role, the ``new`` one, and ``why``."""

_UNLABELLED = ("unlabelled-*.jsonl.gz", "titles.jsonl.gz", "more/*.jsonl.gz")
"""Where the postings of added labels are; they may have no description."""

_TEXTS = ("id", "title", "description", "role", "lang", "source")
_SAME = 200


class CorpusError(RolemixError):
    """A corpus that cannot be used; the message names the file and the reason."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Labelled postings.

    Attributes:
        labelled: The training set.
        gold: The gold set, which is only evaluated on; no posting is in both.
    """

    labelled: tuple[Posting, ...]
    gold: tuple[Posting, ...] = ()

    def __post_init__(self) -> None:
        """Check that the training set and the gold set are disjoint.

        Raises:
            CorpusError: A posting is in both, by its id or by its complete text.
        """
        for what, key in (("id", _identity), ("text", _text)):
            labelled = {key(posting) for posting in self.labelled}
            for posting in self.gold:
                if key(posting) in labelled:
                    raise CorpusError(f"the gold posting {posting['id']} is also labelled (same {what})")


def read_corpus(
    folder: Path,
    taxonomy: Taxonomy | None = None,
    *,
    amendments: Path | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Corpus:
    """Read ``labelled.jsonl.gz`` and ``gold.jsonl.gz``, with labels that were added or corrected later.

    Args:
        folder: The folder of both files, gzip-compressed JSON Lines, and of the unlabelled postings
            (``unlabelled-*.jsonl.gz``, ``titles.jsonl.gz``, ``more/*.jsonl.gz``) that have added labels.
        taxonomy: The roles that labels may have; None for the shipped taxonomy.
        amendments: A folder that may have `LABELS` and `CORRECTIONS`; None for no amendments. Those of postings that
            are not in the corpus are skipped.
        progress: Called with a sentence on how many labels and corrections were used and skipped.

    Raises:
        CorpusError: A file is missing or damaged, a line is not a labelled posting, or the corpus does not have the
            label that a correction replaces.
    """
    roles = set((taxonomy or Taxonomy.load()).role_names)
    labelled, gold = (_read(folder / f"{part}.jsonl.gz", roles) for part in ("labelled", "gold"))
    if amendments is not None:
        labelled = _corrected(labelled, amendments / CORRECTIONS, roles, progress)
        labelled += _added(folder, amendments / LABELS, roles, progress)
    return Corpus(tuple(labelled), tuple(gold))


def company_groups(postings: Sequence[Posting]) -> list[str]:
    """Return the group of each posting, for splits that keep each company on one side.

    Postings of one company resemble each other, so that a random split would reward memorising them. A posting without
    a company is a group of its own. Groups that share a posting (the same title and the same first 200 characters of
    the description) are merged.
    """
    names = [
        " ".join(posting["company"].casefold().split())
        if posting.get("company")
        else f"{posting['source']}\t{posting['id']}"
        for posting in postings
    ]
    merged: dict[str, str] = {}

    def group(name: str) -> str:
        while name in merged:
            name = merged[name]
        return name

    first: dict[object, str] = {}
    for posting, name in zip(postings, names, strict=True):
        if posting.get("description"):
            text = posting["title"], posting["description"][:_SAME]
            ours, theirs = group(name), group(first.setdefault(text, name))
            if ours != theirs:
                merged[max(ours, theirs)] = min(ours, theirs)
    return [group(name) for name in names]


def text_key(title: str, description: str | None) -> str:
    """Return the key of a posting's text, a hash that ignores differences in white space."""
    words = " ".join(title.split()), " ".join((description or "").split())
    return digest("\n".join(words), 16)


def digest(text: str, digits: int) -> str:
    """Return the first hex digits of a text's SHA-256."""
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:digits]


def _identity(posting: Posting) -> object:
    return posting["id"]


def _text(posting: Posting) -> object:
    return posting["title"], posting["description"]


def _corrected(labelled: list[Posting], path: Path, roles: set[str], progress: Callable[[str], None]) -> list[Posting]:
    corrections = {row["id"]: row for row in _table(path, ("id", "old", "new", "why"), {"old": roles, "new": roles})}
    used = 0
    for number, posting in enumerate(labelled):
        if correction := corrections.get(posting["id"]):
            if posting["role"] != correction["old"]:
                raise CorpusError(
                    f"{path} corrects {correction['id']} from {correction['old']!r}, "
                    f"but its label is {posting['role']!r}"
                )
            labelled[number] = posting | {"role": correction["new"]}
            used += 1
    _report(progress, path, used, len(corrections))
    return labelled


def _added(folder: Path, path: Path, roles: set[str], progress: Callable[[str], None]) -> list[Posting]:
    labels = {
        row["id"]: {"role": row["role"], "confidence": int(row["confidence"]), "added": True}
        for row in _table(path, ("id", "role", "confidence"), {"role": roles, "confidence": {"1", "2", "3"}})
    }
    files = [file for pattern in _UNLABELLED for file in sorted(folder.glob(pattern))] if labels else []
    added = [
        posting | labels[posting["id"]] for file in files for posting in _read(file, None) if posting["id"] in labels
    ]
    _report(progress, path, len(added), len(labels))
    return added


def _report(progress: Callable[[str], None], path: Path, used: int, total: int) -> None:
    if total:
        skipped = f", {total - used} skipped because the corpus does not have the posting" if used < total else ""
        progress(f"{path.name}: {used} of {total} used{skipped}")


def _table(path: Path, columns: Sequence[str], allowed: Mapping[str, set[str]]) -> list[dict[str, str]]:
    """Read a table of labels; empty if the file does not exist."""
    if not path.exists():
        return []
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            reader = csv.DictReader(lines)
            if reader.fieldnames is None or list(reader.fieldnames) != list(columns):
                raise CorpusError(f"{path} needs the columns {', '.join(columns)}")
            rows = list(reader)
    except OSError as error:
        raise CorpusError(f"cannot read {path}: {error.strerror}") from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise CorpusError(f"{path} is not CSV in UTF-8: {error}") from error
    seen: set[str] = set()
    for row in rows:
        for column, values in allowed.items():
            if row[column] not in values:
                raise CorpusError(f"{path}: {row['id']} has an unknown {column}: {row[column]!r}")
        if row["id"] in seen:
            raise CorpusError(f"{path} has the id {row['id']} twice")
        seen.add(row["id"])
    return rows


def _read(path: Path, roles: set[str] | None) -> list[Posting]:
    """Read labelled postings; without roles, unlabelled ones."""
    postings: list[Posting] = []
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                postings.append(_checked(json.loads(line), roles))
    except OSError as error:
        raise CorpusError(f"cannot read {path}: {error.strerror or error}") from error
    except (EOFError, zlib.error, ValueError) as error:
        raise CorpusError(f"{path}, line {len(postings) + 1}: {error}") from error
    return postings


def _checked(value: Any, roles: set[str] | None) -> Posting:
    needed = [key for key in _TEXTS if roles is not None or key != "role"]
    if roles is None and isinstance(value, dict):
        value = value | {"description": value.get("description") or ""}
    if not isinstance(value, dict) or not all(isinstance(value.get(key), str) for key in needed):
        raise ValueError(f"a posting of a corpus needs {', '.join(needed)}, as strings")
    if roles is not None and value["role"] not in roles:
        raise ValueError(f"unknown role {value['role']!r}")
    return value
