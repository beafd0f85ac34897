"""The command: every part has a help text, help and completion are cheap, and completion works in each shell."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
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
        "shifts",
        "changes",
        "check",
        "postings",
        "same",
        "reread",
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
    result = rolemix(*path, "--help")
    assert (result.code, result.err) == (0, "")
    assert "Usage:" in result.out


@pytest.mark.parametrize("path", [(), ("watch",)], ids=" ".join)
def test_no_command_prints_the_help(path: tuple[str, ...], rolemix: Rolemix) -> None:
    result = rolemix(*path)
    assert result.code == 2
    assert "Usage:" in result.out + result.err


def test_the_version(rolemix: Rolemix) -> None:
    result = rolemix("--version")
    assert result.code == 0
    assert result.out.startswith("rolemix")


@pytest.mark.parametrize("arguments", [("crowl",), ("crawl", "--gatway", "x"), ("report", "--days", "many")])
def test_an_unknown_command_or_option_is_a_usage_error(arguments: tuple[str, ...], rolemix: Rolemix) -> None:
    result = rolemix(*arguments)
    assert (result.code, result.out) == (2, "")
    assert arguments[-1] in result.err or arguments[1] in result.err


HEAVY = ("scrapy", "twisted", "sqlalchemy", "numpy", "sklearn", "pandas", "werkzeug", "jieba", "rjieba")


def test_describing_the_commands_needs_no_heavy_package() -> None:
    code = f"import sys, rolemix.cli; print([name for name in {HEAVY} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_the_module_is_the_command() -> None:
    done = process("--help")
    assert done.returncode == 0
    assert b"crawl" in done.stdout


# Shell completion, by the protocol that each shell's script uses


def complete(shell: str, words: str, **more: str) -> str:
    """What a shell gets when it asks for completions of the last word."""
    variables = {"_ROLEMIX_COMPLETE": f"complete_{shell}", "_TYPER_COMPLETE_ARGS": words, **more}
    done = process(**variables)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout.decode()


def complete_bash(words: str) -> list[str]:
    position = len(words.split(" ")) - 1
    return complete("bash", words, COMP_WORDS=words, COMP_CWORD=str(position)).split()


@pytest.mark.parametrize(
    ("words", "completions"),
    [
        ("rolemix rep", {"report"}),
        ("rolemix ", set(ROOT_COMMAND.commands)),
        ("rolemix watch ", {"init", "add", "list", "check", "move", "remove"}),
        ("rolemix report --ag", {"--against"}),
        ("rolemix report --format ", {"table", "json", "csv", "md"}),
        ("rolemix report --format c", {"csv"}),
    ],
)
def test_bash_completes(words: str, completions: set[str]) -> None:
    assert set(complete_bash(words)) == completions


def test_zsh_completes_with_help_texts() -> None:
    text = complete("zsh", "rolemix watch re")
    assert '"remove":"Remove a board from the watchlist' in text
    assert "check" not in text


def test_fish_completes_with_help_texts() -> None:
    text = complete("fish", "rolemix watch re", _TYPER_COMPLETE_FISH_ACTION="get-args")
    assert text.startswith("remove\tRemove a board from the watchlist")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_completion_script_calls_the_command(shell: str) -> None:
    done = process("--show-completion", shell, _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert done.returncode == 0
    assert f"_ROLEMIX_COMPLETE=complete_{shell}" in done.stdout.decode()


@pytest.mark.parametrize(("shell", "written"), [("bash", ".bashrc"), ("zsh", ".zshrc"), ("fish", ".config/fish")])
def test_completion_is_installed(shell: str, written: str, tmp_path: Path) -> None:
    done = process("--install-completion", shell, HOME=str(tmp_path), _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert done.returncode == 0
    assert (tmp_path / written).exists()
    scripts = [path.read_text() for path in tmp_path.rglob("*") if path.is_file()]
    assert any(f"_ROLEMIX_COMPLETE=complete_{shell}" in script for script in scripts)


def test_completing_needs_no_heavy_package() -> None:
    code = (
        "import sys, rolemix.cli\n"
        "try:\n    rolemix.cli.main()\n"
        f"finally:\n    print([name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    )
    variables = {"_ROLEMIX_COMPLETE": "complete_bash", "COMP_WORDS": "rolemix rep", "COMP_CWORD": "1"}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment(**variables), capture_output=True, text=True, check=True
    )
    assert (done.stdout.split(), done.stderr) == (["report"], "[]\n")
