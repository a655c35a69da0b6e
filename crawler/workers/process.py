"""A process that reads: bytes come in, masked texts go out. It knows neither network nor store."""

import gc
import resource
import signal
from collections.abc import Callable
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.parent import die_with_the_parent
from crawler.settings import CrawlerSettings
from crawler.workers.jobs import Broken, Job, PageJob, Ready, SourceJob, ToldJob, Unreadable

if TYPE_CHECKING:
    from crawler.extraction import Extracted
    from crawler.kinds.naming import Reading

SECONDS = 10.0
"""for one page; an ordinary one takes some milliseconds, the largest allowed a second or two"""
_STARTING_SECONDS = 120.0
_ADDRESS_SPACE = 3 << 30
"""bytes; a page of five million needs a tenth. Beyond it reading fails, and the machine goes on."""
GROWN = 400 << 20
"""bytes: a process that holds as much after a page gives way to a fresh one: memory cut up does not heal"""


@dataclass(frozen=True)
class Outfit:
    """What a reading process is given when it starts; picklable."""

    settings: CrawlerSettings
    mask: Callable[[str], str]
    seconds: float = SECONDS
    """after which a page is given up, and the process with it"""
    grown: int = GROWN
    """bytes that it may hold after a page"""
    learns: bool = True
    """remembers of a page what serves to read the next one of its host"""


def work(outfit: Outfit, pipe: Connection) -> None:
    """Answers jobs in their order until the pipe is closed, or until it has grown too large."""
    die_with_the_parent()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_SPACE, _ADDRESS_SPACE))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _alarm(_STARTING_SECONDS)
    reader = Reader(outfit)
    # What was loaded stays for good: the collector need not look at it after every few pages.
    gc.freeze()
    _alarm(0)
    try:
        pipe.send(Ready())
        while True:
            job = pipe.recv()
            _alarm(outfit.seconds)
            answer = reader.read(job)
            _alarm(0)
            pipe.send(answer)
            if _resident() > outfit.grown:
                return
    except (EOFError, BrokenPipeError):
        pass


def _alarm(seconds: float) -> None:
    """Lets the system end this process, also in the midst of a search that never ends: no handler is set."""
    signal.setitimer(signal.ITIMER_REAL, seconds)


def _resident() -> int:
    """Bytes in memory now. What getrusage tells counts the process that this one was started from as well."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


class Reader:
    def __init__(self, outfit: Outfit) -> None:
        # Imported here: the parent needs none of it.
        from crawler.extraction import Extracted, Learned, extract
        from crawler.kinds.naming import UnreadableSource
        from crawler.kinds.reading import read_source
        from crawler.robots_tags import product_token
        from crawler.sources import configured_sources

        self._extracted = Extracted
        self._extract = extract
        self._learned = Learned() if outfit.learns else None
        self._read_source = read_source
        self._unreadable = UnreadableSource
        self._mask = outfit.mask
        self._agent = product_token(outfit.settings.agent)
        self._sources = {source.key: source for source in configured_sources(outfit.settings)}

    def read(self, job: Job) -> Any:
        try:
            if isinstance(job, PageJob):
                return self._page(job)
            return self._source(job) if isinstance(job, SourceJob) else self._told(job)
        except Exception as error:
            # A page may be broken in a way that no library foresaw; the others go on.
            return Broken(type(error).__name__)

    def _page(self, job: PageJob) -> "Extracted":
        page = self._extract(
            job.body,
            job.url,
            job.content_type,
            # None: what is known of the outlet's host.
            layouts=self._sources[job.source_key].layouts or None,
            robots_tag=job.robots_tag,
            agent=self._agent,
            learned=self._learned,
        )
        if not page.article or page.no_index:
            return replace(page, title=None, lead=None, body=None)
        return self._masked(replace(page, lead=None, body=None) if page.no_archive else page)

    def _told(self, job: ToldJob) -> "Extracted":
        text = job.text
        return self._masked(
            self._extracted(
                article=bool(text.title),
                title=text.title,
                lead=text.summary,
                body=text.body,
                published=text.published,
                canonical_url=None,
                outlet=None,
            )
        )

    def _masked(self, page: "Extracted") -> "Extracted":
        return replace(
            page,
            title=self._mask(page.title) if page.title else None,
            lead=self._mask(page.lead) if page.lead else None,
            body=self._mask(page.body) if page.body else None,
        )

    def _source(self, job: SourceJob) -> "Reading | Unreadable":
        try:
            return self._read_source(self._sources[job.source_key], job.answer)
        except self._unreadable as error:
            return Unreadable(error.what, error.remedy)
