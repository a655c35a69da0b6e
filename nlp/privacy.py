"""Masks personal data (Luật 91/2025/QH15) before a text is kept; office titles, streets, communes stay."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass

from nlp.personal_numbers import personal_numbers
from nlp.persons import person_names

MARKERS = {
    "name": "[họ tên]",
    "phone": "[số điện thoại]",
    "email": "[e-mail]",
    "plate": "[biển số]",
    "account": "[số tài khoản]",
    "id": "[số giấy tờ]",
    "house": "[số nhà]",
    "profile": "[trang cá nhân]",
    "rest": "[phần còn lại quá dài]",
}


@dataclass(frozen=True, slots=True)
class MaskedSpan:
    kind: str
    """a key of MARKERS"""
    start: int
    end: int
    """offsets in the text as given"""

    def to_dict(self) -> dict[str, str | int]:
        return {"kind": self.kind, "start": self.start, "end": self.end}


@dataclass(frozen=True, slots=True)
class Masked:
    text: str
    spans: tuple[MaskedSpan, ...]


_INVISIBLE = "\u00ad\u200b-\u200f\u2060\ufeff"
_UNSEEN = re.compile(f"[{_INVISIBLE}]")
_LETTER = re.compile(rf"[\s\S](?:[\u0300-\u036f{_INVISIBLE}]{{1,20}})?")
_MARKER = re.compile("|".join(map(re.escape, MARKERS.values())))


def mask(text: str) -> Masked:
    """The text with every stretch of personal data as its marker; masking the result changes nothing."""
    composed, spots = _composed(text)
    masked, spans = composed, list[MaskedSpan]()
    # A marker parts what ran together ("0912345678bà Na"): look again, until nothing more is found.
    while found := _found(masked):
        spans = sorted([*spans, *_in_original(found, spans)], key=lambda span: span.start)
        masked = _replaced(composed, spans)
    if spots is not None:
        spans = [MaskedSpan(span.kind, spots[span.start], spots[span.end]) for span in spans]
        masked = _replaced(text, spans)
    return Masked(masked, tuple(spans))


def _composed(text: str) -> tuple[str, list[int] | None]:
    """The text with one character for each letter, and where each stood; None: it is so already."""
    if _UNSEEN.search(text) is None and unicodedata.is_normalized("NFC", text):
        return text, None
    letters, spots = [], []
    for match in _LETTER.finditer(text):
        letter = unicodedata.normalize("NFC", _UNSEEN.sub("", match[0]))
        letters.append(letter)
        spots += [match.start()] * len(letter)
    return "".join(letters), [*spots, len(text)]


def _found(text: str) -> list[MaskedSpan]:
    taken = bytearray(len(text))
    for marker in _MARKER.finditer(text):
        taken[marker.start() : marker.end()] = b"\1" * (marker.end() - marker.start())
    kept: list[MaskedSpan] = []
    for kind, start, end in _all(text):
        if start < end and 1 not in taken[start:end]:
            taken[start:end] = b"\1" * (end - start)
            kept.append(MaskedSpan(kind, start, end))
    return sorted(kept, key=lambda span: span.start)


MAX_CHARS = 200_000
"""No article is as long. What stands beyond is left out as a whole, unread, so that no text takes long."""


def _all(text: str) -> Iterator[tuple[str, int, int]]:
    """The surer first: what two of them claim is the first's."""
    head = text[:MAX_CHARS]
    yield from personal_numbers(head)
    for start, end in person_names(head):
        yield "name", start, end
    if len(text) > MAX_CHARS + len(MARKERS["rest"]):
        yield "rest", MAX_CHARS, len(text)


def _in_original(found: list[MaskedSpan], before: list[MaskedSpan]) -> Iterator[MaskedSpan]:
    """Spans found in the text masked so far, as offsets in the text as given."""
    shift, earlier = 0, iter(before)
    known = next(earlier, None)
    for span in found:
        while known and known.start <= span.start + shift:
            shift += known.end - known.start - len(MARKERS[known.kind])
            known = next(earlier, None)
        yield MaskedSpan(span.kind, span.start + shift, span.end + shift)


def _replaced(text: str, spans: list[MaskedSpan]) -> str:
    parts, position = [], 0
    for span in spans:
        parts += [text[position : span.start], MARKERS[span.kind]]
        position = span.end
    return "".join(parts) + text[position:]


def mask_text(text: str) -> str:
    return mask(text).text
