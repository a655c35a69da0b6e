"""`tag --explain`: what another taxonomy would change in what was read of late, before it is taken."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from nlp.settings import NlpSettings
from nlp.tagger import Finding as Said
from nlp.tagger import Tagger
from pipeline.stages.summary import Progress
from pipeline.stages.tag import item_of
from store import Store
from store.models import Article

LOOKED_BACK = timedelta(days=30)
MOST_EXAMPLES = 5
BATCH = 500


@dataclass(frozen=True, slots=True)
class Example:
    title: str
    url: str
    before: float
    """probability of concern"""
    after: float
    why: tuple[str, ...]
    """the evidence that one of the two taxonomies finds and the other does not, else all there is"""


@dataclass(slots=True)
class Difference:
    """One way in which findings change: how often, in which topics, and a few examples."""

    count: int = 0
    topics: Counter[str] = field(default_factory=Counter)
    examples: list[Example] = field(default_factory=list)

    def add(self, article: Article, topic: str | None, before: Said, after: Said) -> None:
        self.count += 1
        self.topics[topic or ""] += 1
        if len(self.examples) < MOST_EXAMPLES:
            why = _why(before, after)
            self.examples.append(Example(article.title, article.url, before.score, after.score, why))


@dataclass(slots=True)
class Explanation:
    articles: int = 0
    flagged_before: int = 0
    flagged_after: int = 0
    gained: Difference = field(default_factory=Difference)
    """flagged only with the new taxonomy"""
    lost: Difference = field(default_factory=Difference)
    """flagged only with today's"""
    moved: Difference = field(default_factory=Difference)
    """flagged with both, in another topic"""
    held: Difference = field(default_factory=Difference)
    """restricted only with the new taxonomy: they would wait for a person"""

    def to_dict(self) -> dict[str, Any]:
        return {
            "articles": self.articles,
            "flagged_before": self.flagged_before,
            "flagged_after": self.flagged_after,
        } | {name: _as_dict(getattr(self, name)) for name in ("gained", "lost", "moved", "held")}

    def take_in(self, article: Article, before: Said, after: Said) -> None:
        was, now = before.kind == "concern", after.kind == "concern"
        self.articles += 1
        self.flagged_before += was
        self.flagged_after += now
        if now and not was:
            self.gained.add(article, after.topic, before, after)
        elif was and not now:
            self.lost.add(article, before.topic, before, after)
        elif now and before.topic != after.topic:
            self.moved.add(article, after.topic, before, after)
        if now and after.restricted and not before.restricted:
            self.held.add(article, after.topic, before, after)


def explain(
    store: Store, today: NlpSettings, proposed: NlpSettings, now: datetime, progress: Progress
) -> Explanation:
    """Reads every article of the last 30 days that still has its text, with both; keeps nothing."""
    before, after = Tagger(today), Tagger(proposed)
    explanation = Explanation()
    for article in _recent(store, now - LOOKED_BACK):
        item = item_of(article)
        explanation.take_in(article, before.tag(item), after.tag(item))
        if explanation.articles % BATCH == 0:
            progress(f"compared {explanation.articles:,} articles")
    return explanation


def _recent(store: Store, since: datetime) -> Iterator[Article]:
    """Newest first, so that examples are fresh in memory."""
    query = (
        select(Article)
        .where(Article.published_at >= since, Article.text_expired_at.is_(None))
        .order_by(Article.published_at.desc(), Article.id)
        .execution_options(yield_per=BATCH)
    )
    with store.read() as session:
        yield from session.scalars(query)


def _why(before: Said, after: Said) -> tuple[str, ...]:
    told_before, told_after = ({e.why for e in said.evidence} for said in (before, after))
    return tuple(sorted(told_before ^ told_after or told_before | told_after))


def _as_dict(difference: Difference) -> dict[str, Any]:
    examples = [
        {"title": e.title, "url": e.url, "before": e.before, "after": e.after, "why": list(e.why)}
        for e in difference.examples
    ]
    return {
        "count": difference.count,
        "topics": dict(sorted(difference.topics.items(), key=lambda pair: (-pair[1], pair[0]))),
        "examples": examples,
    }
