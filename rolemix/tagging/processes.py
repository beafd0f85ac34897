"""Several processes that share work on a stream, whose results come in the order of the stream."""

from __future__ import annotations

import contextlib
import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, resource_tracker
from typing import TypeVar

from postings.errors import RolemixError

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")

_WAITING = 2
"""How many items wait for each process, so that none is idle while results are printed and items are read."""


def cores() -> int:
    """Return how many cores this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # on macOS and Windows
        return os.cpu_count() or 1


def map_in_order(work: Callable[[_Item], _Result], items: Iterable[_Item], jobs: int) -> Generator[_Result, None, None]:
    """Yield the result of each item, in order. Processes are started for the first item, none for no items.

    Results that are ready are yielded before the next item is read, and few items are read ahead of the results, so
    that memory does not grow with the input.

    Args:
        work: What to do with an item; a function of a module or an object that can be pickled.
        items: The items.
        jobs: How many processes to start.

    Raises:
        RolemixError: A process was ended from outside.
    """
    pending: deque[Future[_Result]] = deque()
    executor = ProcessPoolExecutor(jobs, mp_context=get_context("spawn"))
    try:
        for item in items:
            pending.append(_submit(executor, work, item))
            while pending and (len(pending) > _WAITING * jobs or pending[0].done()):
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()
    except BrokenProcessPool as error:
        raise RolemixError("a process was ended from outside, perhaps for want of memory: use fewer --jobs") from error
    finally:
        executor.shutdown(cancel_futures=True)


def _submit(executor: ProcessPoolExecutor, work: Callable[[_Item], _Result], item: _Item) -> Future[_Result]:
    """Submit work; a process started for it ignores Ctrl-C, which a terminal sends to all, as this one ends it."""
    with _interrupts_held():
        return executor.submit(work, item)


@contextlib.contextmanager
def _interrupts_held() -> Iterator[None]:
    """Hold Ctrl-C back: this process gets it afterwards, and those that are started meanwhile never do."""
    held: list[int] = []
    # Other threads of this process do not have the mask, so that the handler must hold back too.
    before = signal.signal(signal.SIGINT, lambda number, _: held.append(number))
    mask = None
    if hasattr(signal, "pthread_sigmask"):
        resource_tracker.ensure_running()  # which would lift the mask, were it started meanwhile
        mask = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        if mask is not None:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        signal.signal(signal.SIGINT, before)
        if held:
            signal.raise_signal(signal.SIGINT)
