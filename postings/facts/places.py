"""Where the work is: boards' free-text locations split into places, and the work model among them."""

from __future__ import annotations

import re

_SEPARATOR = re.compile(r"\s*(?:\||;|；|、|\bor\b|\n)\s*", re.IGNORECASE)
_MODEL = re.compile(
    r"\b(?:fully\s+)?remote(?:[\s-]+(?:first|friendly|only))?\b|\bhybrid\b|\bon[\s-]?site\b|\bin[\s-]?office\b"
    r"|\bdistributed\b|\btelecommute\b|远程|居家办公",
    re.IGNORECASE,
)
_REMOTE = re.compile(r"\bremote\b|\btelecommute\b|\bdistributed\b|远程|居家办公", re.IGNORECASE)


def split_places(text: str | None) -> list[str]:
    """Return the places that a location field names, work-model words removed, each once.

    >>> split_places("San Francisco, CA | New York City, NY")
    ['San Francisco, CA', 'New York City, NY']
    >>> split_places("Remote - European Union; Hybrid")
    ['European Union']
    """
    names = (_MODEL.sub("", part).strip(" \t,-–—:()/·") for part in _SEPARATOR.split(text or ""))
    return list(dict.fromkeys(" ".join(name.split()) for name in names if name.strip()))


def work_model(text: str | None) -> str | None:
    """Return ``TELECOMMUTE`` where the words say that the work may be done from home, else None.

    A hybrid model is not TELECOMMUTE: schema.org means work done wholly away from the office.
    """
    return "TELECOMMUTE" if _REMOTE.search(text or "") else None
