"""The command as a whole: every part has a help text, and asking for help is cheap."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import typer.main

from rolemix.cli import app
from tests.rolemix.conftest import Rolemix, environment, process

ROOT_COMMAND: Any = typer.main.get_command(app)


def commands(command: Any = ROOT_COMMAND, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    yield path, command
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(below, (*path, name))


COMMANDS = dict(commands())


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
