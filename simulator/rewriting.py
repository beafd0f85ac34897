"""Responses as faulty sites write them: in another encoding, or escaped once too often."""

from __future__ import annotations

import re

from werkzeug.wrappers import Response

from simulator.faults import Fault, FaultKind

# A reference to a tag's signs stays as it is: the markup of a description in JSON or XML is made of them.
_REFERENCE = re.compile(r"&(?=(?:#x?[0-9a-f]+|amp|quot|nbsp|[lr]squo|ndash|mdash|eacute);)", re.IGNORECASE)
_DECLARED = re.compile(
    r"""<meta\s+charset=["'][\w-]+["']\s*/?>|(?<=<\?xml version="1.0")\s+encoding="[\w-]+\"""", re.IGNORECASE
)


def rewrite(response: Response, fault: Fault) -> None:
    """Rewrite the text of a response by a fault; what is packed or no text stays as it is."""
    body = response.get_data()
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return
    if fault.kind is FaultKind.ESCAPED:
        response.set_data(_REFERENCE.sub("&amp;", text))
        return
    kind = response.mimetype or ""
    known = "".join(sorted(set(text))).encode(fault.charset, "ignore").decode(fault.charset)
    if kind.endswith("json"):
        # JSON has an escape of its own for what the encoding has not.
        text = text.translate({ord(char): f"\\u{ord(char):04x}" for char in set(text) - set(known)})
    response.set_data(_DECLARED.sub("", text).encode(fault.charset, "xmlcharrefreplace"))
    stated = "" if fault.kind is FaultKind.UNDECLARED else f"; charset={fault.charset}"
    response.content_type = f"{kind}{stated}"
