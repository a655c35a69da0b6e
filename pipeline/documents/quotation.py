"""At most two sentences of an article, around what made it a concern.

The law permits to quote, not to republish (Luật SHTT Đ25). What is quoted comes from the stored text,
which is masked before it is stored.
"""

from collections.abc import Sequence
from typing import Any

from nlp.text import Span, sentences
from store.models import Article

MAX_SENTENCES = 2
MAX_CHARS = 320
"""A sentence of the press seldom runs over 200; a longer one is cut at a word."""


def quotation(article: Article) -> str | None:
    """None where the article has no finding or no text that says more than its title."""
    if article.finding is None:
        return None
    for field in ("body", "lead"):
        text = getattr(article, field)
        found = [entry for entry in article.finding.evidence if entry.get("field") == field]
        if text and found:
            return _around(text, found)
    return _opening(article.lead or article.body)


def reasons(article: Article) -> tuple[str, ...]:
    """Why the article was flagged, each reason once, in the tagger's order."""
    evidence = article.finding.evidence if article.finding else []
    return tuple(dict.fromkeys(str(entry["why"]) for entry in evidence if entry.get("why")))


def _around(text: str, evidence: Sequence[dict[str, Any]]) -> str | None:
    """The sentence with the most evidence and, where its neighbour bears some too, that one."""
    spans = sentences(text)
    weights = [sum(_touches(span, entry) for entry in evidence) for span in spans]
    if not any(weights):
        return _opening(text)
    best = weights.index(max(weights))
    first, last = best, best
    after = weights[best + 1] if best + 1 < len(spans) else 0
    before = weights[best - 1] if best > 0 else 0
    if after and after >= before:
        last = best + 1
    elif before:
        first = best - 1
    return _cut(text, spans[first], spans[last])


def _touches(span: Span, entry: dict[str, Any]) -> bool:
    return bool(entry["start"] < span.end and entry["end"] > span.start)


def _opening(text: str | None) -> str | None:
    spans = sentences(text) if text else []
    return _cut(text, spans[0], spans[0]) if text and spans else None


def _cut(text: str, first: Span, last: Span) -> str:
    if last.end - first.start > MAX_CHARS:
        last = first
    quoted = " ".join(text[first.start : last.end].split())
    if len(quoted) <= MAX_CHARS:
        return quoted
    return quoted[:MAX_CHARS].rsplit(" ", 1)[0].rstrip(" ,;:") + "…"
