"""A user's own labels: what a person decided about postings, one line each in a file that is theirs."""

from __future__ import annotations

import contextlib
import dataclasses
import enum
import json
import os
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any, BinaryIO

from classifier.taxonomy import Taxonomy
from classifier.training.corpus import Posting
from postings.errors import RolemixError

SOURCE = "own labels"
"""The source of a posting that a user labelled."""

_LANGUAGE = "und"
"""Undetermined, as ISO 639-2 has it: nobody is asked for the language."""


class LabelsError(RolemixError):
    """A file of labels that cannot be used; the message says where and why."""


class Picked(enum.StrEnum):
    """Why a posting was shown to a person."""

    UNSURE = "unsure"
    """The model was unsure of it: the most to learn from, and no measure of how right the model is."""
    RANDOM = "random"
    """By chance: how often the person agrees estimates how right the model is on all that had no label yet."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """What a person decided about one posting.

    Attributes:
        key: Stands for the posting's text (see `text_key`).
        name: Where it was found: the feed's id, or the ``id`` in a file; None where it has none.
        title: Its title, kept so that training needs nothing else.
        description: Its description, likewise.
        company: Its company's name; None where unknown.
        role: The role decided on.
        codebook: The version of the taxonomy that it was decided by.
        decided_on: The day, in ISO 8601.
        guess: The role that the model gave.
        confidence: That role's probability.
        model: The model's name.
        picked: Why the posting was shown.
    """

    key: str
    name: str | None
    title: str
    description: str
    company: str | None
    role: str
    codebook: str
    decided_on: str
    guess: str
    confidence: float
    model: str
    picked: Picked


_FIELDS = frozenset(field.name for field in dataclasses.fields(Label))
_MAY_BE_NULL = ("name", "company")


class LabelFile:
    """A file of labels, JSON Lines, to which every decision is added at once.

    Attributes:
        path: The file; it need not be there yet.
        labels: What it holds, by key; of several lines about one text the last counts.
        cut_short: Whether its last line was left out because writing it was interrupted; the next label takes its
            place.
    """

    def __init__(self, path: Path, taxonomy: Taxonomy) -> None:
        """Read the file.

        Raises:
            LabelsError: It cannot be read, or a line of it is no label.
        """
        self.path = path
        self.labels: dict[str, Label] = {}
        self.cut_short = False
        self._added: list[tuple[int, int, Label, Label | None]] = []
        roles = frozenset(taxonomy.role_names)
        try:
            content = path.read_bytes()
        except FileNotFoundError:
            content = b""
        except OSError as error:
            raise LabelsError(f"cannot read the labels {path}: {error.strerror}") from error
        lines = content.split(b"\n")
        for number, line in enumerate(lines, 1):
            try:
                label = _label(line, roles)
            except ValueError as error:
                # Only the last line can lack its end, and then writing it was interrupted.
                self.cut_short = number == len(lines)
                if not self.cut_short:
                    raise LabelsError(f"line {number} of {path} is no label: {error}") from error
                continue
            if label is not None:
                self.labels[label.key] = label
        self._whole = len(content) - (len(lines[-1]) if self.cut_short else 0)
        self._begin_line = bool(lines[-1]) and not self.cut_short

    def add(self, label: Label) -> None:
        """Write one decision, and return only when it is on the disk.

        Raises:
            LabelsError: It cannot be written.
        """
        line = json.dumps(dataclasses.asdict(label), ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
        with self._opened() as out:
            if self.cut_short:
                out.truncate(self._whole)
            start = out.seek(0, os.SEEK_END)
            out.write(b"\n" + line if self._begin_line else line)
            _to_disk(out)
            end = out.tell()
        self.cut_short = self._begin_line = False
        self._added.append((start, end, label, self.labels.get(label.key)))
        self.labels[label.key] = label

    def take_back(self) -> Label | None:
        """Remove the decision that was added last, and return it; None when none was since the file was read.

        Raises:
            LabelsError: It cannot be written, or another program has added to it meanwhile.
        """
        if not self._added:
            return None
        start, end, label, earlier = self._added[-1]
        with self._opened() as out:
            if out.seek(0, os.SEEK_END) != end:
                raise LabelsError(f"another program has written to {self.path}: remove the last label by hand")
            out.truncate(start)
            _to_disk(out)
        self._added.pop()
        del self.labels[label.key]
        if earlier is not None:
            self.labels[earlier.key] = earlier
        return label

    @contextlib.contextmanager
    def _opened(self) -> Iterator[BinaryIO]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with self.path.open("r+b" if self.path.exists() else "x+b") as out:
                yield out
        except OSError as error:
            raise LabelsError(
                f"cannot write the labels {self.path}: {error.strerror}; name another file with --labels"
            ) from error


def as_posting(label: Label) -> Posting:
    """Return what a label teaches: the posting that was decided about, with its role."""
    return {
        "id": f"{SOURCE}:{label.key}",
        "title": label.title,
        "description": label.description,
        "company": label.company,
        "posted_at": None,
        "lang": _LANGUAGE,
        "source": SOURCE,
        "role": label.role,
    }


def _to_disk(out: BinaryIO) -> None:
    out.flush()
    os.fsync(out.fileno())


def _label(line: bytes, roles: Collection[str]) -> Label | None:
    """Read a line; None when it is blank.

    Raises:
        ValueError: It is no label.
    """
    if not line.strip():
        return None
    try:
        values = json.loads(line.decode("utf-8-sig"))
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    if not isinstance(values, dict) or set(values) != _FIELDS:
        raise ValueError(f"a label has exactly {', '.join(sorted(_FIELDS))}")
    for name, value in values.items():
        wanted: Any = (int, float) if name == "confidence" else str
        if not isinstance(value, wanted) and not (value is None and name in _MAY_BE_NULL):
            raise ValueError(f"{name} is {value!r}")
    if values["role"] not in roles:
        raise ValueError(f"the taxonomy has no role {values['role']!r}")
    return Label(**values | {"picked": Picked(values["picked"])})
