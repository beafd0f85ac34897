"""The examples in docstrings are true."""

from __future__ import annotations

import doctest
from importlib import import_module
from pkgutil import walk_packages

import pytest

import classifier
import crawler
import postings
import rolemix
import simulator

MODULES = [
    module.name
    for package in (postings, crawler, classifier, simulator, rolemix)
    for module in walk_packages(package.__path__, f"{package.__name__}.")
    if ".migrations" not in module.name and not module.name.endswith(".__main__")
]


@pytest.mark.parametrize("name", MODULES)
def test_doctests(name: str) -> None:
    assert doctest.testmod(import_module(name)).failed == 0


def test_there_are_doctests() -> None:
    assert sum(doctest.testmod(import_module(name)).attempted for name in MODULES) > 0
