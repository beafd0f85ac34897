"""Places: boards' free-text locations, split into places, and the work model that they name."""

from __future__ import annotations

import re

from postings.posting import Place

# "or" in lower case only: OR is Oregon.
_SEPARATOR = re.compile(r"[|;；、•\n]|\sor\s|\s/\s")
_MODEL = re.compile(
    r"\b(?:100\s?%\s|fully\s|not\s|non[\s-]|no\s)?remote(?:[\s-](?:first|friendly|only))?(?:\s(?:in|within|from)\b)?"
    r"|\(travel[\s-]required\)|\bhybrid\b|\bon[\s-]?site\b|\bin[\s-]?office\b|\bdistributed\b|\btelecommute\b|远程|居家办公",
    re.IGNORECASE,
)
_REMOTE = re.compile(
    r"(?<!\bnot\s)(?<!\bnon[\s-])(?<!\bno\s)\bremote\b|\btelecommute\b|\bdistributed\b|远程|居家办公", re.IGNORECASE
)
_EMPTY_BRACKETS = re.compile(r"[(（\[]\s?[)）\]]")
_ALL_BRACKETED = re.compile(r"[(（\[]([^()（）\[\]]*)[)）\]]")


def split_places(text: str | None) -> list[str]:
    """Return the places that a location field names, work-model words removed, each once.

    >>> split_places("San Francisco, CA | New York City, NY")
    ['San Francisco, CA', 'New York City, NY']
    >>> split_places("Remote - European Union; Hybrid")
    ['European Union']
    >>> split_places("Portland, OR or London (HQ)")
    ['Portland, OR', 'London (HQ)']
    """
    return list(dict.fromkeys(filter(None, map(_place, _SEPARATOR.split(text or "")))))


def place_in(
    city: str | None, region: str | None, country: str | None, *, name: str | None = None, code: str | None = None
) -> Place | None:
    """Return a place that a board gives in parts; None where it gives none.

    Args:
        city: The city or district.
        region: The province or state.
        country: The country.
        name: The place as the board writes it; None to join the parts, each once.
        code: The country's ISO 3166 code, which is the same in every language.
    """
    full_name = name or ", ".join(dict.fromkeys(filter(None, (city, region, country))))
    if not full_name:
        return None
    return Place(name=full_name, address_locality=city, address_region=region, address_country=code or country)


def work_model(text: str | None) -> str | None:
    """Return ``TELECOMMUTE`` where the text states that the work may be done from home, else None.

    Hybrid work is not TELECOMMUTE, which schema.org defines as work done entirely away from the office.
    """
    return "TELECOMMUTE" if _REMOTE.search(text or "") else None


def _place(part: str) -> str:
    name = _EMPTY_BRACKETS.sub("", _MODEL.sub("", " ".join(part.split()))).strip(" ,-–—:/·")
    bracketed = _ALL_BRACKETED.fullmatch(name)
    return " ".join((bracketed[1] if bracketed else name).split())
