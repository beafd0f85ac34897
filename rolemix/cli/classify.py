"""``rolemix classify``: tag postings from JSON Lines as a stream, estimate their mix, or tag the complete store."""

from __future__ import annotations

import codecs
import contextlib
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import count, islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from classifier.quantification.estimand import Estimand
from postings.errors import RolemixError
from rolemix import api
from rolemix.cli import options
from rolemix.cli.console import out, say, show
from rolemix.publishing.render import Format, as_json

if TYPE_CHECKING:
    from classifier.model.info import ModelInfo
    from classifier.model.tag import Tag
    from classifier.model.tagger import Tagger

_PLACES = 6
_BATCH = 1024

_ALONE = 10_000
"""How many lines one process reads before others are started; it takes about as long as starting them."""


def classify(
    file: Annotated[
        typer.FileBinaryRead, typer.Argument(help="JSON Lines, each with a title; - for standard input.")
    ] = "-",  # type: ignore[assignment]  # opened by the command line
    model: options.ModelPath = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Tag the complete store instead, and show which roles changed.")
    ] = False,
    mix: Annotated[
        bool, typer.Option("--mix", help="Estimate the mix of all postings together, with intervals.")
    ] = False,
    estimand: options.EstimandOption = Estimand.HIRING,
    db: options.Database = options.DEFAULT_DATABASE,
    jobs: Annotated[
        int | None,
        typer.Option(min=1, help="How many processes tag a large file; one per core if not given.", show_default=False),
    ] = None,
    form: Annotated[
        Format | None,
        typer.Option("--format", help="The output format of --all and --mix (default: table).", show_default=False),
    ] = None,
) -> None:
    """Tag postings: read JSON Lines with a title and an optional description, and print one JSON object per line.

    The output of `rolemix parse` and `scrapy crawl` is valid input. Blank
    lines are skipped. An invalid line ends the run with its line number,
    after the lines before it are tagged. With --mix all postings are treated
    as one board, and its mix of roles is estimated.

    With --all, every version of every posting in the store is tagged with
    the model; tags of other models are kept. An interrupted run continues
    where it stopped.
    """
    if everything:
        if getattr(file, "name", None) not in (None, "<stdin>"):
            raise RolemixError(f"--all tags the store and reads no file: remove {file.name}")
        _retag(db, model, form or Format.TABLE)
        return
    if form is not None and not mix:
        raise RolemixError("--format needs --mix or --all: without them the output is JSON Lines")
    tagger = api.load_tagger(model)
    if mix:
        from rolemix.cli.mix_text import show_mix

        show_mix(tagger.mix(read_rows(file), estimand), tagger.info, form or Format.TABLE)
        return
    from rolemix.tagging.processes import cores, map_in_order

    jobs = jobs or cores()
    for text in _tagged(tagger, islice(file, _ALONE if jobs > 1 else None)):
        out(text)
    rest = zip(count(_ALONE + 1, _BATCH), iter(lambda: list(islice(file, _BATCH)), []), strict=False)
    with contextlib.closing(map_in_order(_Work(model), rest, jobs)) as results:
        for text, error in results:
            out(text)
            if error:
                raise RolemixError(error)


@dataclass
class _Work:
    """What a process does with some lines of the input: it tags them, with a tagger that it loads once.

    Attributes:
        model: See `rolemix.api.load_tagger`.
    """

    model: Path | None

    def __call__(self, numbered: tuple[int, Sequence[bytes]]) -> tuple[str, str]:
        """Return what is printed for lines, given with the first one's number, and the error that ends them."""
        from classifier.model.tag import RowError

        texts: list[str] = []
        first, lines = numbered
        try:
            texts.extend(_tagged(_loaded_tagger(self.model), lines, first))
        except RowError as error:
            return "".join(texts), str(error)
        return "".join(texts), ""


@cache
def _loaded_tagger(model: Path | None) -> Tagger:
    return api.load_tagger(model)


def _tagged(tagger: Tagger, lines: Iterable[bytes], first: int = 1) -> Iterator[str]:
    """Yield what is printed for each batch of postings, read as `read_rows` does."""
    from classifier.model.tag import batches

    info = tagger.info
    for batch in batches(read_rows(lines, first), _BATCH):
        tags = list(tagger.tag(batch, batch=_BATCH))
        shares = rounded([list(tag.roles.values()) for tag in tags])
        yield "".join(_line(row, tag, own, info) for row, tag, own in zip(batch, tags, shares, strict=True))


def _retag(db: str, model: Path | None, form: Format) -> None:
    from rolemix.cli.runs import bar

    with api.open_store(db, existing=True) as store, bar() as progress:
        task = progress.add_task("versions", total=None)
        result = api.retag(store, model, lambda done, total: progress.update(task, completed=done, total=total))
    already = result.versions - result.tagged
    say(f"versions of postings tagged with the model {result.model}: {result.tagged}; tagged before: {already}")
    if form is Format.JSON:
        out(as_json(result.to_dict()))
    elif result.comparisons:
        rows = [
            {
                "model": comparison.model,
                "compared": comparison.compared,
                "changed": comparison.changed,
                "share": round(comparison.changed / comparison.compared, 4) if comparison.compared else None,
                "most frequent": "; ".join(
                    f"{change.before} → {change.after} {change.versions}" for change in comparison.changes[:3]
                ),
            }
            for comparison in result.comparisons
        ]
        show(rows, list(rows[0]), form)
    else:
        say("no other model has tagged this store, so there is nothing to compare with")


def read_rows(lines: Iterable[bytes], first: int = 1) -> Iterator[Mapping[str, Any]]:
    """Read postings from lines of JSON.

    Args:
        lines: The lines.
        first: The number of the first of them.

    Raises:
        RowError: A line is not UTF-8, not a JSON object, or cannot be tagged; the message has the line number.
    """
    from classifier.model.tag import RowError

    for number, line in enumerate(lines, first):
        try:
            row = _row(line.removeprefix(codecs.BOM_UTF8) if number == 1 else line)
        except UnicodeDecodeError as error:
            raise RowError(f"line {number} is not UTF-8: {error.reason} at byte {error.start + 1}") from error
        except RowError as error:
            raise RowError(f"line {number}: {error}") from error
        except (ValueError, RecursionError) as error:
            raise RowError(f"line {number} is not JSON: {error}") from error
        if row is not None:
            yield row


def _row(line: bytes) -> Mapping[str, Any] | None:
    """Return the posting on a line; None if the line is blank."""
    from classifier.model.tag import checked

    text = line.decode()
    if not text.strip():
        return None
    return checked(parse_json(text))


def parse_json(text: str) -> Any:
    """Read JSON strictly.

    Raises:
        ValueError: It is not JSON, or has a number that Python would read but JSON does not have, such as NaN.
    """
    return json.loads(text, parse_constant=_finite, parse_float=_finite)


def _finite(text: str) -> float:
    """Read a number that JSON has."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is not a JSON number")
    return number


def _line(row: Mapping[str, Any], tag: Tag, shares: Sequence[float], model: ModelInfo) -> str:
    roles = dict(zip(tag.roles, shares, strict=True))
    record = {
        "id": row.get("id", row.get("identifier")),
        "role": tag.role,
        "focus": tag.focus,
        "confidence": roles[tag.role],
        "margin": round(tag.margin, _PLACES),
        "sure": tag.sure,
        "roles": roles,
        "model": model.name,
        "taxonomy": model.taxonomy.version,
    }
    return as_json(record, indent=None)


def rounded(shares: Sequence[Sequence[float]]) -> list[list[float]]:
    """Round the probabilities in each row so that they still sum to 1: the largest takes the rounding error."""
    import numpy as np

    result = np.round(shares, _PLACES)
    row, largest = np.arange(len(result)), np.argmax(shares, axis=1)
    result[row, largest] = np.round(result[row, largest] + 1 - result.sum(axis=1), _PLACES)
    rows: list[list[float]] = result.tolist()
    return rows
