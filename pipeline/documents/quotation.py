"""At most two sentences of an article, around what made it a concern.

The law permits to quote, not to republish (Luật SHTT Đ25). What is quoted comes from the stored text,
which is masked before it is stored.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from nlp.text import Span, sentences
from store.models import Article

LEARNED = "mô hình"
"""how the tagger marks a reason that its model has learned"""
MAX_CHARS = 320
"""A sentence of the press seldom runs over 200; a longer one is cut at a word."""


def quotation(article: Article) -> str | None:
    """None where the article has no finding or no text that says more than its title."""
    if article.finding is None:
        return None
    fields = [_weighed(text, field, article.finding.evidence) for field, text in _texts(article)]
    telling = [field for field in fields if any(field.weights)]
    if not telling:
        return _opening(article.lead or article.body)
    return _around(max(telling, key=lambda field: max(field.weights)))


def _texts(article: Article) -> Iterator[tuple[str, str]]:
    """By field; the lead first, which says most in few words."""
    if article.lead:
        yield "lead", article.lead
    if article.body:
        yield "body", article.body


@dataclass(frozen=True)
class _Weighed:
    text: str
    spans: Sequence[Span]
    weights: Sequence[int]


def _weighed(text: str, field: str, evidence: Sequence[dict[str, Any]]) -> _Weighed:
    found = [entry for entry in evidence if entry["field"] == field]
    spans = sentences(text)
    return _Weighed(
        text, spans, [sum(_weight(entry) for entry in found if _touches(s, entry)) for s in spans]
    )


def _weight(entry: dict[str, Any]) -> int:
    """A term or cue that people have written down says more than a word the model has learned."""
    return 1 if _is_learned(str(entry["why"])) else 3


def _is_learned(why: str) -> bool:
    return why.startswith(LEARNED)


def _touches(span: Span, entry: dict[str, Any]) -> bool:
    return bool(entry["start"] < span.end and entry["end"] > span.start)


def _around(field: _Weighed) -> str:
    """The sentence with the most evidence and, where its neighbour bears some too, that one."""
    spans, weights = field.spans, field.weights
    best = weights.index(max(weights))
    first, last = best, best
    after = weights[best + 1] if best + 1 < len(spans) else 0
    before = weights[best - 1] if best > 0 else 0
    if after and after >= before:
        last = best + 1
    elif before:
        first = best - 1
    return _cut(field.text, spans[first], spans[last])


def reasons(article: Article) -> tuple[str, ...]:
    """Why the article was flagged: "dấu hiệu bức xúc: bất an, kêu trời", in the tagger's order.

    Words the model has learned are told only where there is nothing else: they explain little.
    """
    whys = [str(entry["why"]) for entry in article.finding.evidence] if article.finding else []
    written = [why for why in whys if not _is_learned(why)]
    learned = [why.replace(LEARNED, "cách nói thường gặp ở tin phản ánh", 1) for why in whys]
    return _by_ground(written or learned)


def _by_ground(whys: Sequence[str]) -> tuple[str, ...]:
    words: dict[str, dict[str, None]] = {}
    for why in whys:
        ground, _, word = why.partition(": ")
        words.setdefault(ground, {}).update({word: None} if word else {})
    return tuple(f"{ground}: {', '.join(found)}" if found else ground for ground, found in words.items())


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
