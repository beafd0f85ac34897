"""What the simulator knows of one recruiting system besides its wire format: addresses, and what can go wrong."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Callable, Sequence

from werkzeug.routing import Rule


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """One recruiting system, as the simulator plays it.

    Attributes:
        name: Its name, the same as its spider's.
        url: Pattern of its boards' addresses; group ``token`` is the company's name with the system, and ``site``
            the site's, where a company may have several.
        specimen: Address of a uniform world's board, with ``{0}`` for its number.
        rules: werkzeug rules with a host, whose endpoint is a function that takes the `Visit` and the parts of
            the path, and returns the response. A host may be a pattern, as ``<tenant>.jobs.example``.
        language: Language of a uniform world's postings, ``zh`` or ``en``.
        page: How many postings a page of its list holds; None where one response holds the whole board.
        total: Whether its responses state how many postings the board has.
        detail: Whether a single posting has an address of its own.
        knows_absence: Whether the response for a board that is not there differs from that of an empty one.
        provable: Whether its responses can prove that a reader saw the whole board.
        identifier: Makes a posting's identifier; None for a UUID.
        closable: Whether its API can be switched off for a board that people still see.
        embed: How a company's own page shows a board of it, with ``{url}`` and ``{token}``.
    """

    name: str
    url: str
    specimen: str
    rules: Sequence[Rule]
    language: str = "en"
    page: int | None = None
    total: bool = True
    detail: bool = True
    knows_absence: bool = True
    provable: bool = True
    identifier: Callable[[random.Random], str] | None = None
    closable: bool = False
    embed: str = '<iframe src="{url}"></iframe>'
