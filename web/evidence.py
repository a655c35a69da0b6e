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
    """The stretch of the article's text around its weightiest evidence; its title where there is none.

    Body before lead before title: the title stands in the line already.
    """
    evidence = article.finding.evidence if article.finding else []
    for field in ("body", "lead", "title"):
        text = getattr(article, field) or ""
        spans = _spans(text, evidence, field)
        if spans:
            return _cut(text, evidence, field, _longest(spans), around)
    return [Piece(article.lead or article.title)]


def speaking_article(issue: Issue) -> Article | None:
    """The article whose evidence speaks for the issue: the surest finding, reprints and answers last."""

    def weight(member: Any) -> tuple[bool, bool, float]:
        finding = member.article.finding
        return (
            member.role in ("report", "followup"),
            bool(finding and finding.evidence),
            finding.score if finding else 0.0,
        )

    best = max(issue.articles, key=weight, default=None)
    return best.article if best else None


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


def _longest(spans: Sequence[Span]) -> Span:
    return max(spans, key=lambda span: span.end - span.start)


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
