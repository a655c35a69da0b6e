"""What is still to be read, kept in the store: a killed crawl loses nothing and reads nothing twice."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from crawler import visiting
from crawler.addresses import canonical_address
from crawler.extraction import Extracted
from crawler.kinds.naming import Named
from crawler.polling import NO_HINTS, Hints
from crawler.polls import SOON, Polls
from crawler.reading import ReadPage, SavedPage, text_as_told, text_of_page, text_of_saved
from crawler.retelling import Retelling
from crawler.settings import CrawlerSettings
from crawler.sources import ConfiguredSource, configured_sources
from crawler.troubles import Trouble
from store import Store
from store.models import Link
from store.queries import keeping, links, sources, told, visits
from store.queries.article_texts import ArticleText
from store.queries.keeping import PageText, StoreOutcome
from store.queries.links import KnownAddress, PendingLink
from store.queries.sources import SourceState

_A_DAY = timedelta(days=1)
_VISITS_AT_ONCE = 2000
"""of one run; the rest waits for the next: new pages come first"""
_LAYOUT_MISSES = 4
"""Pages in a row that miss their declared layout before it counts as changed: a photo story, a live report
and a quiz may follow each other; four odd pages in a row are no chance."""


@dataclass(frozen=True)
class Setback:
    """A link that could not be read, and why."""

    link: PendingLink
    trouble: Trouble


@dataclass(frozen=True)
class Recorded:
    """What a poll brought."""

    pending: Sequence[PendingLink]
    """to be read; and known pages to be looked at again, because the source tells otherwise of them"""
    too_old: int
    retold: int
    """articles known from their source alone, of which it now tells otherwise"""
    left_over: int
    """new addresses beyond max_items_per_source: the next poll takes them up"""


class Frontier:
    """`mask` is applied to what sources tell before it comes near the store; pages come masked."""

    def __init__(
        self,
        store: Store,
        settings: CrawlerSettings,
        clock: Callable[[], datetime],
        mask: Callable[[str], str],
        configured: Sequence[ConfiguredSource],
    ) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock
        self._retelling = Retelling(settings, mask)
        with store.begin() as session:
            self._states = sources.sync_sources(session, map(_identity, configured))
            # A run may be of one outlet alone: the sources of the others are configured all the same.
            every = {source.key for source in configured_sources(settings)} | set(self._states)
            self._dropped = sources.ids_but(session, every)
        self._sources = {self._states[source.key].id: source for source in configured}
        folders = {source.key for source in configured if source.kind == "folder"}
        self._polls = Polls(settings, clock, self._states, always=folders)

    def source_of(self, link: PendingLink) -> ConfiguredSource:
        return self._sources[link.source_id]

    # Sources

    def due_sources(self) -> Iterator[tuple[ConfiguredSource, SourceState]]:
        for state in self._polls.due():
            yield self._sources[state.id], state

    def unchanged(self, source: ConfiguredSource, hints: Hints = NO_HINTS) -> None:
        with self._store.begin() as session:
            self._polls.unchanged(session, source.key, hints)

    def poll_failed(self, source: ConfiguredSource, trouble: Trouble, hints: Hints = NO_HINTS) -> None:
        with self._store.begin() as session:
            error = f"{trouble.what}; {trouble.remedy}"
            self._polls.failed(session, source.key, error, trouble.kind, hints)

    def record(self, source: ConfiguredSource, named: Iterable[Named], hints: Hints = NO_HINTS) -> Recorded:
        """Keeps the new addresses together with the mark by which the source tells that nothing is new.

        Together, because a source that answers "unchanged" names its addresses no more. An answer may come
        in parts: each is recorded, and together they are one poll.
        """
        now = self._clock()
        items = _by_address(named)
        source_id = self._states[source.key].id
        with self._store.read() as session:
            known = links.known_addresses(session, list(items))
        fresh = {url: item for url, item in items.items() if url not in known}
        old = [url for url, item in fresh.items() if item.newest and item.newest < now - self._max_age]
        young = [url for url in fresh if url not in set(old)]
        limit = self._settings.max_items_per_source
        taken = [self._retelling.masked(url, fresh[url]) for url in young[:limit]]
        refused = [
            replace(self._retelling.masked(url, fresh[url]), refused="too old when it was first named")
            for url in old[:limit]
        ]
        retold, asked = self._retelling.of(source, source_id, items, known, now)
        left_over = len(young) - len(taken)
        orphans = [one.link.id for one in known.values() if one and one.link.source_id in self._dropped]
        with self._store.begin() as session:
            pending = links.add_links(session, source_id, [*taken, *refused], now)
            pending += links.adopt(session, source_id, orphans, now + SOON)
            count = told.retell_thin(session, retold, now) if retold else 0
            links.ask_for_visits(session, {link.id: title for link, title in asked}, now)
            self._polls.answered(
                session,
                source.key,
                hints if not left_over else replace(hints, etag=None, last_modified=None),
                named=len(items),
                published=[fresh[url].published for url in fresh],
                newest_known_at=now if fresh else _newest(known),
                left_over=left_over > 0,
            )
        again = [replace(link, title=title or link.title, visit=True) for link, title in asked]
        return Recorded([*pending, *again], too_old=len(refused), retold=count, left_over=left_over)

    # Pages

    def pending(self) -> list[PendingLink]:
        """Left over from earlier runs; what has been in vain for longer than news lives is given up, and
        known from then on by what its source tells."""
        now = self._clock()
        with self._store.begin() as session:
            waiting = links.pending_links(session, list(self._sources), now + SOON)
            stale = {link.id: link for link in waiting if link.discovered_at < now - self._max_age}
            told.keep_thin(session, self._as_told(stale.values(), now), now)
            for row in links.rows(session, stale).values():
                links.settle(row, "failed", "given up: could not be read for days")
            links.give_up(
                session, self._dropped, now - self._max_age, "given up: its source is configured no more"
            )
        return [link for link in waiting if link.id not in stale]

    def visits(self) -> list[PendingLink]:
        """Pages read before that are to be looked at again now."""
        now = self._clock()
        read = [source_id for source_id, source in self._sources.items() if source.full_text]
        with self._store.begin() as session:
            links.forget_visits(session, due_before=now - self._max_age)
            return links.due_visits(session, read, now + SOON, _VISITS_AT_ONCE)

    def keep(self, pages: Sequence[ReadPage]) -> list[StoreOutcome]:
        """Keeps what was read and settles the links, all or nothing; an outcome a page."""
        now = self._clock()
        texts = [
            PageText(
                page.link.id,
                text_of_page(page, self.source_of(page.link).outlet, now),
                visit=page.link.visit,
                found_at=page.found_at,
                no_archive=page.no_copy,
                etag=page.etag,
                last_modified=page.last_modified,
            )
            for page in pages
        ]
        with self._store.begin() as session:
            outcomes = keeping.store_pages(session, texts, now, self._next_visit)
            self._note_layouts(session, pages, now)
        return outcomes

    def keep_saved(self, source: ConfiguredSource, pages: Sequence[SavedPage]) -> list[StoreOutcome]:
        """Keeps articles of a folder together with their links, all or nothing; again and again alike."""
        now = self._clock()
        source_id = self._states[source.key].id
        addressed = {address: page for page in pages if (address := canonical_address(page.url))}
        texts = {
            address: text_of_saved(page, address, source.outlet, now) for address, page in addressed.items()
        }
        with self._store.begin() as session:
            outcomes = keeping.store_saved(session, source_id, texts, now)
        new = [address for address, outcome in outcomes.items() if outcome == "new"]
        self._polls.brought(source.key, len(texts), [addressed[address].page.published for address in new])
        return [outcomes.get(canonical_address(page.url) or "", "settled") for page in pages]

    def page_unchanged(self, visited: Sequence[PendingLink]) -> None:
        """The page is there and says what it said (304)."""
        with self._store.begin() as session:
            visits.still_there(session, _ids(visited), self._clock(), self._next_visit)

    def gone(self, visited: Sequence[PendingLink]) -> None:
        """The page is not there any more (404, 410)."""
        now = self._clock()
        with self._store.begin() as session:
            visits.not_there(
                session,
                _ids(visited),
                now,
                self._next_visit,
                look_again_at=now + visiting.LOOK_AGAIN,
            )

    def not_to_be_kept(self, visited: Sequence[PendingLink]) -> None:
        """The page shows no article any more, and asks not to be indexed."""
        now = self._clock()
        with self._store.begin() as session:
            visits.not_to_be_kept(
                session,
                _ids(visited),
                now,
                self._next_visit,
                look_again_at=now + visiting.LOOK_AGAIN,
                last_look_at=now + visiting.LAST_LOOK,
            )

    def refuse(self, refusals: Sequence[tuple[PendingLink, str]]) -> None:
        """Pages that hold no article; one that held one when it was read first stays as it is."""
        why = {link.id: reason for link, reason in refusals}
        with self._store.begin() as session:
            for link_id, row in links.rows(session, why).items():
                links.settle(row, "refused", why[link_id])
            visits.looked_at(
                session, _ids(link for link, _ in refusals if link.visit), self._clock(), self._next_visit
            )

    def set_back(self, setbacks: Sequence[Setback]) -> list[PendingLink]:
        """Notes what could not be read, keeps what feeds tell of it; the links that so became articles."""
        now = self._clock()
        first = [setback for setback in setbacks if not setback.link.visit]
        thin = self._as_told((setback.link for setback in first), now)
        with self._store.begin() as session:
            kept = told.keep_thin(session, thin, now)
            rows = links.rows(session, _ids(setback.link for setback in setbacks))
            for setback in setbacks:
                if setback.link.visit:
                    self._visit_later(session, rows[setback.link.id], setback.trouble, now)
                else:
                    self._settle_or_postpone(
                        rows[setback.link.id], setback.trouble, has_thin=setback.link.id in thin, now=now
                    )
        return [setback.link for setback in first if setback.link.id in kept]

    def _as_told(self, some: Iterable[PendingLink], now: datetime) -> dict[int, ArticleText]:
        """What their sources tell, by link; pages of links tell too little."""
        return {
            link.id: text
            for link in some
            if self.source_of(link).kind not in {"listing", "board"}
            and (text := text_as_told(link, self.source_of(link).outlet, now)) is not None
        }

    def _settle_or_postpone(self, link: Link, trouble: Trouble, *, has_thin: bool, now: datetime) -> None:
        if trouble.permanent:
            links.settle(link, "stored" if has_thin else "refused", trouble.what)
        elif trouble.tried and link.attempts + 1 >= self._settings.attempts:
            links.settle(link, "failed", trouble.what)
        else:
            wait = self._backoff(link.attempts + 1 if trouble.tried else 0)
            links.postpone(link, until=now + wait, reason=trouble.what, counts=trouble.tried)

    def _visit_later(self, session: Session, link: Link, trouble: Trouble, now: datetime) -> None:
        if trouble.tried:
            visits.looked_at(session, [link.id], now, self._next_visit)
            link.reason = trouble.what
        else:
            link.visit_at = now + self._backoff(0)

    def is_too_old(self, link: PendingLink, page: Extracted) -> bool:
        """Whether only the page tells that it is no news; a source that gave a time is believed."""
        return (
            not link.visit
            and link.published_at is None
            and page.published is not None
            and page.published < self._clock() - self._max_age
        )

    def _note_layouts(self, session: Session, pages: Sequence[ReadPage], now: datetime) -> None:
        missed: dict[int, list[bool]] = defaultdict(list)
        for page in pages:
            if page.page.layout is not None:
                missed[page.link.source_id].append(page.page.layout == "missed")
        for source_id, misses in missed.items():
            sources.note_layouts(session, source_id, misses, changed_after=_LAYOUT_MISSES, now=now)

    def _next_visit(self, done: int) -> datetime | None:
        return visiting.next_visit(self._settings.visit_hours, done, self._clock())

    @property
    def _max_age(self) -> timedelta:
        return timedelta(days=self._settings.max_age_days)

    def _backoff(self, failures: int) -> timedelta:
        return min(_A_DAY, timedelta(minutes=self._settings.shortest_poll_minutes * (1 << min(failures, 12))))


def _identity(source: ConfiguredSource) -> sources.SourceIdentity:
    outlet = source.outlet
    return sources.SourceIdentity(
        source.key, outlet.key, outlet.name, source.kind, source.url, source.settings_digest
    )


def _by_address(named: Iterable[Named]) -> dict[str, Named]:
    items: dict[str, Named] = {}
    for item in named:
        if address := canonical_address(item.url):
            items.setdefault(address, item)
    return items


def _newest(known: Mapping[str, KnownAddress | None]) -> datetime | None:
    return max((one.link.discovered_at for one in known.values() if one is not None), default=None)


def _ids(some: Iterable[PendingLink]) -> list[int]:
    return [link.id for link in some]
