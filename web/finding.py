"""Which words of a text were looked for. Plain text in, plain text out: templates escape it."""

import unicodedata
from collections.abc import Collection

from store.wording import Term, places
from web.evidence import Piece

WHY = "từ tìm"
AROUND = 90
"""characters shown before the first word that was looked for"""
SHOWN = 260


def found_in(text: str, asked: Collection[Term]) -> list[Piece]:
    """`text` cut where its words are those looked for; words side by side are one piece."""
    text = unicodedata.normalize("NFC", text)
    wanted = {word for term in asked for word in term}
    spans: list[tuple[int, int]] = []
    for start, end in places(text, wanted):
        if spans and text[spans[-1][1] : start].isspace():
            spans[-1] = spans[-1][0], end
        else:
            spans.append((start, end))
    return _pieces(text, spans)


def _pieces(text: str, spans: list[tuple[int, int]]) -> list[Piece]:
    pieces, at = [], 0
    for start, end in spans:
        if start > at:
            pieces.append(Piece(text[at:start]))
        pieces.append(Piece(text[start:end], WHY))
        at = end
    return [*pieces, Piece(text[at:])] if at < len(text) else pieces


def has_any(pieces: list[Piece]) -> bool:
    return any(piece.why for piece in pieces)


def passage(text: str, asked: Collection[Term]) -> list[Piece]:
    """The stretch of a text where the words looked for begin; nothing where it has none."""
    pieces = found_in(text, asked)
    if not has_any(pieces):
        return []
    before = sum(len(piece.text) for piece in pieces[:1] if not piece.why)
    said = unicodedata.normalize("NFC", text)
    # From the beginning of a word.
    start = said.find(" ", before - AROUND) + 1 if before > AROUND else 0
    cut = said[start : start + SHOWN]
    marked = found_in(cut, asked)
    return [Piece("… "), *marked] if start else marked
