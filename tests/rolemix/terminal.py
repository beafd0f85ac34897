"""A real terminal for a command to run in: what it shows can be waited for, and keys can be pressed."""

from __future__ import annotations

import contextlib
import fcntl
import os
import pty
import select
import struct
import subprocess
import termios
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Self

from tests.rolemix.conftest import command, environment

PATIENCE = 120.0
"""Seconds after which nothing more is expected to happen."""


class Terminal:
    """A command that runs in a pseudo-terminal of its own.

    Attributes:
        shown: Everything that it has shown so far, escape codes included.
    """

    def __init__(self, process: subprocess.Popen[bytes], master: int) -> None:
        self.shown = ""
        self._process = process
        self._master = master
        self._from = 0

    @classmethod
    @contextlib.contextmanager
    def running(cls, *arguments: object, cwd: Path, rows: int = 50, columns: int = 120) -> Iterator[Self]:
        master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        process = subprocess.Popen(
            command(*arguments),
            stdin=slave,
            stdout=slave,
            stderr=slave,
            cwd=cwd,
            env=environment(TERM="xterm-256color", PYTHONUTF8="1", COLUMNS=str(columns), LINES=str(rows)),
            start_new_session=True,
        )
        os.close(slave)
        try:
            yield cls(process, master)
        finally:
            process.kill()
            process.wait()
            os.close(master)

    def see(self, text: str) -> str:
        """Wait until a text is shown, after what was waited for before, and return what was shown until then."""
        deadline = time.monotonic() + PATIENCE
        while (at := self.shown.find(text, self._from)) < 0:
            if not self._read(deadline):
                raise AssertionError(f"{text!r} was not shown, but:\n{self.shown[self._from :]}")
        seen = self.shown[self._from : at]
        self._from = at + len(text)
        return seen

    def press(self, key: str) -> None:
        """Press a key, once the command waits for one: what is typed before, it drops.

        See what the key did before you press another.
        """
        deadline = time.monotonic() + PATIENCE
        while termios.tcgetattr(self._master)[3] & termios.ICANON:
            assert time.monotonic() < deadline, "the command does not wait for a key"
            time.sleep(0.01)
        os.write(self._master, key.encode())

    def end(self) -> int:
        """Wait for the command to end, and return its status."""
        deadline = time.monotonic() + PATIENCE
        while self._read(deadline):
            pass
        return self._process.wait(PATIENCE)

    def hang_up(self) -> int:
        """Close the window, and return the command's status."""
        os.close(self._master)
        self._master = os.open(os.devnull, os.O_RDONLY)
        return self._process.wait(PATIENCE)

    def _read(self, deadline: float) -> bool:
        """Take in what is shown; False when nothing came in time, or nothing will."""
        ready, _, _ = select.select([self._master], [], [], max(deadline - time.monotonic(), 0))
        try:
            more = os.read(self._master, 1 << 16) if ready else b""
        except OSError:  # Linux's way to say that the other side has closed
            more = b""
        self.shown += more.decode("utf-8", "replace")
        return bool(more)
