"""Labelled postings on disk: what the tagger learns from, and the gold set that it never sees."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from classifier.taxonomy import Taxonomy
from postings.errors import RolemixError

Posting = dict[str, Any]
"""A labelled posting: ``id``, ``title``, ``description``, ``role``, ``lang``, ``source``; ``company`` and
``posted_at`` may be None."""

_TEXTS = ("id", "title", "description", "role", "lang", "source")


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


def read_corpus(folder: Path, taxonomy: Taxonomy | None = None) -> Corpus:
    """Read ``labelled.jsonl.gz`` and ``gold.jsonl.gz``.

    Args:
        folder: Holds both files, gzip'd JSON Lines.
        taxonomy: Whose roles the labels are; None for the shipped one.

    Raises:
        CorpusError: A file is missing or damaged, or a line is not a labelled posting.
    """
    roles = set((taxonomy or Taxonomy.load()).role_names)
    return Corpus(
        _read(folder / "labelled.jsonl.gz", roles),
        _read(folder / "gold.jsonl.gz", roles),
    )


def company_groups(postings: Sequence[Posting]) -> list[str]:
    """Return the group of each posting, for splits that keep a company on one side.

    Postings of one company repeat each other, so that a random split would measure memory. A posting that
    names no company is a group of its own.
    """
    return [
        " ".join(posting["company"].casefold().split())
        if posting.get("company")
        else f"{posting['source']}\t{posting['id']}"
        for posting in postings
    ]


def _identity(posting: Posting) -> object:
    return posting["id"]


def _text(posting: Posting) -> object:
    return posting["title"], posting["description"]


def _read(path: Path, roles: set[str]) -> tuple[Posting, ...]:
    postings: list[Posting] = []
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                postings.append(_labelled(json.loads(line), roles))
    except OSError as error:
        raise CorpusError(f"cannot read {path}: {error.strerror or error}") from error
    except (EOFError, zlib.error, ValueError) as error:
        raise CorpusError(f"{path} cannot be used after line {len(postings)}: {error}") from error
    return tuple(postings)


def _labelled(value: Any, roles: set[str]) -> Posting:
    if not isinstance(value, dict) or not all(isinstance(value.get(key), str) for key in _TEXTS):
        raise ValueError(f"a labelled posting needs {', '.join(_TEXTS)}, all of them text")
    if value["role"] not in roles:
        raise ValueError(f"unknown role {value['role']!r}")
    return value
