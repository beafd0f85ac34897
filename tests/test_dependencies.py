"""Dependencies: what is declared is locked with hashes, and no package imports from a floor above its own."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
PACKAGES = ("postings", "crawler", "classifier", "simulator", "rolemix")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))

# Locks


def pins(lock: str) -> dict[str, Requirement]:
    """Return the pins of a lock file that apply to this Python and system, by name."""
    lines = re.findall(r"^[a-z].*==.*$", (ROOT / lock).read_text(encoding="utf-8"), flags=re.MULTILINE)
    pinned = [Requirement(line.rstrip("\\ ")) for line in lines]
    environment = {name: str(value) for name, value in default_environment().items()}
    return {pin.name: pin for pin in pinned if pin.marker is None or pin.marker.evaluate(environment)}


def version(pin: Requirement) -> str:
    return next(iter(pin.specifier)).version


@pytest.mark.parametrize(
    ("lock", "declared"),
    [
        ("requirements.lock", [*PYPROJECT["project"]["dependencies"], *PYPROJECT["dependency-groups"]["build"]]),
        (
            "requirements-dev.lock",
            [
                *PYPROJECT["project"]["dependencies"],
                *PYPROJECT["project"]["optional-dependencies"]["postgresql"],
                *PYPROJECT["dependency-groups"]["dev"],
            ],
        ),
    ],
)
def test_what_is_declared_is_locked(lock: str, declared: list[str]) -> None:
    pinned = pins(lock)
    for requirement in map(Requirement, declared):
        assert requirement.name in pinned, f"run `make lock`: {requirement.name} is not in {lock}"
        assert version(pinned[requirement.name]) in requirement.specifier, requirement.name


def test_the_locks_agree() -> None:
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()


def test_the_run_time_lock_has_no_development_tools() -> None:
    assert not pins("requirements.lock").keys() & {"pytest", "mypy", "ruff", "jieba", "hypothesis", "pandas-stubs"}


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_pin_has_hashes_and_no_address(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    for pin in re.split(r"^(?=[a-z])", text, flags=re.MULTILINE)[1:]:
        assert "--hash=sha256:" in pin, pin.splitlines()[0]


# Floors

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


def test_a_circle_breaks_the_contract(small_house: Path) -> None:
    (small_house / "crawler/runs.py").write_text("import crawler.spiders\n", encoding="utf-8")
    (small_house / "crawler/spiders.py").write_text("import crawler.runs\n", encoding="utf-8")
    done = lint_imports(small_house)
    assert done.returncode == 1
    assert "No rooms import each other in a circle BROKEN" in done.stdout


# The tests of a floor use nothing from the floors above it. Beside it, the crawler's tests crawl the simulator.
ABOVE = {
    "postings": {"crawler", "classifier", "simulator", "rolemix"},
    "classifier": {"crawler", "simulator", "rolemix"},
    "simulator": {"rolemix"},
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
