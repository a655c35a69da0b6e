"""From bytes to text, whatever the page claims."""

import re
import unicodedata
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, resolve_encoding

_BOMS = ((BOM_UTF8, "utf-8"), (BOM_UTF16_LE, "utf-16-le"), (BOM_UTF16_BE, "utf-16-be"))
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True)
class Decoded:
    text: str
    broken: bool
    """the page's bytes are not in the encoding it declares, or in none at all"""


def decode(body: bytes, content_type: str | None = None) -> Decoded:
    """Reads `body`; never raises.

    UTF-8 goes before what the page declares: no other encoding is valid UTF-8 by chance, while pages that are
    UTF-8 and say otherwise are common.
    """
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return _lenient(body[len(mark) :], encoding)
    declared = _declared(body, content_type)
    for encoding in ("utf-8", declared):
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        return Decoded(_clean(text), broken=encoding != declared and not body.isascii())
    return _lenient(body, declared)


def _declared(body: bytes, content_type: str | None) -> str:
    named = (
        http_content_type_encoding(content_type) if content_type else None
    ) or html_body_declared_encoding(body[:4096])
    return (resolve_encoding(named) if named else None) or "utf-8"


def _lenient(body: bytes, encoding: str) -> Decoded:
    text = body.decode(encoding, errors="replace")
    return Decoded(_clean(text), broken="\ufffd" in text)


def _clean(text: str) -> str:
    # lxml refuses control characters in text; some outlets write diacritics as marks of their own.
    return unicodedata.normalize("NFC", _CONTROL.sub("", text))
