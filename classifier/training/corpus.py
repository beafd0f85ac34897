"""Labelled postings on disk: what the tagger learns from, and the gold set that it never sees."""

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
``posted_at`` may be None. ``confidence`` is the reader's in the role (3 clear, 2 arguable, 1 a guess; without
it, clear), and ``added`` is true where the label came from a file of added labels."""

LABELS = "labels.csv"
"""The project's own labels of postings that a corpus holds unlabelled: ``id``, ``role``, ``confidence``."""

CORRECTIONS = "corrections.csv"
"""Labels of a corpus that were wrong: ``id``, the ``old`` role, the ``new`` one, and ``why``."""

_TEXTS = ("id", "title", "description", "role", "lang", "source")
_SAME = 200


class CorpusError(RolemixError):
    """A corpus that cannot be used; the message says which file and why."""


@dataclass(frozen=True, slots=True)
class Corpus:
    """Labelled postings.

    Attributes:
        labelled: What may be trained on.
        gold: What is only ever measured on; no posting is in both.
    """

    labelled: tuple[Posting, ...]
    gold: tuple[Posting, ...] = ()

    def __post_init__(self) -> None:
        """Check that training and measuring stay apart.

        Raises:
            CorpusError: A posting is in both parts, by its id or by its whole text.
        """
        for what, key in (("id", _identity), ("text", _text)):
            learned = {key(posting) for posting in self.labelled}
            for posting in self.gold:
                if key(posting) in learned:
                    raise CorpusError(f"the gold posting {posting['id']} is also labelled (same {what})")


def read_corpus(
    folder: Path,
    taxonomy: Taxonomy | None = None,
    *,
    amendments: Path | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> Corpus:
    """Read ``labelled.jsonl.gz`` and ``gold.jsonl.gz``, and what was labelled or corrected since.

    Args:
        folder: Holds both files, gzip'd JSON Lines; what is labelled since is looked up in its
            ``unlabelled-*.jsonl.gz``.
        taxonomy: Whose roles the labels are; None for the shipped one.
        amendments: A folder that may hold `LABELS` and `CORRECTIONS`; None for none of either. Those for
            postings that the corpus does not have are left out.
        progress: Is told how many were used, and how many left out.

    Raises:
        CorpusError: A file is missing or damaged, a line is not a labelled posting, or a correction is of
            another label than the corpus has.
    """
    roles = set((taxonomy or Taxonomy.load()).role_names)
    labelled, gold = (_read(folder / f"{part}.jsonl.gz", roles) for part in ("labelled", "gold"))
    if amendments is not None:
        labelled = _corrected(labelled, amendments / CORRECTIONS, roles, progress)
        labelled += _added(folder, amendments / LABELS, roles, progress)
    return Corpus(tuple(labelled), tuple(gold))


def company_groups(postings: Sequence[Posting]) -> list[str]:
    """Return the group of each posting, for splits that keep a company on one side.

    Postings of one company repeat each other, so that a random split would measure memory. A posting that
    names no company is a group of its own. Groups that share a posting (the same title and beginning of the
    description) are one.
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
    """Return what stands for a posting's text: the same words, however spaced, have the same key."""
    words = " ".join(title.split()), " ".join((description or "").split())
    return digest("\n".join(words), 16)


def digest(text: str, digits: int) -> str:
    """Return so many hex digits of a text's SHA-256."""
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
                    f"{path} corrects {correction['id']} from {correction['old']!r}, which is {posting['role']!r}"
                )
            labelled[number] = posting | {"role": correction["new"]}
            used += 1
    _tell(progress, path, used, len(corrections))
    return labelled


def _added(folder: Path, path: Path, roles: set[str], progress: Callable[[str], None]) -> list[Posting]:
    labels = {
        row["id"]: {"role": row["role"], "confidence": int(row["confidence"]), "added": True}
        for row in _table(path, ("id", "role", "confidence"), {"role": roles, "confidence": {"1", "2", "3"}})
    }
    files = sorted(folder.glob("unlabelled-*.jsonl.gz")) if labels else []
    added = [
        posting | labels[posting["id"]] for file in files for posting in _read(file, None) if posting["id"] in labels
    ]
    _tell(progress, path, len(added), len(labels))
    return added


def _tell(progress: Callable[[str], None], path: Path, used: int, total: int) -> None:
    if total:
        absent = f", {total - used} of postings that the corpus does not have" if used < total else ""
        progress(f"{path.name}: {used} of {total} used{absent}")


def _table(path: Path, columns: Sequence[str], allowed: Mapping[str, set[str]]) -> list[dict[str, str]]:
    """Read a table of labels; a file that is not there is an empty one."""
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
        raise CorpusError(f"{path} is not a table in UTF-8: {error}") from error
    seen: set[str] = set()
    for row in rows:
        for column, values in allowed.items():
            if row[column] not in values:
                raise CorpusError(f"{path}: {row['id']} has an unknown {column}: {row[column]!r}")
        if row["id"] in seen:
            raise CorpusError(f"{path} has {row['id']} twice")
        seen.add(row["id"])
    return rows


def _read(path: Path, roles: set[str] | None) -> list[Posting]:
    """Read postings: labelled ones, or where no roles are given, postings without a role."""
    postings: list[Posting] = []
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                postings.append(_checked(json.loads(line), roles))
    except OSError as error:
        raise CorpusError(f"cannot read {path}: {error.strerror or error}") from error
    except (EOFError, zlib.error, ValueError) as error:
        raise CorpusError(f"{path} cannot be used after line {len(postings)}: {error}") from error
    return postings


def _checked(value: Any, roles: set[str] | None) -> Posting:
    needed = [key for key in _TEXTS if roles is not None or key != "role"]
    if not isinstance(value, dict) or not all(isinstance(value.get(key), str) for key in needed):
        raise ValueError(f"a posting of a corpus needs {', '.join(needed)}, all of them text")
    if roles is not None and value["role"] not in roles:
        raise ValueError(f"unknown role {value['role']!r}")
    return value
