"""What a crawl says when it has run."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class CrawlFailure:
    """Something that did not work, and what to mend."""

    source: str
    """the source's key, or what else it was about"""
    url: str
    """where it was met first"""
    what: str
    remedy: str


@dataclass(frozen=True)
class CrawlSummary:
    """Counts and failures of one crawl.

    An article first kept from its feed alone counts in articles_new and articles_thin; when its page is read,
    or its feed tells otherwise of it, in articles_updated. One that a visit finds changed counts in
    articles_changed; in articles_curtailed where its page shows far less than what is stored, which stays.
    """

    counts: dict[str, int] = field(default_factory=dict)
    failures: list[CrawlFailure] = field(default_factory=list)
    notices: list[CrawlFailure] = field(default_factory=list)
    """odd but survived: a page without a date, a broken encoding"""


class Tally:
    """Counts while the crawl runs; what happens often at one source is told once, with its number."""

    def __init__(self, progress: Callable[[str], None]) -> None:
        self.counts: Counter[str] = Counter()
        self.tell = progress
        self._failures: dict[tuple[str, str], list[str]] = {}
        self._notices: dict[tuple[str, str], list[str]] = {}
        self._remedies: dict[tuple[str, str], str] = {}

    def count(self, name: str, number: int = 1) -> None:
        if number:
            self.counts[name] += number

    def fail(self, source: str, url: str, what: str, remedy: str) -> None:
        self._note(self._failures, source, url, what, remedy)

    def notice(self, source: str, url: str, what: str, remedy: str) -> None:
        self._note(self._notices, source, url, what, remedy)

    def _note(
        self, notes: dict[tuple[str, str], list[str]], source: str, url: str, what: str, remedy: str
    ) -> None:
        self._remedies[source, what] = remedy
        urls = notes.setdefault((source, what), [])
        urls.append(url)
        if len(urls) == 1:
            self.tell(f"{url} {what}")

    def summary(self) -> CrawlSummary:
        return CrawlSummary(dict(self.counts), self._told(self._failures), self._told(self._notices))

    def _told(self, notes: dict[tuple[str, str], list[str]]) -> list[CrawlFailure]:
        return [
            CrawlFailure(
                source,
                urls[0],
                what if len(urls) == 1 else f"{what} (and {len(urls) - 1} more pages)",
                self._remedies[source, what],
            )
            for (source, what), urls in notes.items()
        ]
