"""The floors: no package imports from a floor above its own, no rooms in a circle, and no test from above."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("postings", "crawler", "classifier", "simulator", "rolemix")

INVERTED = [
    ("postings/store.py", "import crawler"),
    ("crawler/spiders.py", "import rolemix.api"),
    ("crawler/spiders.py", "from classifier import model"),
    ("classifier/model.py", "from simulator import world"),
    ("simulator/world.py", "import crawler.spiders"),
]


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    """Check the import contracts of pyproject.toml on the packages in a folder."""
    code = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    command = [sys.executable, "-c", code, "--no-cache"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def small_house(tmp_path: Path) -> Path:
    """Return a folder with packages of the same names and floors as the project's, and its contracts."""
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    modules = {
        "postings/store": "",
        "crawler/spiders": "import postings.store",
        "classifier/model": "import postings",
        "simulator/world": "import postings",
        "rolemix/api": "import crawler.spiders, classifier.model, simulator.world, postings.store",
    }
    for name, text in modules.items():
        path = tmp_path / f"{name}.py"
        path.parent.mkdir()
        path.with_name("__init__.py").touch()
        path.write_text(f"{text}\n", encoding="utf-8")
    return tmp_path


def test_packages_keep_the_contract() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout


def test_the_contract_allows_imports_from_below(small_house: Path) -> None:
    done = lint_imports(small_house)
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize(("module", "line"), INVERTED)
def test_an_inverted_import_breaks_the_contract(module: str, line: str, small_house: Path) -> None:
    with (small_house / module).open("a", encoding="utf-8") as file:
        file.write(f"{line}\n")
    done = lint_imports(small_house)
    assert done.returncode == 1
    assert "A floor imports only from floors below it BROKEN" in done.stdout
    imported = line.split()[1].split(".")[0]
    assert f"{module.partition('/')[0]} is not allowed to import {imported}" in done.stdout


def test_a_circle_breaks_the_contract(small_house: Path) -> None:
    (small_house / "crawler/runs.py").write_text("import crawler.spiders\n", encoding="utf-8")
    (small_house / "crawler/spiders.py").write_text("import crawler.runs\n", encoding="utf-8")
    done = lint_imports(small_house)
    assert done.returncode == 1
    assert "No rooms import each other in a circle BROKEN" in done.stdout


# The tests of a floor use nothing from the floors above it. Beside it, the crawler's tests crawl the simulator.
ABOVE = {
    "postings": {"crawler", "classifier", "simulator", "rolemix"},
    "crawler": {"classifier", "rolemix"},
    "classifier": {"crawler", "simulator", "rolemix"},
    "simulator": {"classifier", "rolemix"},
}


def imports(path: Path) -> set[str]:
    """Return the packages that a module imports from, with ``tests.x`` counted as ``x``."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add(node.module or "")
    return {name.removeprefix("tests.").split(".")[0] for name in found}


@pytest.mark.parametrize("floor", ABOVE)
def test_tests_import_nothing_above_their_floor(floor: str) -> None:
    files = list(ROOT.glob(f"tests/{floor}/**/*.py"))
    assert files
    assert {path.name: above for path in files if (above := imports(path) & ABOVE[floor])} == {}


def test_folders_of_tests_mirror_the_packages() -> None:
    folders = {
        path.parent.relative_to(ROOT / "tests") for name in PACKAGES for path in ROOT.glob(f"tests/{name}/**/*.py")
    }
    assert len(folders) > len(PACKAGES)
    assert sorted(folder for folder in folders if not (ROOT / folder / "__init__.py").exists()) == []
