"""What a source tells anew of pages that it has named before."""

from collections.abc import Callable, Mapping
from datetime import datetime

from crawler import visiting
from crawler.kinds.naming import Named
from crawler.settings import CrawlerSettings
from crawler.sources import ConfiguredSource
from store.queries.links import KnownAddress, NewLink, PendingLink


class Retelling:
    """`mask` is applied to every text that goes on from here."""

    def __init__(self, settings: CrawlerSettings, mask: Callable[[str], str]) -> None:
        self._settings = settings
        self._mask = mask

    def of(
        self,
        source: ConfiguredSource,
        source_id: int,
        items: Mapping[str, Named],
        known: Mapping[str, KnownAddress | None],
        now: datetime,
    ) -> tuple[dict[int, NewLink], list[tuple[PendingLink, str | None]]]:
        """Only of what this source named first: of articles known from it alone, what is to be stored, by
        link; of others, the pages that are to be looked at again, with their new titles."""
        retold: dict[int, NewLink] = {}
        asked: list[tuple[PendingLink, str | None]] = []
        for url, item in items.items():
            address = known.get(url)
            if address is None or address.link.source_id != source_id:
                continue
            if address.thin:
                if (news := self._retold(url, item, address.link)) is not None:
                    retold[address.link.id] = news
            elif source.full_text and self._may_be_visited(address, now):
                title = self._new_title(source, item, address.link)
                if title or (item.changed and address.read_at and item.changed > address.read_at):
                    asked.append((address.link, title))
        if sum(title is None for _, title in asked) > visiting.most_changed(len(items)):
            asked = [(link, title) for link, title in asked if title is not None]
        return retold, asked

    def masked(self, canonical_url: str, item: Named) -> NewLink:
        return NewLink(
            url=item.url,
            canonical_url=canonical_url,
            title=self._mask(item.title) if item.title else None,
            summary=self._mask(item.summary) if item.summary else None,
            published_at=item.published,
        )

    def _may_be_visited(self, address: KnownAddress, now: datetime) -> bool:
        return visiting.may_be_asked_for(
            address.read_at, address.link.visits, self._settings.visit_hours, now
        )

    def _retold(self, url: str, item: Named, link: PendingLink) -> NewLink | None:
        if not item.title or (item.title, item.summary) == (link.title, link.summary):
            return None
        news = self.masked(url, item)
        return news if (news.title, news.summary) != (link.title, link.summary) else None

    def _new_title(self, source: ConfiguredSource, item: Named, link: PendingLink) -> str | None:
        """None where it is the old one, or none: pages of links tell of an article what there is room for."""
        if source.kind not in {"feed", "sitemap"} or not item.title or not link.title:
            return None
        if item.title == link.title:
            return None
        title = self._mask(item.title)
        return title if title != link.title else None
