"""From a board's markup to the plain text that a reader sees, with contact data masked."""

from __future__ import annotations

import html
import re

from inscriptis import get_text
from inscriptis.css_profiles import CSS_PROFILES
from inscriptis.model.config import ParserConfig

# "strict" indents nothing: a <div> is layout, not a quotation.
_CONFIG = ParserConfig(css=CSS_PROFILES["strict"])

_EMAIL = re.compile(r"[\w.+%-]+@[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,}")
_PHONE = re.compile(
    r"""(?<![\w.+-])(?:
        (?:\+?86[\s-]?)?1[3-9]\d(?:[\s-]?\d{4}){2}                # Chinese mobile
      | 0\d{2,3}[\s-]\d{7,8}                                      # Chinese landline
      | \+\d{1,3}[\s.-]?(?:\(\d{1,4}\)[\s.-]?)?\d(?:[\s.-]?\d){6,11}   # international
      | (?:\(\d{3}\)\s?|\d{3}[.-])\d{3}[.-]\d{4}                  # North American
    )(?![\w-])""",
    re.VERBOSE,
)
_MESSENGER = re.compile(r"((?:微信|wechat|weixin|QQ)(?:号|群)?\s*(?:id)?\s*[:：]\s*)[A-Za-z0-9_-]{5,}", re.IGNORECASE)


def plain_text(markup: str | None) -> str:
    """Return the text of HTML as a browser shows it: block tags break lines, inline tags do not.

    White space at line ends is removed and runs of blank lines become one. Contact data is masked.
    """
    if not markup or not markup.strip():
        return ""
    text = get_text(f"<div>{markup}</div>", _CONFIG) if "<" in markup or "&" in markup else markup
    return mask_contacts(tidy(text))


def tidy(text: str) -> str:
    """Trim every line, fold runs of blank lines into one, and remove control characters."""
    lines = (re.sub(r"[^\S\n]+", " ", _printable(line)).strip() for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def one_line(text: str | None) -> str:
    """Return a title or a name on one line, entities decoded, surrounding white space removed."""
    return " ".join(_printable(html.unescape(text or "")).split())


def mask_contacts(text: str) -> str:
    """Replace e-mail addresses, telephone numbers and messenger ids by a mark: personal data is not kept."""
    text = _EMAIL.sub("[e-mail]", text)
    text = _MESSENGER.sub(r"\1[contact]", text)
    return _PHONE.sub("[phone]", text)


def _printable(text: str) -> str:
    """Drop characters that steer a terminal or hide in text (C0, C1, bidi overrides, zero-width)."""
    return re.sub(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]", "", text)
