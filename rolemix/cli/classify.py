"""``rolemix classify``: postings as JSON Lines in, a tag for each out, as a stream; or a whole history tagged anew."""

from __future__ import annotations

import codecs
import json
import math
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from postings.errors import RolemixError
from rolemix import api
from rolemix.cli import options
from rolemix.cli.console import out, say, show
from rolemix.publishing.render import Format, as_json

if TYPE_CHECKING:
    from classifier.model.tag import Tag
    from classifier.model.tagger import Tagger

_PLACES = 6
_BATCH = 256


def classify(
    file: Annotated[
        typer.FileBinaryRead, typer.Argument(help="JSON Lines, each with a title; - for standard input.")
    ] = "-",  # type: ignore[assignment]  # opened by the command line
    model: options.ModelPath = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Tag the whole history in the store instead, and say what changed role.")
    ] = False,
    mix: Annotated[
        bool, typer.Option("--mix", help="Estimate the mix of all postings together, with intervals.")
    ] = False,
    db: options.Database = options.DEFAULT_DATABASE,
    form: Annotated[
        Format | None,
        typer.Option("--format", help="How to print what --all or --mix found (default: table).", show_default=False),
    ] = None,
) -> None:
    """Tag postings: read JSON Lines with a title and perhaps a description, print a line of JSON for each.

    What `rolemix parse` and `scrapy crawl` print can be read as it is.
    Blank lines are skipped. A line that cannot be read ends the run with its number, after the lines before
    it. With --mix the postings are taken for one board, and its mix is estimated.

    With --all, every version of every posting in the store is tagged with
    the model; tags of other models stay beside its own. What is interrupted
    goes on where it stopped.
    """
    if everything:
        if getattr(file, "name", None) not in (None, "<stdin>"):
            raise RolemixError(f"--all tags the store and reads no file: leave out {file.name}")
        _retag(db, model, form or Format.TABLE)
        return
    from classifier.model.tag import batches
    from classifier.model.tagger import Tagger

    if form is not None and not mix:
        raise RolemixError("--format is for --mix and --all: without them, each posting is a line of JSON")
    tagger = Tagger.load(model)
    if mix:
        from rolemix.cli.mix_text import show_mix

        show_mix(tagger.mix(read_rows(file)), tagger, form or Format.TABLE)
        return
    for batch in batches(read_rows(file), _BATCH):
        tags = tagger.tag(batch, batch=_BATCH)
        out("".join(_line(row, tag, tagger) for row, tag in zip(batch, tags, strict=True)))


def _retag(db: str, model: Path | None, form: Format) -> None:
    from classifier.model.tagger import Tagger
    from rolemix.cli.runs import bar
    from rolemix.tagging.retag import retag

    with api.open_store(db, existing=True) as store, bar() as progress:
        task = progress.add_task("versions", total=None)
        done = retag(store, Tagger.load(model), lambda now, total: progress.update(task, completed=now, total=total))
    had = done.versions - done.tagged
    say(f"versions of postings tagged with model {done.model}: {done.tagged}; had its tag already: {had}")
    if form is Format.JSON:
        out(as_json(done.to_dict()))
    elif done.against:
        rows = [
            {
                "model": one.model,
                "compared": one.compared,
                "changed": one.changed,
                "share": round(one.changed / one.compared, 4) if one.compared else None,
                "most often": "; ".join(f"{move.before} → {move.after} {move.versions}" for move in one.moves[:3]),
            }
            for one in done.against
        ]
        show(rows, list(rows[0]), form)
    else:
        say("no other model has tagged this store, so there is nothing to compare with")


def read_rows(lines: Iterable[bytes]) -> Iterator[Mapping[str, Any]]:
    """Read postings from lines of JSON.

    Raises:
        RowError: A line is not UTF-8, not a JSON object, or cannot be tagged; the message has its number.
    """
    from classifier.model.tag import RowError

    for number, line in enumerate(lines, 1):
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
    """Return the posting on a line, or None when the line is blank."""
    from classifier.model.tag import checked

    text = line.decode()
    if not text.strip():
        return None
    return checked(parse_json(text))


def parse_json(text: str) -> Any:
    """Read JSON, refusing with ValueError the numbers that Python reads and JSON does not have."""
    return json.loads(text, parse_constant=_finite, parse_float=_finite)


def _finite(text: str) -> float:
    """Read a number, refusing what Python reads and JSON does not have."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(f"{text} is not a number")
    return number


def _line(row: Mapping[str, Any], tag: Tag, tagger: Tagger) -> str:
    roles = rounded(tag.roles)
    record = {
        "id": row.get("id", row.get("identifier")),
        "role": tag.role,
        "focus": tag.focus,
        "confidence": roles[tag.role],
        "margin": round(tag.margin, _PLACES),
        "sure": tag.sure,
        "roles": roles,
        "model": tagger.model,
        "taxonomy": tagger.taxonomy_version,
    }
    return as_json(record, indent=None)


def rounded(roles: Mapping[str, float]) -> dict[str, float]:
    """Round probabilities so that they still sum to 1: the largest takes what rounding left over."""
    result = {role: round(value, _PLACES) for role, value in roles.items()}
    largest = max(roles, key=roles.__getitem__)
    result[largest] = round(result[largest] + 1 - sum(result.values()), _PLACES)
    return result
