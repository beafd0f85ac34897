"""The command as a whole: every part has a help text, what the documents show exists, and asking for help is cheap."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from rolemix.cli import app
from tests.rolemix.conftest import ROOT, Rolemix, environment, process

ROOT_COMMAND: Any = typer.main.get_command(app)


def commands(command: Any = ROOT_COMMAND, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(below, (*path, name))


COMMANDS = dict(commands())
ASKING = {"-h", "--help"}


def test_the_commands_are_those_of_the_readme() -> None:
    assert set(ROOT_COMMAND.commands) == {
        "crawl",
        "report",
        "feed",
        "ingest",
        "parse",
        "systems",
        "classify",
        "explain",
        "label",
        "train",
        "evaluate",
        "demo",
        "watch",
    }
    assert set(ROOT_COMMAND.commands["watch"].commands) == {"init", "add", "list", "check", "move", "remove"}


@pytest.mark.parametrize("path", COMMANDS, ids=" ".join)
def test_every_command_and_option_has_a_help_text(path: tuple[str, ...], rolemix: Rolemix) -> None:
    command = COMMANDS[path]
    assert command.help
    assert "\n" not in command.help.replace("\n\n", ""), "a narrow terminal would show ragged lines"
    for parameter in command.params:
        assert parameter.help, parameter.name
        assert "[" not in parameter.help, "it would be read for markup and not be shown"
    said = rolemix(*path, "--help")
    assert (said.code, said.err) == (0, "")
    assert "Usage:" in said.out


@pytest.mark.parametrize("path", [(), ("watch",)], ids=" ".join)
def test_no_command_is_a_question_for_help(path: tuple[str, ...], rolemix: Rolemix) -> None:
    said = rolemix(*path)
    assert said.code == 2
    assert "Usage:" in said.out + said.err


def test_the_version(rolemix: Rolemix) -> None:
    said = rolemix("--version")
    assert said.code == 0
    assert said.out.startswith("rolemix")


@pytest.mark.parametrize("arguments", [("crowl",), ("crawl", "--gatway", "x"), ("report", "--days", "many")])
def test_what_does_not_exist_is_refused(arguments: tuple[str, ...], rolemix: Rolemix) -> None:
    said = rolemix(*arguments)
    assert (said.code, said.out) == (2, "")
    assert arguments[-1] in said.err or arguments[1] in said.err


HEAVY = ("scrapy", "twisted", "sqlalchemy", "numpy", "sklearn", "pandas", "werkzeug", "jieba", "rjieba")


def test_describing_the_commands_needs_no_heavy_package() -> None:
    code = f"import sys, rolemix.cli; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_it_is_a_module_too() -> None:
    done = process("--help")
    assert done.returncode == 0
    assert b"crawl" in done.stdout


# The documents


def examples() -> list[tuple[str, str]]:
    """Every line in a code block of the documents, fenced or indented, that calls the command."""
    found = []
    for path in sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")]):
        fenced = False
        text = path.read_text(encoding="utf-8").replace("\\\n", " ")
        for line in text.splitlines():
            if line.lstrip().startswith("```"):
                fenced = not fenced
            elif (fenced or line.startswith("    ")) and (
                match := re.search(r"(?:^|\| )\s*(?:\$ )?(rolemix .*)", line)
            ):
                found.append((path.name, match[1]))
    return found


def checked(line: str) -> None:
    """Fail unless the command and every option of a line exist."""
    words = shlex.split(re.split(r"\s(?:[|>&;]|\d?>)", line, maxsplit=1)[0], comments=True)[1:]
    command, path = ROOT_COMMAND, []
    while words and words[0] in getattr(command, "commands", {}):
        path.append(words.pop(0))
        command = command.commands[path[-1]]
    if getattr(command, "commands", None):
        assert not words or words[0].startswith("-"), f"there is no command {words[0]}"
    options = {name for parameter in command.params for name in parameter.opts} | ASKING
    for word in words:
        if word == "--":
            break
        if word.startswith("-") and word != "-" and not re.fullmatch(r"-\d+", word):
            assert word.split("=")[0] in options, f"rolemix {' '.join(path)} has no option {word}"


@pytest.mark.parametrize(("document", "line"), examples(), ids=lambda value: value[:60])
def test_what_the_documents_show_exists(document: str, line: str) -> None:
    checked(line)


def test_every_command_has_an_example() -> None:
    shown = {line.split()[1] for _, line in examples()}
    assert shown >= set(ROOT_COMMAND.commands)  # type: ignore[attr-defined]


def test_the_check_of_documents_can_fail() -> None:
    checked("rolemix watch add https://jobs.lever.co/x --company 'A B' | head -1  # why not")
    checked("rolemix classify - < postings.jsonl > tags.jsonl")
    for line in ("rolemix serve", "rolemix watch ad URL", "rolemix report --since 3", "rolemix --verbose"):
        with pytest.raises(AssertionError):
            checked(line)


def test_the_commands_own_words_name_what_exists() -> None:
    # Sentences such as "run `rolemix crawl` first".
    quoted = {
        found
        for path in Path(ROOT / "rolemix").rglob("*.py")
        for found in re.findall(r"`(rolemix [a-z][^`]*)`", path.read_text(encoding="utf-8"))
    }
    assert len(quoted) > 3
    for line in sorted(quoted):
        checked(line)
