"""From bytes to text, whatever the page claims."""

import re
import sys
import unicodedata
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from dataclasses import dataclass

from w3lib.encoding import html_body_declared_encoding, http_content_type_encoding, resolve_encoding

_BOMS = ((BOM_UTF8, "utf-8"), (BOM_UTF16_LE, "utf-16-le"), (BOM_UTF16_BE, "utf-16-be"))
_CONTROL = re.compile("[\x00-\x08\x0e-\x1f]")
_BREAKS = {0x0B: " ", 0x0C: " "}
"""White space, which XML forbids all the same."""
_UTF16 = (
    (re.compile(rb"(?:\s\x00)*[<{]\x00"), "utf-16-le"),
    (re.compile(rb"(?:\x00\s)*\x00[<{]"), "utf-16-be"),
)
_REFERENCE = re.compile(r"&#(x[0-9a-f]{1,4000}|[0-9]{1,4000});?", re.IGNORECASE)
"""Python reads no longer numbers."""
_VIETNAMESE = "windows-1258"
_LATIN = frozenset({"cp1252", "latin-1", "iso8859-1", "windows-1252", "ascii"})
"""what programs declare when nobody has told them"""
_TONED = re.compile("[\u1ea0-\u1ef9]")
_LOOSE_MARK = re.compile("[\u0300-\u036f]|[\u1e00-\u1e9f]")


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
    if marked := _marked(body):
        mark, encoding = marked
        return _lenient(body[mark:], encoding)
    declared = declared_encoding(body, content_type)
    for encoding in ("utf-8", declared):
        try:
            text = body.decode(encoding)
        except UnicodeDecodeError:
            continue
        if encoding in _LATIN and (vietnamese := _as_vietnamese(body)) is not None:
            return Decoded(vietnamese, broken=True)
        return Decoded(_clean(text), broken=encoding != declared and not body.isascii())
    vietnamese = _as_vietnamese(body)
    return _lenient(body, declared) if vietnamese is None else Decoded(vietnamese, broken=True)


def sound_references(markup: str) -> str:
    """With U+FFFD for each reference to a character that does not exist: XML parsers give it out all the
    same, as bytes that are no text, or fail.
    """
    return _REFERENCE.sub(_sound, markup) if "&#" in markup else markup


def _sound(reference: re.Match[str]) -> str:
    digits = reference[1].lower()
    number = int(digits[1:], 16) if digits.startswith("x") else int(digits)
    exists = 0 < number <= sys.maxunicode and not 0xD800 <= number <= 0xDFFF
    return reference[0] if exists else "\ufffd"


def _marked(body: bytes) -> tuple[int, str] | None:
    """Length of the byte order mark and the encoding; UTF-16 shows itself without one, by its first sign."""
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return len(mark), encoding
    return next(((0, encoding) for begins, encoding in _UTF16 if begins.match(body)), None)


def _as_vietnamese(body: bytes) -> str | None:
    """`body` as windows-1258, which some old pages are in and do not say; None where tones miss the vowels.

    In that encoding a tone is a sign of its own after the vowel; in text of another encoding the same bytes
    stand after anything.
    """
    text = _clean(body.decode(_VIETNAMESE, errors="replace"))
    return text if _TONED.search(text) and not _LOOSE_MARK.search(text) and "\ufffd" not in text else None


def declared_encoding(body: bytes, content_type: str | None = None) -> str:
    """By the header before the page itself; UTF-8 where neither names one that is known."""
    named = (
        http_content_type_encoding(content_type) if content_type else None
    ) or html_body_declared_encoding(body[:4096])
    return (resolve_encoding(named) if named else None) or "utf-8"


def _lenient(body: bytes, encoding: str) -> Decoded:
    text = body.decode(encoding, errors="replace")
    return Decoded(_clean(text), broken="\ufffd" in text)


def _clean(text: str) -> str:
    # lxml refuses control characters in text; some outlets write diacritics as marks of their own.
    return unicodedata.normalize("NFC", _CONTROL.sub("", text.translate(_BREAKS)))
