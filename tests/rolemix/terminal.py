"""A pseudo-terminal in which the command runs: a test waits for what it shows, and presses keys."""

from __future__ import annotations

import codecs
import contextlib
import fcntl
import io
import os
import pty
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn, Self

from rolemix.cli import main

PATIENCE = 120.0
"""Seconds to wait for output before a test fails."""


class Terminal:
    """A command that runs in its own pseudo-terminal.

    The command is a fork of the tests' process, which has everything imported that it would otherwise spend seconds on.

    Attributes:
        shown: Everything shown so far, with escape codes.
    """

    def __init__(self, pid: int, master: int) -> None:
        self.shown = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")  # a read may end within a character
        self._pid = pid
        self._master = master
        self._from = 0
        self._status: int | None = None

    @classmethod
    @contextlib.contextmanager
    def running(cls, *arguments: object, cwd: Path, rows: int = 50, columns: int = 120) -> Iterator[Self]:
        pid, master = pty.fork()
        if pid == 0:
            _run(arguments, cwd, rows, columns)
        terminal = cls(pid, master)
        try:
            yield terminal
        finally:
            if terminal._status is None:
                os.kill(pid, signal.SIGKILL)
                terminal._wait()
            os.close(terminal._master)

    def see(self, text: str) -> str:
        """Wait for a text after the last one waited for, and return what was shown before it."""
        deadline = time.monotonic() + PATIENCE
        while (at := self.shown.find(text, self._from)) < 0:
            if not self._read(deadline):
                raise AssertionError(f"{text!r} was not shown, but:\n{self.shown[self._from :]}")
        seen = self.shown[self._from : at]
        self._from = at + len(text)
        return seen

    def press(self, key: str) -> None:
        """Press a key as soon as the command waits for one, because it discards what is typed before.

        Wait for the effect of a key before you press another.
        """
        deadline = time.monotonic() + PATIENCE
        while termios.tcgetattr(self._master)[3] & termios.ICANON:
            assert time.monotonic() < deadline, "the command does not wait for a key"
            os.sched_yield()
        os.write(self._master, key.encode())

    def end(self) -> int:
        """Wait for the command to end, and return its exit code."""
        deadline = time.monotonic() + PATIENCE
        while self._read(deadline):
            pass
        return self._wait()

    def hang_up(self) -> int:
        """Close the terminal, and return the command's exit code."""
        os.close(self._master)
        self._master = os.open(os.devnull, os.O_RDONLY)
        return self._wait()

    def _wait(self) -> int:
        if self._status is None:
            _, self._status = os.waitpid(self._pid, 0)
        return os.waitstatus_to_exitcode(self._status)

    def _read(self, deadline: float) -> bool:
        """Read what is shown; return False if nothing comes in time, or the command has ended."""
        ready, _, _ = select.select([self._master], [], [], max(deadline - time.monotonic(), 0))
        try:
            more = os.read(self._master, 1 << 16) if ready else b""
        except OSError:  # Linux reports so that the other side is closed
            more = b""
        self.shown += self._decoder.decode(more)
        return bool(more)


def _run(arguments: tuple[object, ...], cwd: Path, rows: int, columns: int) -> NoReturn:
    """Run the command in the forked process, with the terminal as its standard streams, and exit."""
    code = 70
    try:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        sys.stdin, sys.stdout, sys.stderr = open(0, closefd=False), _writer(1), _writer(2)  # noqa: SIM115
        os.environ |= {"TERM": "xterm-256color", "COLUMNS": str(columns), "LINES": str(rows)}
        os.chdir(cwd)
        sys.argv = ["rolemix", *map(str, arguments)]
        main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    finally:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.flush()
            sys.stderr.flush()
        os._exit(code)


def _writer(descriptor: int) -> io.TextIOWrapper:
    return io.TextIOWrapper(open(descriptor, "wb", buffering=0, closefd=False), "utf-8", write_through=True)
