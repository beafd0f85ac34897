"""A user's own labels: the roles that a person chose for postings, in a file with one line each."""

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
"""Undetermined in ISO 639-2, because users are not asked for the language."""


class LabelsError(RolemixError):
    """A label file that cannot be used; the message gives the place and the reason."""


class Picked(enum.StrEnum):
    """Why a posting was shown to a person."""

    UNSURE = "unsure"
    """The model was unsure: such labels improve the model most, but do not measure its accuracy."""
    RANDOM = "random"
    """At random: the share on which the person agrees estimates the model's accuracy on all unlabelled postings."""


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """A posting and the role that a person chose for it; the attributes are the keys of the label file.

    Attributes:
        key: The key of the posting's text (`classifier.training.corpus.text_key`).
        name: The posting's id in the feed, or its ``id`` in a file; None where it has none.
        title: Its title, kept so that training needs no other file.
        description: Its description, kept for the same reason.
        company: Its company's name; None where unknown.
        role: The role that the person chose.
        codebook: The version of the taxonomy in use.
        decided_on: The day of the decision, in ISO 8601.
        guess: The role that the model predicted.
        confidence: The probability of the predicted role, 0 to 1.
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
    """A file of labels in JSON Lines, to which every decision is written immediately.

    Attributes:
        path: The file; it need not exist yet.
        labels: The labels by key; of several lines for one text the last is valid.
        cut_short: Whether the last line is incomplete, because writing it was interrupted, and was skipped; the next
            label replaces it.
    """

    def __init__(self, path: Path, taxonomy: Taxonomy) -> None:
        """Read the file.

        Raises:
            LabelsError: It cannot be read, or a line is not a label.
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
                # Only the last line can be incomplete, when writing it was interrupted.
                self.cut_short = number == len(lines)
                if not self.cut_short:
                    raise LabelsError(f"line {number} of {path} is not a label: {error}") from error
                continue
            if label is not None:
                self.labels[label.key] = label
        self._whole = len(content) - (len(lines[-1]) if self.cut_short else 0)
        self._begin_line = bool(lines[-1]) and not self.cut_short

    def add(self, label: Label) -> None:
        """Append a label and return once it is on disk.

        Raises:
            LabelsError: It cannot be written.
        """
        line = json.dumps(dataclasses.asdict(label), ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"
        with self._opened() as out:
            if self.cut_short:
                out.truncate(self._whole)
            start = out.seek(0, os.SEEK_END)
            out.write(b"\n" + line if self._begin_line else line)
            _flush_to_disk(out)
            end = out.tell()
        self.cut_short = self._begin_line = False
        self._added.append((start, end, label, self.labels.get(label.key)))
        self.labels[label.key] = label

    def remove_last(self) -> Label | None:
        """Remove the label that was added last and return it; None if none was added since the file was read.

        Raises:
            LabelsError: The file cannot be written, or another program has written to it in the meantime.
        """
        if not self._added:
            return None
        start, end, label, earlier = self._added[-1]
        with self._opened() as out:
            if out.seek(0, os.SEEK_END) != end:
                raise LabelsError(f"another program has written to {self.path}: remove your last label in an editor")
            out.truncate(start)
            _flush_to_disk(out)
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
    """Return a label as a labelled posting to train on."""
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


def _flush_to_disk(out: BinaryIO) -> None:
    out.flush()
    os.fsync(out.fileno())


def _label(line: bytes, roles: Collection[str]) -> Label | None:
    """Read a line; None if it is blank.

    Raises:
        ValueError: It is not a label.
    """
    if not line.strip():
        return None
    try:
        values = json.loads(line.decode("utf-8-sig"))
    except RecursionError as error:
        raise ValueError("the JSON is nested too deeply") from error
    if not isinstance(values, dict) or set(values) != _FIELDS:
        raise ValueError(f"a label has exactly the keys {', '.join(sorted(_FIELDS))}")
    for name, value in values.items():
        wanted: Any = (int, float) if name == "confidence" else str
        if not isinstance(value, wanted) and not (value is None and name in _MAY_BE_NULL):
            raise ValueError(f"{name} cannot be {value!r}")
    if values["role"] not in roles:
        raise ValueError(f"the taxonomy has no role {values['role']!r}")
    return Label(**values | {"picked": Picked(values["picked"])})
