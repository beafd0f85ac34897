"""Files as the commits of a git repository hold them, read from its objects: nothing is checked out.

Only plumbing commands run, because those do nothing that a repository's own configuration asks for: no signature
programs, no converters, no hooks, no requests to a remote.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from postings.errors import RolemixError

MAX_BYTES = 1 << 29
"""The size of a file above which it is refused, because a commit's file is read into memory."""

_SAFE = ("--no-replace-objects", "-c", "core.fsmonitor=false", "-c", "core.hooksPath=/dev/null")
_ENVIRONMENT = {"GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
_MAIN = "HEAD"


def is_repository(path: Path) -> bool:
    """Return whether a folder is the top of a git repository, with files checked out or bare."""
    return (path / ".git").exists() or ((path / "HEAD").is_file() and (path / "objects").is_dir())


def list_files(repository: Path) -> list[str]:
    """Return the names of the files in the newest commit, sorted; names with a line break are left out."""
    names = _run(repository, "ls-tree", "-r", "-z", "--name-only", _MAIN).split(b"\0")
    return sorted(name for name in (os.fsdecode(name) for name in names) if name and "\n" not in name)


def read_file(repository: Path, name: str) -> Iterator[tuple[datetime, bytes]]:
    """Yield each content that commits gave one file, with the time of the commit's author, oldest first.

    Side branches are left out, and so are commits that deleted it. Of several commits at one time the last counts.
    """
    told = _run(repository, "rev-list", "--first-parent", "--reverse", "--format=%at", _MAIN, "--", f":(literal){name}")
    lines = told.decode().split("\n")
    commits = {
        datetime.fromtimestamp(int(stamp), UTC): commit.removeprefix("commit ")
        for commit, stamp in zip(lines[::2], lines[1::2], strict=False)
    }
    moments = sorted(commits)
    contents = read_contents(repository, (f"{commits[moment]}:{name}" for moment in moments))
    for moment, content in zip(moments, contents, strict=True):
        if content is not None:
            yield moment, content


def read_newest(repository: Path, names: Iterable[str]) -> Iterator[bytes]:
    """Yield the contents of files in the newest commit, in the order of the names."""
    for content in read_contents(repository, (f"{_MAIN}:{name}" for name in names)):
        yield content or b""


def read_contents(repository: Path, objects: Iterable[str]) -> Iterator[bytes | None]:
    """Yield the content of each ``commit:name``, None where that commit has no such file; one is in memory at a time.

    Raises:
        RolemixError: One is larger than `MAX_BYTES`.
    """
    with _batch(repository) as (requests, responses):
        for name in objects:
            requests.write(os.fsencode(name) + b"\n")
            requests.flush()
            header = responses.readline().split()
            if header[-2:-1] != [b"blob"] and header[-1:] in ([b"missing"], []):
                yield None
                continue
            size = int(header[-1])
            if size > MAX_BYTES:
                raise RolemixError(f"{name} in {repository} has {size:,} bytes, more than {MAX_BYTES:,}")
            content = responses.read(size + 1)[:size]
            yield content if header[-2] == b"blob" else None


@contextmanager
def _batch(repository: Path) -> Iterator[tuple[IO[bytes], IO[bytes]]]:
    with _start(repository, "cat-file", "--batch") as process:
        if process.stdin is None or process.stdout is None:  # pragma: no cover  # both are pipes
            raise RolemixError(f"git cannot read {repository}")
        try:
            yield process.stdin, process.stdout
        finally:
            process.kill()


def _run(repository: Path, *arguments: str) -> bytes:
    with _start(repository, *arguments) as process:
        out, err = process.communicate()
    if process.returncode:
        reason = "".join(err.decode("utf-8", "replace").strip().splitlines()[:1]).removeprefix("fatal: ")
        raise RolemixError(f"git cannot read {repository}: {reason}")
    return out


def _start(repository: Path, *arguments: str) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")} | _ENVIRONMENT
    command = ["git", "-C", str(repository), *_SAFE, *arguments]
    try:
        return subprocess.Popen(  # noqa: S603  # arguments are ours, names stand after "--" or "commit:"
            command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        )
    except FileNotFoundError:
        raise RolemixError("reading a repository of snapshots needs git: install it") from None
