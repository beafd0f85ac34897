"""From a board's markup to the plain text that a reader sees, contact data masked."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import urljoin, urlsplit

from resiliparse.extract.html2text import extract_plain_text

# HTML's elements, obsolete ones included, so that "List<T>" is not taken for markup.
_ELEMENTS = (
    "a|abbr|acronym|address|article|aside|audio|b|base|bdi|bdo|big|blockquote|body|br|button|canvas|caption|center|"
    "cite|code|col|colgroup|data|dd|del|details|dfn|dialog|dir|div|dl|dt|em|embed|fieldset|figcaption|figure|font|"
    "footer|form|frame|frameset|h[1-6]|head|header|hgroup|hr|html|i|iframe|img|input|ins|kbd|label|legend|li|link|"
    "main|map|mark|menu|meta|meter|nav|nobr|noscript|object|ol|optgroup|option|output|p|picture|pre|progress|q|rp|rt|"
    "ruby|s|samp|script|search|section|select|slot|small|source|span|strike|strong|style|sub|summary|sup|svg|table|"
    "tbody|td|template|textarea|tfoot|th|thead|time|title|tr|track|tt|u|ul|var|video|wbr"
)
# Names with a colon or a hyphen are those of office programs and of sites' own elements. What no name can begin with is
# passed over before a hundred of them are tried.
_TAG = re.compile(
    rf"<(?=[!?]|/?[a-z])(?:!|\?xml|/?(?:(?:{_ELEMENTS})(?![^\s/>])|[a-z][a-z0-9]*[:-][a-z]))", re.IGNORECASE
)

_REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# References that nobody shows to readers: to white space, apostrophes, dashes, bullets and letters with accents.
_UNREADABLE = re.compile(
    r"&(?:#(?:9|10|13|32|39|160|8\d{3})|#[xX](?:[9aAdD]|[aA]0|20|27|20[0-9a-fA-F]{2})|nbsp|e[nm]sp|thinsp|apos|quot"
    r"|[lrsb][sd]quo|[nm]dash|bull|middot|hellip|euro|pound|szlig|[A-Za-z](?:acute|grave|circ|tilde|uml|cedil|ring));"
)
_AND = re.compile(r"\w ?&amp; ?\w")
_PROSE = 100
"""Characters from which on a text is prose: a shorter one may be about ``&amp;`` itself."""
_MARKUP_SHOWN = re.compile(r"</(?:p|div|ul|ol|li|h[1-6]|span|strong|em|table|tr|td)\s?>|<br\s?/?>", re.IGNORECASE)

# Characters that steer a terminal or hide in text: C0, C1, soft hyphen, bidi controls, zero-width, lone surrogates
# (which no encoding can write), invisible tags.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)

# Chinese is written without spaces, so an address or a number may touch the words around it: only ASCII fences.
_EMAIL = re.compile(
    r"(?<![A-Za-z0-9À-ɏ._%+-])[A-Za-z0-9À-ɏ._%+-]+[@＠][A-Za-z0-9À-ɏ-]+(?:\.[A-Za-z0-9À-ɏ-]+)*\.[A-Za-z]{2,}"
)
_PHONE = re.compile(
    r"""(?<![A-Za-z0-9_.+-])(?:
        (?:\+?86[\s-]?)?1[3-9]\d(?:[\s-]?\d{4}){2}                # Chinese mobile
      | (?:\(0\d{2,3}\)\s?|0\d{2,3}[\s-])\d{7,8}                  # Chinese landline
      | \+\d{1,3}[\s.-]?(?:\(\d{1,4}\)[\s.-]?)?\d(?:[\s.-]?\d){6,11}   # international
      | (?:\([2-9]\d{2}\)\s?|[2-9]\d{2}[.-])[2-9]\d{2}[.-]\d{4}   # North American
    )(?![A-Za-z0-9_-])""",
    re.VERBOSE | re.ASCII,
)
_MESSENGER = re.compile(
    r"((?:微信|wechat|weixin|QQ)(?:号|群)?[ ]{0,3}(?:id)?[ ]{0,3}[:：][ ]{0,3})[A-Za-z0-9_-]{5,}", re.IGNORECASE
)
# The patterns above try every position of a text. What each of them cannot match without is found much faster, and few
# texts have it: an at sign, a colon and a messenger's name in lower case, eight digits near each other.
_MESSENGERS = ("微信", "wechat", "weixin", "qq")
_DIGITS = re.compile(r"\d(?:[\s().-]{0,2}\d){7}", re.ASCII)


def plain_text(markup: str | None) -> str:
    """Return the text of HTML as a browser shows it: block tags break lines, inline tags do not.

    Text without a tag keeps its own line breaks. What was escaped once too often, whole or within real tags, is read as
    it was meant. Contact data is masked; `tidy` states what happens to white space.
    """
    if not markup:
        return ""
    text = _shown(markup)
    for _ in range(2):
        if not (_MARKUP_SHOWN.search(text) or _is_escaped(text)):
            break
        text = _shown(text)
    return clean_text(text)


def _shown(markup: str) -> str:
    return extract_plain_text(_printable(markup)) if _TAG.search(markup) else html.unescape(markup)


def _is_escaped(text: str) -> bool:
    """Whether a text that was unescaped is escaped still.

    Each ampersand of such a text begins a character reference, and one of them is nothing that readers are shown. A
    text about HTML, which shows ``&lt;b&gt;``, is not escaped.
    """
    if text.count("&") != len(_REFERENCE.findall(text)):
        return False
    return bool(_UNREADABLE.search(text) or (len(text) >= _PROSE and _AND.search(text)) or _shows_markup(text))


def _shows_markup(text: str) -> bool:
    return "&lt;" in text and bool(_MARKUP_SHOWN.search(html.unescape(text)))


def clean_text(text: str | None) -> str:
    """Return text that is plain already, with white space tidied and contact data masked."""
    return mask_contacts(tidy(text or ""))


def tidy(text: str) -> str:
    """Trim every line, fold runs of blank lines into one, and remove control characters."""
    lines = (" ".join(_printable(line).split()) for line in text.splitlines())
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def one_line(text: str | None) -> str:
    """Return a title or a name on one line: entities decoded, white space folded, contact data masked."""
    text = html.unescape(text or "")
    if not text.isprintable():  # which few are: line breaks, and what `tidy` removes
        text = tidy(text)
    return mask_contacts(" ".join(text.split()))


def words(value: Any) -> str | None:
    """Return the text of a field on one line; None when it holds no text or is no string."""
    return (one_line(value) or None) if isinstance(value, str) else None


def joined(*values: Any) -> str | None:
    """Return the texts of several fields as one, each once; None where none of them holds any.

    >>> joined("Research", None, "Vision", "Vision")
    'Research / Vision'
    """
    return " / ".join(dict.fromkeys(filter(None, map(words, values)))) or None


def web_address(value: Any) -> str:
    """Return an http(s) address unchanged; "" for anything else, such as a ``javascript:`` address."""
    if not isinstance(value, str) or _UNPRINTABLE.search(value) or any(map(str.isspace, value)):
        return ""
    try:
        parts = urlsplit(value)
    except ValueError:
        return ""
    return value if parts.scheme in ("http", "https") and parts.netloc else ""


def resolved(base: str, link: str) -> str:
    """Return the web address that a link on a page refers to; "" where it refers to none."""
    try:
        return web_address(urljoin(base, link.strip()))
    except ValueError:
        return ""


def mask_contacts(text: str) -> str:
    """Replace e-mail addresses, telephone numbers and messenger ids by a placeholder: no personal data is stored."""
    if "@" in text or "＠" in text:
        text = _EMAIL.sub("[e-mail]", text)
    if (":" in text or "：" in text) and _names_messenger(text):
        text = _MESSENGER.sub(r"\1[contact]", text)
    return _PHONE.sub("[phone]", text) if _DIGITS.search(text) else text


def _names_messenger(text: str) -> bool:
    lower = text.lower().replace("ı", "i").replace("i\u0307", "i")  # re.IGNORECASE takes "ı" and "İ" for "i"
    return any(name in lower for name in _MESSENGERS)


def _printable(text: str) -> str:
    return text if text.isprintable() else _UNPRINTABLE.sub("", text)


def counted(count: int, noun: str) -> str:
    """Return a number with its noun, in the plural where there are several or none."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
