"""The screen of ``rolemix label``: a posting, the predicted role with the terms that explain it, and a key per role."""

from __future__ import annotations

import string
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator

import typer
from rich.cells import cell_len
from rich.columns import Columns
from rich.console import Console, RenderableType
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from classifier.model.explanation import Contribution, explain
from classifier.model.tagger import Tagger
from classifier.taxonomy import Taxonomy
from classifier.training.labels import LabelFile, LabelsError
from postings.errors import RolemixError
from rolemix.cli.explain import percent
from rolemix.publishing.render import plain
from rolemix.tagging.labelling import Candidate, Session

ACCEPT, SKIP, UNDO, MORE, QUIT = "\r\n", "s", "u", "m", "q"
"""The keys that do not stand for a role; Enter may send either of two characters."""

_TERMS = 6
_LEAST_LINES = 4
_OTHER_LINES = 22
"""The lines that the screen needs besides the description, if every focus takes two lines."""


def role_keys(taxonomy: Taxonomy) -> dict[str, str]:
    """Return the role of each key: letters, then digits and capitals, in the order of the taxonomy.

    Raises:
        RolemixError: There are more roles than keys.
    """
    letters = [key for key in string.ascii_lowercase if key not in (SKIP, UNDO, MORE, QUIT)]
    keys = [*letters, *string.digits, *string.ascii_uppercase]
    if len(taxonomy.role_names) > len(keys):
        raise RolemixError(f"the taxonomy has {len(taxonomy.role_names)} roles, but there are only {len(keys)} keys")
    return dict(zip(keys, taxonomy.role_names, strict=False))


def run_session(session: Session, file: LabelFile, tagger: Tagger, taxonomy: Taxonomy, *, today: str) -> None:
    """Show one posting after the other until none is left or the person quits.

    Args:
        session: The postings and the decisions about them.
        file: The label file, named on the screen.
        tagger: The tagger whose predictions are shown.
        taxonomy: The roles to choose from.
        today: The day to date decisions with, in ISO 8601.

    Raises:
        LabelsError: A label cannot be written.
    """
    console = Console(highlight=False)
    keys = role_keys(taxonomy)
    note, full = "", False
    while (posting := session.current) is not None:
        console.clear()
        status = f"{file.path} · labels: {len(file.labels)}, this session: {session.added}, left: {session.left}"
        console.print(Text(status, "dim"))
        console.print(*screen(posting, tagger, taxonomy, console, full=full), sep="\n")
        console.print(Text(plain(note), "green"))
        pressed, was_full, full = _key(), full, False
        if pressed in (QUIT, ""):
            break
        if pressed in ACCEPT or pressed in keys:
            role = posting.tag.role if pressed in ACCEPT else keys[pressed]
            session.decide(role, today)
            note = f"✓ {role}: {posting.title}"
        elif pressed == SKIP:
            session.skip()
            note = f"skipped: {posting.title}"
        elif pressed == UNDO:
            try:
                note = "back to the previous posting" if session.undo() else "there is nothing to undo"
            except LabelsError as error:
                note = str(error)
        elif pressed == MORE:
            note, full = "", not was_full
        else:
            note, full = "that key does nothing: press one of those shown above", was_full
    console.clear()


def screen(
    posting: Candidate, tagger: Tagger, taxonomy: Taxonomy, console: Console, *, full: bool
) -> Iterator[RenderableType]:
    """Yield the parts of the screen for one posting, with the full description or its beginning."""
    description = posting.load_description()
    yield Rule(style="dim")
    yield Text(plain(posting.title), "bold")
    yield Text(plain(" · ".join(filter(None, (posting.company, posting.name)))), "dim")
    lines = _wrapped(description, console.width)
    shown = lines if full else lines[: max(console.height - _OTHER_LINES, _LEAST_LINES)]
    yield Text("\n".join(shown) or "(no description)")
    if len(shown) < len(lines):
        yield Text(f"… {len(lines) - len(shown)} more lines: {MORE}", "dim")
    yield Rule(style="dim")
    found = explain(tagger, {"title": posting.title, "description": description})
    yield Text(
        f"{found.role} ({taxonomy.focus_by_role[found.role]}) {percent(found.tag.roles[found.role])}; "
        f"next {found.rival} {percent(found.tag.roles[found.rival])}",
        "bold",
    )
    yield Text(f"for {found.role}: {_terms(found.supporting())}")
    yield Text(f"for {found.rival}: {_terms(found.opposing())}")
    yield ""
    yield _choices(taxonomy, found.role)
    yield Text(f"Enter {found.role}   {SKIP} skip   {UNDO} undo   {MORE} full text   {QUIT} quit", "dim")


def _choices(taxonomy: Taxonomy, predicted: str) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    by_focus: dict[str, list[Text]] = defaultdict(list)
    for key, role in role_keys(taxonomy).items():
        name = Text.assemble((key, "bold cyan"), " ", (role, "reverse" if role == predicted else ""))
        by_focus[taxonomy.focus_by_role[role]].append(name)
    for focus, names in by_focus.items():
        # Each in a column of its own, so that no line breaks between a key and its role.
        table.add_row(Text(focus, "dim", no_wrap=True), Columns(names, padding=(0, 2)))
    return table


def _terms(contributions: Iterable[Contribution]) -> str:
    """Return the strongest terms, each with the sum of its values in all blocks."""
    sums: dict[str, float] = defaultdict(float)
    for contribution in contributions:
        sums[contribution.term] += abs(contribution.value)
    strongest = sorted(sums.items(), key=lambda item: -item[1])[:_TERMS]
    return ", ".join(f"{plain(term)} {value:.1f}" for term, value in strongest if value >= 0.05) or "no term"


def _wrapped(text: str, width: int) -> list[str]:
    """Wrap a text for the terminal, where a Chinese character is as wide as two letters."""
    lines: list[str] = []
    for paragraph in filter(None, map(plain, text.splitlines())):
        cells = cell_len(paragraph) / max(len(paragraph), 1)
        lines += textwrap.wrap(paragraph, max(int(width / cells), 20)) or [""]
    return lines


def _key() -> str:
    """Wait for a key; empty if the person interrupts or the terminal is closed."""
    try:
        return typer.getchar()
    except (EOFError, KeyboardInterrupt, OSError):
        return ""
