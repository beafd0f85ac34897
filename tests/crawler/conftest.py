"""Simulated boards that the crawler's tests share, started once."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from simulator.server import Simulator
from simulator.world import World


@pytest.fixture(scope="session")
def world() -> World:
    return World(seed=3)


@pytest.fixture(scope="session")
def large() -> World:
    """A board of more than one page."""
    return World.sized(boards=4, postings=120)


@pytest.fixture(scope="session")
def running(world: World) -> Iterator[Simulator]:
    with Simulator(world) as simulator:
        yield simulator


@pytest.fixture
def simulator(running: Simulator) -> Simulator:
    """A simulator of `world`, without a fault and with an empty log."""
    running.clear_fault()
    running.log.clear()
    return running


@pytest.fixture(scope="session")
def paged(large: World) -> Iterator[Simulator]:
    with Simulator(large) as simulator:
        yield simulator
