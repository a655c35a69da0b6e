"""One source or one page tried out: what would be stored of it, by the same code that stores it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any
from urllib.parse import urlsplit

from crawler.addresses import canonical_address
from crawler.encoding import decode
from crawler.extraction import Extracted
from crawler.extraction.head import read_head
from crawler.extraction.tree import parse_page
from crawler.fetching.fetcher import CannotFetch, Fetched, Fetcher, WaitsUntil
from crawler.finding.outlets import kind_of
from crawler.kinds.folders import read_folder
from crawler.kinds.naming import SITEMAP_DEPTH, Named, Notice, Reading, UnreadableSource
from crawler.kinds.reading import Answer
from crawler.kinds.saved_texts import SavedText
from crawler.reading import ReadPage, SavedPage, text_as_told, text_of_page, text_of_saved
from crawler.settings import CrawlerSettings, OutletSettings, SourceKind, SourceSettings
from crawler.sources import ConfiguredSource, configured_sources
from crawler.trial_advice import advice_on
from crawler.workers.jobs import Broken, PageJob, SourceJob, ToldJob, Unreadable
from crawler.workers.process import Outfit, Reader
from store.queries.article_texts import ArticleText
from store.queries.links import PendingLink

_GUESSES: tuple[SourceKind, ...] = ("feed", "sitemap")
_TRIES = 3
"""pages that are asked for one article: the first that a listing names may be a section"""


@dataclass(frozen=True)
class TriedPage:
    url: str
    article: ArticleText | None
    """as it would be stored, masked; None: nothing would be"""
    extracted: Extracted | None
    """None: it was not read from its page"""
    notices: tuple[Notice, ...]
    """what is missing, and what to do about it"""


@dataclass(frozen=True)
class Trial:
    source: ConfiguredSource
    reading: Reading | None
    """None: the address is that of an article"""
    page: TriedPage | None
    """of the first article; None: it names none"""


class Trier:
    def __init__(
        self,
        settings: CrawlerSettings,
        mask: Callable[[str], str],
        now: datetime,
        progress: Callable[[str], None],
        named: str,
        waits_until: WaitsUntil | None = None,
    ) -> None:
        """`named`: the address that the operator has typed."""
        self._settings = settings
        self._mask = mask
        self._now = now
        self._progress = progress
        self._fetcher = Fetcher(settings, [named], waits_until)
        self._reader = self._reader_of(settings)

    def try_source(self, source: ConfiguredSource) -> Trial:
        """Raises CannotFetch and UnreadableSource."""
        if source.path is not None:
            return self._try_folder(source)
        return self._read(source, self._fetch(source.url))

    def try_address(self, url: str, kind: SourceKind | None, *, is_article: bool) -> Trial:
        """An address that is not configured, of whatever kind it turns out to be; raises as try_source."""
        answer = self._fetch(url)
        if kind is not None:
            return self._read(self._made_up(url, kind, answer), answer)
        if not is_article:
            for guess in _GUESSES:
                try:
                    return self._read(self._made_up(url, guess, answer), answer)
                except UnreadableSource:
                    continue
        source = self._made_up(url, "listing", answer)
        page = self._page(source, Named(url), answer)
        if is_article or page.article is not None:
            return Trial(source, None, page)
        return self._read(source, answer)

    def _made_up(self, url: str, kind: SourceKind, answer: Fetched) -> ConfiguredSource:
        """As if it were configured; the reader is given a configuration with this one source."""
        page = parse_page(decode(answer.body, answer.content_type).text)
        # Not its title: that may be an article's.
        name = read_head(page, answer.url).outlet or urlsplit(answer.url).hostname or answer.url
        outlet = OutletSettings.model_validate(
            {
                "key": "thu",
                "name": name,
                "kind": kind_of(url, name),
                "home": url,
                "sources": [SourceSettings.model_validate({"kind": kind, "url": url})],
            }
        )
        settings = self._settings.model_copy(update={"outlets": (outlet,)})
        self._reader = self._reader_of(settings)
        return configured_sources(settings)[0]

    def _reader_of(self, settings: CrawlerSettings) -> Reader:
        # It learns nothing: what is told of a page must not hang on those tried before it.
        return Reader(Outfit(settings, self._mask, learns=False))

    def _fetch(self, url: str) -> Fetched:
        self._progress(url)
        return self._fetcher.get(url)

    def _read(self, source: ConfiguredSource, answer: Fetched) -> Trial:
        reading = self._reading(source, answer)
        if isinstance(reading, Unreadable):
            raise UnreadableSource(reading.what, reading.remedy)
        if isinstance(reading, Broken):
            raise UnreadableSource(f"cannot be read: {reading.error}", "report it with this address")
        below = self._with_children(source, reading)
        told = replace(below, children=reading.children, named=[self._masked(named) for named in below.named])
        return Trial(source, told, self._first_article(source, told))

    def _reading(self, source: ConfiguredSource, answer: Fetched) -> Any:
        """A Reading, or why there is none."""
        limit = self._settings.max_page_bytes
        return self._reader.read(
            SourceJob(source.key, Answer(answer.body, answer.url, answer.content_type, limit, self._now))
        )

    def _masked(self, named: Named) -> Named:
        return replace(
            named,
            title=self._mask(named.title) if named.title else None,
            summary=self._mask(named.summary) if named.summary else None,
        )

    def _with_children(self, source: ConfiguredSource, reading: Reading) -> Reading:
        """Of an index what its first child names, as far as that can be read: itself it names no page."""
        for _ in range(SITEMAP_DEPTH):
            if reading.named or not reading.children:
                break
            below = self._reading(source, self._fetch(reading.children[0]))
            if not isinstance(below, Reading):
                break
            reading = below
        return reading

    def _first_article(self, source: ConfiguredSource, reading: Reading) -> TriedPage | None:
        tried: TriedPage | None = None
        for named in islice(reading.named, _TRIES):
            if not source.full_text:
                return self._told(source, named, ())
            try:
                page = self._page(source, named, self._fetch(named.url))
            except CannotFetch as error:
                page = self._told(source, named, (Notice(str(error), error.remedy or "try again later"),))
            if page.article is not None:
                return page
            tried = tried or page
        return tried

    def _told(self, source: ConfiguredSource, named: Named, notices: tuple[Notice, ...]) -> TriedPage:
        # Of a listing or board a title is not told: nothing is kept without its page.
        text = text_as_told(self._link(named), source.outlet, self._now)
        return TriedPage(named.url, text, None, notices)

    def _page(self, source: ConfiguredSource, named: Named, answer: Fetched) -> TriedPage:
        job = PageJob(source.key, answer.body, answer.url, answer.content_type, answer.robots_tag)
        page = self._reader.read(job)
        if isinstance(page, Broken):
            why = Notice(f"cannot be read: {page.error}", "report it with this address")
            return TriedPage(answer.url, None, None, (why,))
        assert isinstance(page, Extracted)  # noqa: S101 - what the reader answers to a PageJob
        text: ArticleText | None = None
        if page.article and not page.no_index:
            text = text_of_page(ReadPage(self._link(named), page, answer.url), source.outlet, self._now)
        return TriedPage(answer.url, text, page, tuple(advice_on(page, text, source)))

    def _try_folder(self, source: ConfiguredSource) -> Trial:
        assert source.path is not None  # noqa: S101 - as the settings hold for every folder
        batch = next(read_folder(source.path, None, self._now), None)
        texts = batch.texts if batch else ()
        told = (Named(text.url, text.title, text.summary, text.published) for text in texts)
        named = [self._masked(one) for one in told]
        reading = Reading(named=named, notices=batch.notices if batch else ())
        return Trial(source, reading, self._saved(source, texts[0]) if texts else None)

    def _saved(self, source: ConfiguredSource, saved: SavedText) -> TriedPage:
        if saved.html is not None:
            page = self._reader.read(PageJob(source.key, saved.html, saved.url, None, None))
        else:
            page = self._reader.read(ToldJob(saved))
        if not isinstance(page, Extracted) or not page.article:
            why = Notice(f"{saved.origin} holds no article", "open the file; is it one article?")
            return TriedPage(saved.url, None, None, (why,))
        canonical = canonical_address(page.canonical_url or saved.url) or saved.url
        text = text_of_saved(SavedPage(saved.url, page), canonical, source.outlet, self._now)
        return TriedPage(saved.url, text, page, tuple(advice_on(page, text, source)))

    def _link(self, named: Named) -> PendingLink:
        return PendingLink(
            id=0,
            source_id=0,
            url=named.url,
            canonical_url=canonical_address(named.url) or named.url,
            title=named.title,
            summary=named.summary,
            published_at=named.published,
            discovered_at=self._now,
        )
