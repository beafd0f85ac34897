"""The watchlist: the boards to follow, one ``[[board]]`` table each in ``watchlist.toml``, and groups of companies."""

from __future__ import annotations

import dataclasses
import tomllib
from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError
from tomlkit.items import AoT

from crawler.boards import Board
from crawler.systems import UnknownSystem, find_board
from postings.errors import RolemixError
from rolemix.files import replacing

HEADER = "Boards that rolemix follows, each with its address and, optionally, the company's name for reports."

_OPTIONAL = ("company", "page", "permission")
"""What an entry may hold besides the board's address."""


class WatchlistError(RolemixError):
    """The watchlist is missing, is malformed, or lacks the board."""


@dataclasses.dataclass(frozen=True, slots=True)
class Watched:
    """One entry of the watchlist.

    Attributes:
        board: The board.
        company: The company's name for reports; None for the name that the board states.
        page: The page on the company's own site that shows the board, and where it goes if it moves.
        permission: Why the user may crawl it whatever its robots.txt forbids, in the user's words.
    """

    board: Board
    company: str | None = None
    page: str | None = None
    permission: str | None = None


def load(path: Path) -> list[Watched]:
    """Read the watchlist.

    Raises:
        WatchlistError: The file is missing, is not TOML, or has an entry without a known board.
    """
    return [_watched(entry, path) for entry in _entries(_document(path), path)]


def load_group(path: Path, name: str) -> list[str]:
    """Return the names of the companies in a group: an entry of the watchlist's ``[groups]`` table.

    Raises:
        WatchlistError: The file is missing or malformed, or has no such group.
    """
    document = _document(path)
    _entries(document, path)
    groups = document.get("groups", {})
    if name not in groups:
        there = ", ".join(sorted(groups)) or "none"
        raise WatchlistError(f"the watchlist {path} has no group {name!r} (it has {there}): add it under [groups]")
    return [str(company) for company in groups[name]]


def add(path: Path, watched: Watched) -> bool:
    """Append a board, keeping the file's comments; return False if the board is in it already.

    Raises:
        WatchlistError: The file is malformed or cannot be written.
    """
    if path.exists():
        document = _document(path)
    else:
        document = tomlkit.document()
        document.add(tomlkit.comment(HEADER))
    entries = _entries(document, path)
    if any(_watched(entry, path).board == watched.board for entry in entries):
        return False
    entry = tomlkit.table()
    entry["url"] = watched.board.url
    for name in _OPTIONAL:
        if value := getattr(watched, name):
            entry[name] = value
    if "board" not in document:
        document["board"] = tomlkit.aot()
    entries = _entries(document, path)
    entries.append(entry)
    _write(path, document)
    return True


def move(path: Path, old: Board, new: Board) -> None:
    """Replace a board by another one, keeping its company and its page; the permission was for the old one.

    If the new one is listed already, the old one's entry is removed.

    Raises:
        WatchlistError: The old one is not in the watchlist.
    """
    document = _document(path)
    entries = _entries(document, path)
    position = _position(entries, old, path)
    if any(_watched(entry, path).board == new for entry in entries):
        del entries[position]
    else:
        entries[position]["url"] = new.url
        entries[position].pop("permission", None)
    _write(path, document)


def remove(path: Path, board: Board) -> None:
    """Remove a board.

    Raises:
        WatchlistError: It is not in the watchlist.
    """
    document = _document(path)
    entries = _entries(document, path)
    del entries[_position(entries, board, path)]
    if not entries:  # would be written as `board = []`, which no table can be added to
        del document["board"]
    _write(path, document)


def shipped() -> Path:
    """Return the path of the watchlist that comes with rolemix: boards of AI laboratories and their rivals."""
    package = Path(__file__).parents[1]
    installed = package / "_watchlists"  # in the package when installed, beside it in a checkout
    return (installed if installed.is_dir() else package.parent / "watchlists") / "ai-labs.toml"


def init(path: Path) -> int:
    """Write the shipped watchlist, its comments included, and return how many boards it has.

    Raises:
        WatchlistError: There is a file already, or it cannot be written.
    """
    if path.exists():
        raise WatchlistError(f"{path} exists already: name another file with --watchlist, or remove this one")
    document = _document(shipped())
    _write(path, document)
    return len(_entries(document, path))


def _position(entries: AoT, board: Board, path: Path) -> int:
    for position, entry in enumerate(entries):
        if _watched(entry, path).board == board:
            return position
    raise WatchlistError(f"{board.url} is not in {path}: see `rolemix watch list`")


def _document(path: Path) -> tomlkit.TOMLDocument:
    try:
        text = path.read_text(encoding="utf-8")
        tomllib.loads(text)  # its errors locate a mistake better than tomlkit's
        return tomlkit.parse(text)
    except FileNotFoundError:
        raise WatchlistError(
            f"there is no watchlist at {path}: add a board with `rolemix watch add URL`, or start with "
            "`rolemix watch init`"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise WatchlistError(
            f"cannot read the watchlist {path}: {why}; fix it, or name another with --watchlist"
        ) from error
    except (tomllib.TOMLDecodeError, TOMLKitError) as error:
        raise WatchlistError(f"the watchlist {path} is not valid TOML ({error}): fix that line") from error


def _entries(document: tomlkit.TOMLDocument, path: Path) -> AoT:
    if unknown := sorted(set(document) - {"board", "groups"}):
        raise WatchlistError(
            f"the watchlist {path} has an unknown key {unknown[0]!r}: it lists its boards as [[board]] tables, and may "
            "have a table [groups]"
        )
    groups = document.get("groups", {})
    names = list(groups.values()) if isinstance(groups, dict) else [None]
    if not all(isinstance(of_it, list) and of_it and all(isinstance(one, str) for one in of_it) for of_it in names):
        raise WatchlistError(
            f"the table [groups] in the watchlist {path} must give each group a list of companies' names: "
            'labs = ["DeepSeek", "Moonshot AI"]'
        )
    entries = document.get("board", tomlkit.aot())
    if not isinstance(entries, AoT):
        raise WatchlistError(f"the watchlist {path} must list its boards as [[board]] tables with a url each")
    return entries


def _watched(entry: object, path: Path) -> Watched:
    values = entry if isinstance(entry, dict) else {}
    url = values.get("url")
    if not isinstance(url, str):
        raise WatchlistError(f"a [[board]] in the watchlist {path} has no url: give it one, or remove it")
    if unknown := sorted(set(values) - {"url", *_OPTIONAL}):
        raise WatchlistError(
            f"{url} in the watchlist {path} has an unknown key {unknown[0]!r}: a board has a url, and may have "
            f"{', '.join(_OPTIONAL)}"
        )
    try:
        return Watched(find_board(str(url)), **{name: str(values[name]) for name in _OPTIONAL if values.get(name)})
    except UnknownSystem as error:
        raise WatchlistError(f"the watchlist {path}: {error}") from error


def _write(path: Path, document: tomlkit.TOMLDocument) -> None:
    try:
        with replacing(path) as out:
            out.write(tomlkit.dumps(document))
    except UnicodeEncodeError as error:
        raise WatchlistError("the company's name is not valid UTF-8: give it again with --company") from error
    except OSError as error:
        raise WatchlistError(
            f"cannot write the watchlist {path}: {error.strerror}; name another file with --watchlist"
        ) from error
