"""Processes share a stream: results come in order, few items are read ahead, and a lost process is an error."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Any

import pytest

from postings.errors import RolemixError
from rolemix.tagging.processes import _submit, cores, map_in_order


def slow_first(number: int) -> int:
    time.sleep(0.2 if number == 0 else 0)
    return -number


def end_at_three(number: int) -> int:
    if number == 3:
        os._exit(1)
    return number


def test_results_come_in_order_and_little_is_read_ahead() -> None:
    read: list[int] = []

    def numbers() -> Iterator[int]:
        for number in range(100):
            read.append(number)
            yield number

    results = map_in_order(slow_first, numbers(), 2)
    assert next(results) == 0
    assert len(read) <= 6
    assert list(results) == [-number for number in range(1, 100)]


def test_no_items_start_no_process() -> None:
    assert list(map_in_order(os.abort, [], 2)) == []  # type: ignore[arg-type, var-annotated]


def test_a_lost_process_is_an_error() -> None:
    with pytest.raises(RolemixError, match="ended from outside"):
        list(map_in_order(end_at_three, range(10), 1))


def test_an_interrupt_while_a_process_starts_is_not_lost() -> None:
    held: list[bool] = []

    class Executor(ProcessPoolExecutor):
        def submit(self, *arguments: Any, **named: Any) -> Any:
            os.kill(os.getpid(), signal.SIGINT)
            held.append(True)

    before = signal.signal(signal.SIGINT, signal.default_int_handler)  # background jobs of shells ignore it
    try:
        with Executor(1) as executor, pytest.raises(KeyboardInterrupt):
            _submit(executor, abs, 1)
    finally:
        signal.signal(signal.SIGINT, before)
    assert held == [True]


def test_there_is_a_core() -> None:
    assert cores() >= 1
