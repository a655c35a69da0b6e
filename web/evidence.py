"""Which pieces of an article's text are evidence. Plain text in, plain text out: templates escape it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from store.models import Article, Issue

AROUND = 110
"""characters shown on each side of a passage in a line of the queue"""


@dataclass(frozen=True)
class Piece:
    """A stretch of text; `why` is empty where it is no evidence."""

    text: str
    why: str = ""


@dataclass(frozen=True)
class Span:
    start: int
    end: int
    why: str


def marked(text: str, evidence: Sequence[dict[str, Any]], field: str) -> list[Piece]:
    """`text` cut at the bounds of the evidence in `field`; joined, the pieces are `text` again."""
    pieces, at = [], 0
    for span in _spans(text, evidence, field):
        if span.start > at:
            pieces.append(Piece(text[at : span.start]))
        pieces.append(Piece(text[span.start : span.end], span.why))
        at = span.end
    if at < len(text):
        pieces.append(Piece(text[at:]))
    return pieces


def passage(article: Article, around: int = AROUND) -> list[Piece]:
    """The stretch of lead or body around most of the evidence; their beginning where there is none.

    The title is left out: it stands in the line already (see `headline`).
    """
    evidence = article.finding.evidence if article.finding else []
    texts = {field: getattr(article, field) for field in ("body", "lead") if getattr(article, field)}
    found = [
        (_held(spans, centre, around), field, centre)
        for field, text in texts.items()
        if (spans := _spans(text, evidence, field))
        for centre in spans
    ]
    if found:
        _, field, centre = max(found, key=lambda entry: entry[0])
        return _cut(texts[field], evidence, field, centre, around)
    text = article.lead or article.body or ""
    return _cut(text, [], "lead", Span(0, 0, ""), 2 * around)


def headline(issue: Issue, article: Article | None) -> list[Piece]:
    """The issue's title; with the evidence marked where it is the article's own."""
    if article is None or article.finding is None or article.title != issue.title:
        return [Piece(issue.title)]
    return marked(issue.title, article.finding.evidence, "title")


def own_headline(issue: Issue, article: Article | None) -> list[Piece]:
    """The article's headline, its evidence marked; nothing where it is the issue's title already."""
    if article is None or article.title == issue.title:
        return []
    return marked(article.title, article.finding.evidence if article.finding else [], "title")


def _spans(text: str, evidence: Sequence[dict[str, Any]], field: str) -> list[Span]:
    """In order and apart. What does not fit the stored text any more is left out."""
    found = sorted(
        (entry["start"], entry["end"], entry.get("why") or "dấu hiệu")
        for entry in evidence
        if entry.get("field") == field and text[entry["start"] : entry["end"]] == entry.get("text")
    )
    spans: list[Span] = []
    for start, end, why in found:
        if start >= end:
            continue
        if spans and start < spans[-1].end:
            last = spans.pop()
            reasons = last.why if why in last.why.split("; ") else f"{last.why}; {why}"
            spans.append(Span(last.start, max(end, last.end), reasons))
        else:
            spans.append(Span(start, end, why))
    return spans


def _held(spans: Sequence[Span], centre: Span, around: int) -> int:
    """Characters of evidence within `around` of `centre`."""
    start, end = centre.start - around, centre.end + around
    return sum(span.end - span.start for span in spans if span.start >= start and span.end <= end)


def _cut(text: str, evidence: Sequence[dict[str, Any]], field: str, centre: Span, around: int) -> list[Piece]:
    start = min(centre.start, _word_start(text, max(0, centre.start - around)))
    end = max(centre.end, _word_end(text, min(len(text), centre.end + around)))
    pieces, at = [], 0
    for piece in marked(text, evidence, field):
        inside = piece.text[max(0, start - at) : max(0, end - at)]
        if inside:
            pieces.append(Piece(" ".join(inside.split("\n")), piece.why))
        at += len(piece.text)
    before = [Piece("… ")] if start > 0 else []
    after = [Piece(" …")] if end < len(text) else []
    return [*before, *pieces, *after]


def _word_start(text: str, at: int) -> int:
    """From `at` forward to where a word begins; a paragraph's beginning will do."""
    if at == 0:
        return 0
    space = text.find(" ", at)
    return at if space < 0 else space + 1


def _word_end(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    space = text.rfind(" ", 0, at)
    return at if space < 0 else space
