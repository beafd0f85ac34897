"""The documents: what they show exists, and what they link to is there."""

from __future__ import annotations

import ast
import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

import rolemix
from rolemix.cli import app

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "models/README.md", ROOT / "benchmarks/README.md"]
)
PACKAGES = ("postings", "crawler", "classifier", "simulator", "rolemix")
COMMAND: Any = typer.main.get_command(app)
HELP = {"-h", "--help"}


def read(path: str) -> str:
    return (ROOT / path).read_text(encoding="utf-8")


def code_lines(text: str) -> Iterator[str]:
    """Yield every line of the code blocks in a Markdown text, fenced or indented."""
    fenced = False
    for line in text.replace("\\\n", " ").splitlines():
        if line.lstrip().startswith("```"):
            fenced = not fenced
        elif fenced or line.startswith("    "):
            yield line


def examples() -> list[tuple[str, str]]:
    """Return every line in a code block of the documents that calls the command."""
    return [
        (path.name, match[1])
        for path in DOCUMENTS
        for line in code_lines(path.read_text(encoding="utf-8"))
        if (match := re.search(r"(?:^|\| )\s*(?:\$ )?(rolemix .*)", line))
    ]


def check_command(line: str) -> None:
    """Fail unless the command and every option of a line exist."""
    words = shlex.split(re.split(r"\s(?:[|>&;]|\d?>)", line, maxsplit=1)[0], comments=True)[1:]
    command, path = COMMAND, []
    while words and words[0] in getattr(command, "commands", {}):
        path.append(words.pop(0))
        command = command.commands[path[-1]]
    if getattr(command, "commands", None):
        assert not words or words[0].startswith("-"), f"there is no command {words[0]}"
    options = {name for parameter in command.params for name in parameter.opts} | HELP
    for word in words:
        if word == "--":
            break
        if word.startswith("-") and word != "-" and not re.fullmatch(r"-\d+", word):
            assert word.split("=")[0] in options, f"rolemix {' '.join(path)} has no option {word}"


def command_names(command: Any = COMMAND, path: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the name of every command that does something by itself."""
    commands = getattr(command, "commands", {})
    if not commands:
        yield " ".join(path)
    for name, below in commands.items():
        yield from command_names(below, (*path, name))


# Commands


@pytest.mark.parametrize(("document", "line"), examples(), ids=lambda value: value[:60])
def test_commands_and_options_in_documents_exist(document: str, line: str) -> None:
    check_command(line)


@pytest.mark.parametrize("name", list(command_names()))
def test_every_command_is_documented(name: str) -> None:
    shown = [line for line in code_lines(read("docs/usage.md")) if re.search(rf"\brolemix {name}\b", line)]
    assert shown, f"docs/usage.md has no example of `rolemix {name}`"


@pytest.mark.parametrize("name", [name for name in rolemix.__all__ if name.islower()])
def test_every_call_of_the_library_is_documented(name: str) -> None:
    section = read("docs/usage.md").partition("## From Python")[2].partition("\n## ")[0]
    assert f"`{name}`" in section, f"docs/usage.md does not name rolemix.{name}"


def test_the_check_of_commands_can_fail() -> None:
    check_command("rolemix watch add https://jobs.lever.co/x --company 'A B' | head -1  # why not")
    check_command("rolemix classify - < postings.jsonl > tags.jsonl")
    for line in ("rolemix serve", "rolemix watch ad URL", "rolemix report --sinse 3", "rolemix --verbose"):
        with pytest.raises(AssertionError):
            check_command(line)


def test_commands_named_in_messages_exist() -> None:
    # Sentences such as "run `rolemix crawl` first".
    quoted = {
        found
        for path in ROOT.joinpath("rolemix").rglob("*.py")
        for found in re.findall(r"`(rolemix [a-z][^`]*)`", path.read_text(encoding="utf-8"))
    }
    assert len(quoted) > 3
    for line in sorted(quoted):
        check_command(line)


def test_options_named_in_usage_exist() -> None:
    """Options in running text belong to some command."""
    options = set(HELP)
    groups = [COMMAND]
    while groups:
        command = groups.pop()
        options |= {name for parameter in command.params for name in parameter.opts}
        groups += getattr(command, "commands", {}).values()
    named = set(re.findall(r"`(--[a-z-]+)", read("docs/usage.md")))
    assert len(named) > 10
    assert not named - options


def test_make_targets_in_documents_exist() -> None:
    targets = set(re.findall(r"^([a-z]+):.*##", read("Makefile"), flags=re.MULTILINE))
    named = set()
    for path in DOCUMENTS:
        text = path.read_text(encoding="utf-8")
        for words in re.findall(r"(?:`|^ {4})make ([a-z ]+)", text, flags=re.MULTILINE):
            named |= set(words.split())
    assert named
    assert not named - targets


# Files and links


def test_files_named_in_documents_exist() -> None:
    tracked = {"crawler", "classifier", "simulator", "rolemix", "postings", "models", "watchlists", "tests", "docs"}
    named = {
        (document.name, name)
        for document in DOCUMENTS
        for name in re.findall(r"`([\w-]+/[\w./-]*(?:/|\.\w+)|[\w-]+/)`", document.read_text(encoding="utf-8"))
        if name.split("/")[0] in tracked
    }
    assert len(named) > 30
    assert [pair for pair in sorted(named) if not (ROOT / pair[1]).exists()] == []


def links(path: Path) -> list[str]:
    """Return what a Markdown document links to."""
    return re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`", "", path.read_text(encoding="utf-8")))


def anchors(path: Path) -> set[str]:
    """Return the anchors that GitHub gives a document's headings."""
    headings = re.findall(r"^#+ (.+)$", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_resolve(document: Path) -> None:
    home = project()["urls"]["Homepage"]
    for link in links(document):
        if "://" in link and not link.startswith(f"{home}/blob/main/"):
            continue
        where, _, anchor = link.removeprefix(f"{home}/blob/main/").partition("#")
        base = ROOT if "://" in link else document.parent
        target = base / where if where else document
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


def test_links_of_the_readme_work_outside_the_repository() -> None:
    # The package index shows README.md too.
    assert [link for link in links(ROOT / "README.md") if "://" not in link and not link.startswith("#")] == []


# The project


def project() -> dict[str, Any]:
    metadata: dict[str, Any] = tomllib.loads(read("pyproject.toml"))["project"]
    return metadata


def test_the_project_has_one_address_and_one_version() -> None:
    home = project()["urls"]["Homepage"]
    addresses = {
        found.rstrip(".")
        for path in [*DOCUMENTS, ROOT / "CITATION.cff", *ROOT.glob(".github/**/*.yml")]
        for found in re.findall(r"https://github\.com/[\w.-]+/rolemix\b", path.read_text(encoding="utf-8"))
    }
    assert addresses == {home}
    assert f"version: {project()['version']}\n" in read("CITATION.cff")


# Architecture


ROOMS = sorted(
    path.parent.relative_to(ROOT).as_posix() for name in PACKAGES for path in ROOT.glob(f"{name}/*/__init__.py")
)


@pytest.mark.parametrize("room", [*PACKAGES, *ROOMS])
def test_architecture_describes_every_room_as_the_room_does(room: str) -> None:
    docstring = ast.get_docstring(ast.parse(read(f"{room}/__init__.py"))) or ""
    first_line = docstring.splitlines()[0].rstrip(".")
    line = next((line for line in read("docs/architecture.md").splitlines() if f"`{room}/`" in line), "")
    assert first_line in line, f"docs/architecture.md should say of {room}: {first_line}"


def test_every_decision_is_listed() -> None:
    for path in ROOT.glob("docs/decisions/[0-9]*.md"):
        assert f"({path.name})" in read("docs/decisions/README.md")
