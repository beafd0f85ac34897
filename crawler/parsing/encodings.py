"""The encoding of a response's text: found where it is stated, else by its bytes, so that readers meet UTF-8 only."""

from __future__ import annotations

import re

from resiliparse.parse.encoding import detect_encoding
from scrapy.http import Response, TextResponse
from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, read_bom, resolve_encoding

_XML = re.compile(rb"""\A\s*<\?xml\b[^<>]{0,200}?\bencoding\s*=\s*["']([^"'<>]{1,40})["']""")
_MANY = 12
"""Bytes beyond ASCII from which on the guess of a script other than Western European is believed."""
_SAMPLE = 64 * 1024
"""Bytes of the lines beyond ASCII by which an encoding is guessed."""
_EAST_ASIAN = {"gb18030", "shift_jis", "cp932", "euc_jp", "big5", "big5hkscs", "cp949", "euc_kr"}
# Pairs of bytes that are both beyond ASCII, and nothing else: two Chinese characters or more side by side.
_PAIRS_ONLY = re.compile(rb"(?:[\x00-\x7f]|(?:[\xa1-\xfe]{2}){2,}(?![\x80-\xff]))+")


def in_utf8(body: bytes, content_type: str = "") -> bytes:
    """Return a response's text in UTF-8; anything that is not text unchanged.

    What is valid UTF-8 is UTF-8, whatever the response states: hardly any other text is valid by chance, and many
    servers state the default of their software. Otherwise the encoding is that of the header, of the document's own
    declaration, or the one that the bytes show; a text of a few wrong bytes in otherwise good UTF-8 stays as it is.

    Args:
        body: The body.
        content_type: The header of that name, if there was one.
    """
    if body.isascii():
        return body
    encoding, mark = read_bom(body)
    if encoding is None:
        encoding = _encoding_of(body, content_type)
    elif encoding != "utf-8":
        return _stated_as_utf8(body[len(mark or b"") :].decode(encoding, "replace").encode())
    return _stated_as_utf8(body if encoding == "utf-8" else body.decode(encoding, "replace").encode())


def response_in_utf8(response: Response) -> Response:
    """Return a response with its text in UTF-8, see `in_utf8`."""
    if not isinstance(response, TextResponse):
        return response
    kind = (response.headers.get("Content-Type") or b"").decode("latin-1")
    return response.replace(body=in_utf8(response.body, kind), encoding="utf-8")


def _encoding_of(body: bytes, content_type: str) -> str:
    if b"\0" in body[:1024] or _is_utf8(body):
        return "utf-8"
    stated = filter(None, (http_content_type_encoding(content_type), html_body_declared_encoding(body)))
    named = [name for name in map(resolve_encoding, stated) if name and name != "utf-8"]
    # Western European can be read into any bytes, and is what many servers state by default: it is tried last.
    for name in sorted(named, key=lambda name: name == "cp1252"):
        if name == "cp1252" or _share_of_errors(body, name) < 0.01:
            return name
    return _guessed(body)


def _is_utf8(body: bytes) -> bool:
    """Whether a text is UTF-8, or good UTF-8 but for a few bytes."""
    text = body.decode("utf-8", "replace")
    wrong = text.count("�")
    return not wrong or wrong < (sum(not char.isascii() for char in text) - wrong) / 2


def _share_of_errors(body: bytes, encoding: str) -> float:
    """Return how many of the characters beyond ASCII cannot be read."""
    text = body.decode(encoding, "replace")
    return text.count("�") / (sum(not char.isascii() for char in text) or 1)


def _guessed(body: bytes) -> str:
    """Return the encoding of a text that states none: that of the lines beyond ASCII, Western European by default."""
    lines = b"\n".join(line for line in body.splitlines() if not line.isascii())
    # A minified page is one line.
    first = re.search(rb"[\x80-\xff]", lines)
    sample = lines[first.start() if first else 0 :][:_SAMPLE]
    beyond = len(sample) - len(sample.translate(None, bytes(range(128, 256))))
    found = resolve_encoding(detect_encoding(sample, max_len=_SAMPLE, html5_compatible=False) or "") or ""
    if not found or found == "utf-8" or _share_of_errors(sample, found) >= 0.01:
        found = ""
    if found in _EAST_ASIAN:
        return found
    if _PAIRS_ONLY.fullmatch(sample):
        return "gb18030"
    return found if found and beyond >= _MANY else "cp1252"


def _stated_as_utf8(body: bytes) -> bytes:
    """Return an XML document with its declaration changed to what it now is."""
    found = _XML.match(body)
    return body[: found.start(1)] + b"utf-8" + body[found.end(1) :] if found else body
