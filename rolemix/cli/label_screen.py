"""The screen of ``rolemix label``: one posting, the model's guess and why, and a key for every answer."""

from __future__ import annotations

import string
import textwrap
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import typer
from rich.cells import cell_len
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
"""The keys that are no role's; Enter is either of two characters."""

_TERMS = 6
_LEAST_LINES = 4
_OTHER_LINES = 22
"""What the screen holds besides the description, with room for every focus to take two lines."""


def role_keys(taxonomy: Taxonomy) -> dict[str, str]:
    """Return the role of each key: letters in the taxonomy's order, then digits and capitals.

    Raises:
        RolemixError: There are more roles than keys.
    """
    letters = [key for key in string.ascii_lowercase if key not in (SKIP, UNDO, MORE, QUIT)]
    keys = [*letters, *string.digits, *string.ascii_uppercase]
    if len(taxonomy.role_names) > len(keys):
        raise RolemixError(f"the taxonomy has {len(taxonomy.role_names)} roles, and there are keys for {len(keys)}")
    return dict(zip(keys, taxonomy.role_names, strict=False))


def sit(session: Session, file: LabelFile, tagger: Tagger, taxonomy: Taxonomy, *, today: str) -> None:
    """Ask about a posting after the other, until none is left or the person has had enough.

    Args:
        session: What is asked about and where the answers go.
        file: Where they go, to be named on the screen.
        tagger: Whose guesses these are.
        taxonomy: The roles to choose from.
        today: The day, in ISO 8601, to date decisions with.

    Raises:
        LabelsError: A decision cannot be written.
    """
    console = Console(highlight=False)
    keys = role_keys(taxonomy)
    note, whole = "", False
    while (one := session.current) is not None:
        console.clear()
        console.print(
            Text(f"{file.path} · labels: {len(file.labels)}, now: {session.added}, to go: {session.left}", "dim")
        )
        console.print(*screen(one, tagger, taxonomy, console, whole=whole), sep="\n")
        console.print(Text(plain(note), "green"))
        pressed, whole_before, whole = _key(), whole, False
        if pressed in (QUIT, ""):
            break
        if pressed in ACCEPT or pressed in keys:
            role = one.tag.role if pressed in ACCEPT else keys[pressed]
            session.decide(role, today)
            note = f"✓ {role}: {one.title}"
        elif pressed == SKIP:
            session.skip()
            note = f"skipped: {one.title}"
        elif pressed == UNDO:
            try:
                note = "back to the posting before" if session.undo() else "this is the first posting of this sitting"
            except LabelsError as error:
                note = str(error)
        elif pressed == MORE:
            note, whole = "", not whole_before
        else:
            note, whole = "no answer has that key", whole_before
    console.clear()


def screen(
    one: Candidate, tagger: Tagger, taxonomy: Taxonomy, console: Console, *, whole: bool
) -> Iterator[RenderableType]:
    """Yield the parts of the screen for one posting."""
    description = one.describe()
    yield Rule(style="dim")
    yield Text(plain(one.title), "bold")
    yield Text(plain(" · ".join(filter(None, (one.company, one.name)))), "dim")
    lines = _wrapped(description, console.width)
    shown = lines if whole else lines[: max(console.height - _OTHER_LINES, _LEAST_LINES)]
    yield Text("\n".join(shown) or "(no description)")
    if len(shown) < len(lines):
        yield Text(f"… {len(lines) - len(shown)} more lines: {MORE}", "dim")
    yield Rule(style="dim")
    found = explain(tagger, {"title": one.title, "description": description})
    yield Text(
        f"{found.role} ({taxonomy.focus_by_role[found.role]}) {percent(found.tag.roles[found.role])}; "
        f"next {found.rival} {percent(found.tag.roles[found.rival])}",
        "bold",
    )
    yield Text(f"for {found.role}: {_terms(found.supporting())}")
    yield Text(f"for {found.rival}: {_terms(found.opposing())}")
    yield ""
    yield _choices(taxonomy, found.role)
    yield Text(f"Enter {found.role}   {SKIP} skip   {UNDO} undo   {MORE} whole text   {QUIT} quit", "dim")


def _choices(taxonomy: Taxonomy, guess: str) -> Table:
    table = Table.grid(padding=(0, 2, 0, 0))
    by_focus: dict[str, list[Text]] = defaultdict(list)
    for key, role in role_keys(taxonomy).items():
        # A no-break space keeps a key with its role where the line breaks.
        name = Text.assemble((key, "bold cyan"), "\u00a0", (role, "reverse" if role == guess else ""))
        by_focus[taxonomy.focus_by_role[role]].append(name)
    for focus, names in by_focus.items():
        table.add_row(Text(focus, "dim", no_wrap=True), Text("  ").join(names))
    return table


def _terms(contributions: Iterable[Contribution]) -> str:
    """Return the strongest terms, each once wherever it stood."""
    together: Mapping[str, float] = defaultdict(float)
    for one in contributions:
        together[one.term] += abs(one.value)  # type: ignore[index]  # a defaultdict
    strongest = sorted(together.items(), key=lambda item: -item[1])[:_TERMS]
    return ", ".join(f"{plain(term)} {value:.1f}" for term, value in strongest if value >= 0.05) or "nothing"


def _wrapped(text: str, width: int) -> list[str]:
    """Break a text into lines of a terminal, where a Chinese character is as wide as two letters."""
    lines: list[str] = []
    for paragraph in filter(None, map(plain, text.splitlines())):
        wide = cell_len(paragraph) / max(len(paragraph), 1)
        lines += textwrap.wrap(paragraph, max(int(width / wide), 20)) or [""]
    return lines


def _key() -> str:
    """Wait for a key; an empty string when the person or the terminal has gone."""
    try:
        return typer.getchar()
    except (EOFError, KeyboardInterrupt, OSError):
        return ""
