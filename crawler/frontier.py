"""What is still to be read, kept in the store: a killed crawl loses nothing and reads nothing twice."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from crawler.addresses import canonical_address
from crawler.extraction import Extracted
from crawler.extraction.leads import lead_as_told
from crawler.kinds.naming import Named
from crawler.plain import one_line
from crawler.settings import CrawlerSettings
from crawler.sources import ConfiguredSource
from crawler.times import most_exact
from crawler.troubles import Trouble
from store import Store
from store.queries import crawl as queries
from store.queries.crawl import ArticleText, NewLink, PendingLink, SourceState, StoreOutcome

_A_DAY = timedelta(days=1)
_SOON = timedelta(minutes=1)
"""What falls due within it is due: a poll every ten minutes, called by cron every ten minutes, would else
be a second too early each second time."""


@dataclass(frozen=True)
class Setback:
    """A link that could not be read, and why."""

    link: PendingLink
    trouble: Trouble


@dataclass(frozen=True)
class Recorded:
    """What a poll brought."""

    pending: Sequence[PendingLink]
    too_old: int
    retold: int
    """articles known from their source alone, of which it now tells otherwise"""
    left_over: int
    """new addresses beyond max_items_per_source: the next poll takes them up"""


class Frontier:
    """`mask` is applied to every text before it comes near the store."""

    def __init__(
        self,
        store: Store,
        settings: CrawlerSettings,
        clock: Callable[[], datetime],
        mask: Callable[[str], str],
        sources: Sequence[ConfiguredSource],
    ) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._mask = mask
        with store.begin() as session:
            self._states = queries.sync_sources(session, map(_identity, sources))
        self._sources = {self._states[source.key].id: source for source in sources}

    def source_of(self, link: PendingLink) -> ConfiguredSource:
        return self._sources[link.source_id]

    def due_sources(self) -> Iterator[tuple[ConfiguredSource, SourceState]]:
        soon = self._clock() + _SOON
        for source in self._sources.values():
            state = self._states[source.key]
            if state.next_poll_at is None or state.next_poll_at <= soon:
                yield source, state

    def pending(self) -> list[PendingLink]:
        """Left over from earlier runs; what has been in vain for longer than news lives is given up."""
        now = self._clock()
        with self._store.begin() as session:
            links = list(queries.pending_links(session, list(self._sources), now + _SOON))
            stale = [link for link in links if link.discovered_at < now - self._max_age]
            for link in stale:
                queries.settle_link(session, link.id, "failed", "given up: could not be read for days")
        given_up = {link.id for link in stale}
        return [link for link in links if link.id not in given_up]

    def unchanged(self, source: ConfiguredSource) -> None:
        state = self._states[source.key]
        with self._store.begin() as session:
            queries.record_poll(
                session,
                state.id,
                now=self._clock(),
                next_poll_at=self._next_poll(0),
                etag=state.etag,
                last_modified=state.last_modified,
            )

    def poll_failed(self, source: ConfiguredSource, error: str) -> None:
        state = self._states[source.key]
        with self._store.begin() as session:
            queries.record_poll_failure(
                session,
                state.id,
                now=self._clock(),
                next_poll_at=self._next_poll(state.failures + 1),
                error=error,
            )

    def record(
        self,
        source: ConfiguredSource,
        named: Iterable[Named],
        *,
        etag: str | None = None,
        last_modified: str | None = None,
    ) -> Recorded:
        """Keeps the new addresses together with the mark by which the source tells that nothing is new.

        Together, because a source that answers "unchanged" names its addresses no more.
        """
        now = self._clock()
        items = _by_address(named)
        source_id = self._states[source.key].id
        fresh, old, thin = self._sorted(items, source_id, now)
        limit = self._settings.max_items_per_source
        taken = [self._masked(url, items[url]) for url in fresh[:limit]]
        refused = [
            replace(self._masked(url, items[url]), refused="too old when it was first named")
            for url in old[:limit]
        ]
        told = [self._masked(url, items[url]) for url in thin]
        complete = len(fresh) <= limit
        with self._store.begin() as session:
            pending = queries.add_links(session, source_id, [*taken, *refused], now)
            retold = queries.retell_thin(session, told)
            queries.note_newest(session, source_id, list(items))
            queries.record_poll(
                session,
                source_id,
                now=now,
                next_poll_at=self._next_poll(0),
                etag=etag if complete else None,
                last_modified=last_modified if complete else None,
            )
        return Recorded(pending, too_old=len(refused), retold=retold, left_over=max(0, len(fresh) - limit))

    def store(self, link: PendingLink, page: Extracted, url: str) -> StoreOutcome:
        """Keeps an article and settles its link, both or neither."""
        now = self._clock()
        canonical = canonical_address(page.canonical_url) if page.canonical_url else None
        lead = self._mask(page.lead) if page.lead else None
        body = self._mask(page.body).splitlines() if page.body else []
        if lead is None:
            lead, body = lead_as_told(link.summary, body)
        text = self._article(
            link,
            url=url,
            canonical_url=canonical or link.canonical_url,
            title=self._mask(page.title or ""),
            lead=lead,
            body="\n".join(body) or None,
            published=_published(link, page, now),
            now=now,
        )
        with self._store.begin() as session:
            return queries.store_article(session, link.id, text, now)

    def refuse(self, link: PendingLink, why: str) -> None:
        with self._store.begin() as session:
            queries.settle_link(session, link.id, "refused", why)

    def set_back(self, setbacks: Sequence[Setback]) -> list[PendingLink]:
        """Notes what could not be read, keeps what feeds tell of it; the links that so became articles."""
        now = self._clock()
        thin = {
            setback.link.id: text
            for setback in setbacks
            if (text := self._thin(setback.link, now)) is not None
        }
        with self._store.begin() as session:
            kept = queries.keep_thin(session, thin, now)
            for setback in setbacks:
                self._settle_or_postpone(session, setback, has_thin=setback.link.id in thin, now=now)
        return [setback.link for setback in setbacks if setback.link.id in kept]

    def _settle_or_postpone(
        self, session: Session, setback: Setback, *, has_thin: bool, now: datetime
    ) -> None:
        link, trouble = setback.link, setback.trouble
        if trouble.permanent:
            queries.settle_link(session, link.id, "stored" if has_thin else "refused", trouble.what)
        elif trouble.tried and link.attempts + 1 >= self._settings.attempts:
            queries.settle_link(session, link.id, "failed", trouble.what)
        else:
            wait = self._backoff(link.attempts + 1 if trouble.tried else 0)
            queries.postpone_link(
                session, link.id, next_attempt_at=now + wait, reason=trouble.what, counts=trouble.tried
            )

    def is_too_old(self, link: PendingLink, page: Extracted) -> bool:
        """Whether only the page tells that it is no news; a source that gave a time is believed."""
        return (
            link.published_at is None
            and page.published is not None
            and page.published < self._clock() - self._max_age
        )

    @property
    def _max_age(self) -> timedelta:
        return timedelta(days=self._settings.max_age_days)

    def _backoff(self, failures: int) -> timedelta:
        return min(_A_DAY, timedelta(minutes=self._settings.shortest_poll_minutes * (1 << min(failures, 12))))

    def _next_poll(self, failures: int) -> datetime:
        return self._clock() + self._backoff(failures)

    def _sorted(
        self, items: dict[str, Named], source_id: int, now: datetime
    ) -> tuple[list[str], list[str], list[str]]:
        """The addresses that are new, those that are new and too old, those of articles known in part."""
        with self._store.read() as session:
            known = queries.known_addresses(session, list(items))
            thin = queries.thin_addresses(session, source_id, list(items))
        fresh: list[str] = []
        old: list[str] = []
        for address, item in items.items():
            if address not in known:
                too_old = item.newest is not None and item.newest < now - self._max_age
                (old if too_old else fresh).append(address)
        return fresh, old, sorted(thin)

    def _masked(self, canonical_url: str, item: Named) -> NewLink:
        return NewLink(
            url=item.url,
            canonical_url=canonical_url,
            title=self._mask(item.title) if item.title else None,
            summary=self._mask(item.summary) if item.summary else None,
            published_at=item.published,
        )

    def _thin(self, link: PendingLink, now: datetime) -> ArticleText | None:
        title = one_line(link.title)
        if title is None or self.source_of(link).kind == "listing":
            return None
        return self._article(
            link,
            url=link.url,
            canonical_url=link.canonical_url,
            title=title,
            lead=link.summary,
            body=None,
            published=link.published_at,
            now=now,
        )

    def _article(
        self,
        link: PendingLink,
        *,
        url: str,
        canonical_url: str,
        title: str,
        lead: str | None,
        body: str | None,
        published: datetime | None,
        now: datetime,
    ) -> ArticleText:
        outlet = self.source_of(link).outlet
        return ArticleText(
            url=url,
            canonical_url=canonical_url,
            outlet_key=outlet.key,
            outlet_name=outlet.name,
            outlet_area=outlet.area,
            title=title,
            lead=lead,
            body=body,
            # A clock that runs ahead, or a local time called GMT, must not put news into tomorrow's digest.
            published_at=min(published, now) if published else link.discovered_at,
            published_known=published is not None,
        )


def _identity(source: ConfiguredSource) -> queries.SourceIdentity:
    return queries.SourceIdentity(source.key, source.outlet.key, source.outlet.name, source.kind, source.url)


def _by_address(named: Iterable[Named]) -> dict[str, Named]:
    items: dict[str, Named] = {}
    for item in named:
        if address := canonical_address(item.url):
            items.setdefault(address, item)
    return items


def _published(link: PendingLink, page: Extracted, now: datetime) -> datetime | None:
    """What the source says before what the page says, unless that is still to come or names no hour."""
    times = (link.published_at, page.published)
    return most_exact(*(time for time in times if time and time <= now)) or most_exact(*times)
