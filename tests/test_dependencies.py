"""Dependencies: what is declared is locked, with hashes."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement

ROOT = Path(__file__).resolve().parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


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
        if requirement.marker is not None and not requirement.marker.evaluate():
            continue
        assert requirement.name in pinned, f"run `make lock`: {requirement.name} is not in {lock}"
        assert version(pinned[requirement.name]) in requirement.specifier, requirement.name


@pytest.mark.parametrize(
    ("implementation", "machine", "segmenter"),
    [
        ("CPython", "x86_64", "rjieba"),  # Linux and macOS
        ("CPython", "AMD64", "rjieba"),  # Windows
        ("CPython", "arm64", "rjieba"),  # macOS
        ("CPython", "aarch64", "rjieba"),
        ("CPython", "ARM64", "jieba"),  # Windows
        ("CPython", "amd64", "jieba"),  # FreeBSD
        ("CPython", "riscv64", "jieba"),
        ("CPython", "loongarch64", "jieba"),
        ("PyPy", "x86_64", "jieba"),
    ],
)
def test_one_segmenter_is_required_on_every_system(implementation: str, machine: str, segmenter: str) -> None:
    environment = {"platform_python_implementation": implementation, "platform_machine": machine}
    required = [
        requirement.name
        for requirement in map(Requirement, PYPROJECT["project"]["dependencies"])
        if "jieba" in requirement.name and requirement.marker is not None and requirement.marker.evaluate(environment)
    ]
    assert required == [segmenter]


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
