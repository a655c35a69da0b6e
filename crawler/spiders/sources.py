"""Polls: what a source names now, in as many answers as it takes."""

from collections.abc import Iterable
from dataclasses import replace
from http import HTTPStatus

from scrapy.http import Response

from crawler.frontier import Recorded
from crawler.kinds.naming import SITEMAP_DEPTH, Reading
from crawler.kinds.reading import answer_of
from crawler.polling import NO_HINTS, Hints
from crawler.sources import ConfiguredSource
from crawler.spiders.asking import POLL, Asker, OutOfTime, marks_of
from crawler.spiders.folders import Folders
from crawler.spiders.hints import hints_of
from crawler.spiders.pages import Pages, page_broken
from crawler.spiders.parts import Parts
from crawler.troubles import HostWaits, Trouble, of_error, of_status
from crawler.workers.jobs import Broken, CannotRead, SourceJob, Unreadable
from store.queries.sources import UNDER_WAY, SourceState

_CHILDREN = 50
"""sitemaps that one poll asks for below an index, the first named"""


class _Failed(Exception):
    """An answer that cannot be used."""

    def __init__(self, trouble: Trouble, hints: Hints = NO_HINTS) -> None:
        super().__init__(trouble.what)
        self.trouble = trouble
        self.hints = hints


class Sources:
    def __init__(self, parts: Parts, asker: Asker, pages: Pages, folders: Folders) -> None:
        self._parts = parts
        self._frontier = parts.frontier
        self._keeper = parts.keeper
        self._telling = parts.telling
        self._asker = asker
        self._pages = pages
        self._folders = folders

    def poll(self, due: Iterable[tuple[ConfiguredSource, SourceState]]) -> None:
        for source, state in due:
            read = self._folders.read if source.kind == "folder" else self._poll
            self._parts.spawn(read(source, state), source.url)

    async def _poll(self, source: ConfiguredSource, state: SourceState) -> None:
        try:
            await self._polled(source, state)
        except OutOfTime:
            # Not polled, and due at the next run.
            return
        except HostWaits as waits:
            # Nothing was sent, so nothing has failed: it stays due until its host may be asked.
            self._telling.trouble(source, source.url, of_error(waits))
            return
        except _Failed as failed:
            await self._poll_failed(source, failed.trouble, failed.hints)
        self._telling.count("sources_polled")

    async def _polled(self, source: ConfiguredSource, state: SourceState) -> None:
        marks = {} if state.etag == UNDER_WAY else marks_of(state.etag, state.last_modified)
        try:
            response = await self._asker.answer(source.url, POLL, marks)
        except (OutOfTime, HostWaits):
            raise
        except Exception as error:
            raise _Failed(of_error(error)) from error
        hints = hints_of(response, self._parts.clock())
        # Some say so unasked; that tells nothing, and is a failure like any other.
        if response.status == HTTPStatus.NOT_MODIFIED and marks:
            self._telling.count("sources_unchanged")
            await self._keeper.write(source.url, lambda: self._frontier.unchanged(source, hints))
            return
        reading = await self._read(source, response)
        hints = replace(hints, ttl=reading.ttl, skip_hours=reading.skip_hours, skip_days=reading.skip_days)
        if reading.children:
            await self._index(source, reading, hints)
        elif reading.next_page:
            await self._board(source, state, reading, hints)
        else:
            await self._record(source, reading, hints)

    async def _index(self, source: ConfiguredSource, index: Reading, hints: Hints) -> None:
        # An index is asked again each time: its own mark says nothing of the sitemaps that it names.
        unmarked = replace(hints, etag=None, last_modified=None)
        level, asked = list(index.children), 0
        read = False
        errors: list[_Failed | OutOfTime | HostWaits] = []
        for _ in range(SITEMAP_DEPTH):
            deeper: list[str] = []
            for url in level[: _CHILDREN - asked]:
                child = await self._child(source, url)
                if not isinstance(child, Reading):
                    errors.append(child)
                    continue
                deeper += child.children
                if not child.children:
                    read = True
                    await self._record(source, child, unmarked)
            asked += len(level)
            level = deeper
        if errors and not read:
            raise _none_read(errors[0])
        await self._record(source, index, unmarked)

    async def _child(self, source: ConfiguredSource, url: str) -> Reading | _Failed | OutOfTime | HostWaits:
        """An error where it cannot be read: that is told, and the others go on."""
        try:
            return await self._read(source, await self._asker.answer(url, POLL))
        except OutOfTime as error:
            return error
        except HostWaits as waits:
            self._telling.trouble(source, url, of_error(waits))
            return waits
        except _Failed as failed:
            self._telling.trouble(source, url, failed.trouble)
            return failed
        except Exception as error:
            trouble = of_error(error)
            self._telling.trouble(source, url, trouble)
            return _Failed(trouble)

    async def _board(
        self, source: ConfiguredSource, state: SourceState, first: Reading, hints: Hints
    ) -> None:
        """Turns pages while they name something new; all of them where the last walk has not come to its end,
        for what it has kept of the first pages tells nothing of the others."""
        under_way = replace(hints, etag=UNDER_WAY, last_modified=None)
        page, mark = first, hints
        seen = {source.url}
        while True:
            recorded = await self._record(source, page, under_way)
            if recorded is None:
                return
            if recorded.left_over:
                # Nothing is kept in place of the mark then; the next poll is to come as far as here again.
                mark = under_way
                break
            url = page.next_page
            onward = _any_new(recorded) or state.etag == UNDER_WAY
            if not url or url in seen or len(seen) >= source.max_pages or not onward:
                break
            seen.add(url)
            turned = await self._child(source, url)
            if not isinstance(turned, Reading):
                return
            page = turned
        await self._keeper.write(source.url, lambda: self._frontier.record(source, (), mark))

    async def _read(self, source: ConfiguredSource, response: Response) -> Reading:
        if response.status != HTTPStatus.OK:
            raise _Failed(of_status(response.status), hints_of(response, self._parts.clock()))
        answer = answer_of(response, self._parts.settings.max_page_bytes, self._parts.clock())
        try:
            reading = await self._parts.workers.read(SourceJob(source.key, answer))
        except CannotRead as error:
            raise _Failed(Trouble(error.what, error.remedy, tried=error.tried)) from error
        if isinstance(reading, Unreadable):
            count = "not_xml" if source.kind in {"feed", "sitemap"} else ""
            raise _Failed(Trouble(reading.what, reading.remedy, count=count, kind="format"))
        if isinstance(reading, Broken):
            raise _Failed(page_broken(reading))
        assert isinstance(reading, Reading)  # noqa: S101 - what the process answers to a SourceJob
        self._tell_oddities(source, reading, response.url)
        return reading

    def _tell_oddities(self, source: ConfiguredSource, reading: Reading, url: str) -> None:
        if reading.broken_encoding:
            self._telling.odd_encoding(source, url)
        for notice in reading.notices:
            self._telling.notice(source, url, notice.what, notice.remedy)

    async def _record(self, source: ConfiguredSource, reading: Reading, hints: Hints) -> Recorded | None:
        recorded = await self._keeper.write(
            source.url, lambda: self._frontier.record(source, reading.named, hints)
        )
        if recorded is None:
            return None
        new = sum(not link.visit for link in recorded.pending)
        self._telling.count("links_new", new)
        self._telling.count("refused_too_old", recorded.too_old)
        self._telling.count("articles_updated", recorded.retold)
        self._telling.say(f"{source.key}: {new} new of {len(reading.named)} named")
        if recorded.left_over:
            self._telling.notice(
                source,
                source.url,
                f"names {recorded.left_over} new pages beyond max_items_per_source: the next poll takes them",
                "raise crawler.max_items_per_source if they should not wait",
            )
        self._pages.add(recorded.pending)
        return recorded

    async def _poll_failed(self, source: ConfiguredSource, trouble: Trouble, hints: Hints) -> None:
        self._telling.trouble(source, source.url, trouble, always=True)
        if trouble.count != "not_xml":
            self._telling.count("sources_failed")
        await self._keeper.write(
            source.url,
            lambda: self._frontier.poll_failed(source, trouble, hints),
        )


def _any_new(recorded: Recorded) -> bool:
    return any(not link.visit for link in recorded.pending)


def _none_read(first: _Failed | OutOfTime | HostWaits) -> Exception:
    """What becomes of an index of whose sitemaps none could be read; each of them has been told already."""
    if not isinstance(first, _Failed):
        return first
    what = f"names sitemaps of which none can be read: the first {first.trouble.what}"
    return _Failed(replace(first.trouble, what=what, count=""), first.hints)
