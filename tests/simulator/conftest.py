"""One simulator for all of these tests, put back to day 0 before each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from simulator.server import Simulator
from simulator.world import World


@pytest.fixture(scope="session")
def world() -> World:
    return World(seed=7)


@pytest.fixture(scope="session")
def running(world: World) -> Iterator[Simulator]:
    with Simulator(world) as simulator:
        yield simulator


@pytest.fixture
def simulator(running: Simulator) -> Simulator:
    running.day = 0
    running.clear_fault()
    running.log.clear()
    return running
