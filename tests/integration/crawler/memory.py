"""An office's memory without a network: sources name invented pages, and these are read as told."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from crawler.extraction import Extracted
from crawler.frontier import Frontier, Recorded
from crawler.kinds.naming import Named
from crawler.polling import NO_HINTS, Hints
from crawler.reading import ReadPage
from crawler.settings import CrawlerSettings
from crawler.sources import ConfiguredSource, configured_sources
from store import Store
from store.models import Article, Link, Source
from store.queries.keeping import StoreOutcome
from store.queries.links import PendingLink
from tests.integration.crawler.conftest import NOW, SENTENCES, FixedClock, shout_numbers

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SITE = "https://song-moi.example"
BODY = "\n".join(SENTENCES)


def settings(sources: int = 1, **options: Any) -> CrawlerSettings:
    return CrawlerSettings.model_validate(
        {
            "contact": "phong@example.vn",
            **options,
            "outlets": [
                {
                    "key": "song-moi",
                    "name": "Sông Mới",
                    "kind": "newspaper",
                    "home": SITE,
                    "sources": [{"kind": "feed", "url": f"{SITE}/rss/{number}"} for number in range(sources)],
                }
            ],
        }
    )


def page(title: str = "Bến Đò mất nước sạch", body: str | None = BODY, **options: Any) -> Extracted:
    return replace(
        Extracted(
            article=True,
            title=title,
            lead="Khu dân cư Bến Đò thiếu nước sạch nhiều ngày liền.",
            body=body,
            published=NOW - 2 * HOUR,
            canonical_url=None,
            outlet=None,
        ),
        **options,
    )


@dataclass
class Memory:
    """Each call is a run of its own: the frontier is made anew, as by cron."""

    store: Store
    settings: CrawlerSettings = field(default_factory=settings)
    clock: FixedClock = field(default_factory=FixedClock)

    @property
    def frontier(self) -> Frontier:
        return Frontier(self.store, self.settings, self.clock, shout_numbers, self.configured)

    @property
    def configured(self) -> list[ConfiguredSource]:
        return configured_sources(self.settings)

    def name(self, *items: Named | str, source: int = 0, hints: Hints = NO_HINTS) -> Recorded:
        told = [named(one) if isinstance(one, str) else one for one in items]
        return self.frontier.record(self.configured[source], told, hints)

    def read(self, links: Sequence[PendingLink], read: Extracted, **options: Any) -> list[StoreOutcome]:
        pages = [ReadPage(link, read, options.pop("url", link.url), **options) for link in links]
        return self.frontier.keep(pages)

    def take(self, path: str, read: Extracted | None = None, source: int = 0) -> StoreOutcome:
        """Names one address and reads it."""
        (outcome,) = self.read(self.name(path, source=source).pending, read or page())
        return outcome

    def after(self, wait: timedelta) -> "Memory":
        self.clock.now += wait
        return self

    def visit(self, read: Extracted, **options: Any) -> StoreOutcome:
        (link,) = self.frontier.visits()
        (outcome,) = self.read([link], read, **options)
        return outcome

    def articles(self) -> list[Article]:
        with self.store.read() as session:
            articles = session.scalars(select(Article).order_by(Article.id)).all()
            for article in articles:
                _ = article.versions
            return list(articles)

    def article(self) -> Article:
        (article,) = self.articles()
        return article

    def links(self) -> dict[str, Link]:
        with self.store.read() as session:
            return {link.url.removeprefix(SITE): link for link in session.scalars(select(Link))}

    def source(self, number: int = 0) -> Source:
        with self.store.read() as session:
            return session.scalars(select(Source).order_by(Source.id)).all()[number]


def named(path: str, title: str | None = None, **options: Any) -> Named:
    return Named(path if path.startswith("http") else SITE + path, title=title, **options)


def ago(wait: timedelta) -> datetime:
    return NOW - wait
