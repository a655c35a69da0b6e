"""What an office already has: folders of saved pages and lines. Nothing is asked of any host."""

import asyncio

from crawler.kinds.folders import SavedBatch, pieces_again, read_folder, with_pieces
from crawler.kinds.naming import UnreadableSource
from crawler.kinds.saved_texts import SavedText
from crawler.polling import Hints
from crawler.reading import SavedPage
from crawler.sources import ConfiguredSource
from crawler.spiders.parts import Parts
from crawler.troubles import Trouble
from crawler.workers.jobs import Broken, CannotRead, PageJob, ToldJob
from store.queries.sources import SourceState

_MARK_SECONDS = 5
"""from one writing of the mark to the next: that of a huge folder is a megabyte. What a killed crawl has kept
since then is read twice, which changes nothing."""

_TRIES = 3
"""of a page over which the reading process has ended, each in another run: it may have met a machine short of
memory. No more, for one that hangs takes ten seconds each time."""
_NOT_AGAIN = "report it with the file, then touch the file: as it is now it is not read again"


class _Again:
    """What of a folder is to be read again at the next run."""

    def __init__(self, mark: str | None) -> None:
        self._before = pieces_again(mark)
        self._now: dict[str, int] = {}

    def failed(self, piece: str) -> bool:
        """Whether it is to be tried again."""
        tries = self._before.get(piece, 0) + 1
        if tries < _TRIES:
            self._now[piece] = tries
        return tries < _TRIES

    def mark(self, mark: str) -> str:
        return with_pieces(mark, self._now)


class Folders:
    def __init__(self, parts: Parts) -> None:
        self._frontier = parts.frontier
        self._workers = parts.workers
        self._keeper = parts.keeper
        self._telling = parts.telling
        self._clock = parts.clock
        # After it no further batch is begun; the next run goes on from there.
        self._over = asyncio.get_running_loop().time() + parts.settings.max_run_seconds

    async def read(self, source: ConfiguredSource, state: SourceState) -> None:
        self._telling.count("sources_polled")
        try:
            await self._batches(source, state)
        except UnreadableSource as error:
            await self._failed(source, Trouble(error.what, error.remedy, count="", kind="folder"))
        except CannotRead as error:
            await self._failed(source, Trouble(error.what, error.remedy, count=""))
        except OSError as error:
            what, remedy = f"cannot be read: {error.strerror}", "mend the folder's rights or its disk"
            await self._failed(source, Trouble(what, remedy, count="", kind="folder"))

    async def _batches(self, source: ConfiguredSource, state: SourceState) -> None:
        assert source.path is not None  # noqa: S101 - as the settings hold for every folder
        batches = read_folder(source.path, state.etag, self._clock())
        # A folder may lie on a disk at the other end of a network: the reading of it stops nobody.
        batch = await asyncio.to_thread(next, batches, None)
        if batch is None:
            self._telling.count("sources_unchanged")
            await self._keeper.write(source.url, lambda: self._frontier.unchanged(source))
            return
        now = asyncio.get_running_loop().time
        again = _Again(state.etag)
        mark: str | None = None
        marked = now()
        try:
            while batch is not None and await self._keep_batch(source, batch, again):
                mark = again.mark(batch.mark)
                if now() - marked >= _MARK_SECONDS:
                    await self._keep_mark(source, mark)
                    mark, marked = None, now()
                batch = await asyncio.to_thread(next, batches, None) if now() < self._over else None
        finally:
            if mark is not None:
                await self._keep_mark(source, mark)

    async def _keep_batch(self, source: ConfiguredSource, batch: SavedBatch, again: _Again) -> bool:
        for notice in batch.notices:
            self._telling.notice(source, source.url, notice.what, notice.remedy)
        return await self._keep(source, batch.texts, again)

    async def _keep_mark(self, source: ConfiguredSource, mark: str) -> None:
        await self._keeper.write(source.url, lambda: self._frontier.record(source, (), Hints(etag=mark)))

    async def _keep(self, source: ConfiguredSource, texts: tuple[SavedText, ...], again: _Again) -> bool:
        """Whether it was kept: the mark may be kept then too."""
        read = await asyncio.gather(*(self._read(source, text, again) for text in texts))
        pages = [page for page in read if page is not None]
        if not pages:
            return True
        outcomes = await self._keeper.write(source.url, lambda: self._frontier.keep_saved(source, pages))
        for outcome in outcomes or ():
            self._telling.count("refused_duplicate" if outcome == "duplicate" else f"articles_{outcome}")
        return outcomes is not None

    async def _read(self, source: ConfiguredSource, text: SavedText, again: _Again) -> SavedPage | None:
        job = ToldJob(text) if text.html is None else PageJob(source.key, text.html, text.url, None, None)
        try:
            page = await self._workers.read(job)
        except CannotRead as error:
            if not error.tried:
                raise
            remedy = error.remedy if again.failed(text.piece) else _NOT_AGAIN
            self._tell(source, text, error.what, remedy)
            return None
        if isinstance(page, Broken):
            self._tell(source, text, f"could not be read: {page.error}", _NOT_AGAIN)
            return None
        self._telling.count("pages_read")
        if not page.article or page.no_index:
            self._telling.count("refused_noindex" if page.no_index else "refused_not_article")
            return None
        return SavedPage(text.url, page)

    def _tell(self, source: ConfiguredSource, text: SavedText, what: str, remedy: str) -> None:
        self._telling.trouble(source, text.origin, Trouble(what, remedy))

    async def _failed(self, source: ConfiguredSource, trouble: Trouble) -> None:
        self._telling.trouble(source, source.url, trouble, always=True)
        self._telling.count("sources_failed")
        await self._keeper.write(source.url, lambda: self._frontier.poll_failed(source, trouble))
