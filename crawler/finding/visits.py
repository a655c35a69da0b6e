"""Requests to a site, counted: a person who looks for feeds must not cost it more than a reader does."""

from collections.abc import Callable

from crawler.fetching.fetcher import CannotFetch, Fetched, Fetcher


class Visits:
    def __init__(self, fetcher: Fetcher, most: int, progress: Callable[[str], None]) -> None:
        """`most`: requests in all, without those for robots.txt."""
        self._fetcher = fetcher
        self._progress = progress
        self._left = most
        self._answers: dict[str, Fetched | None] = {}

    @property
    def left(self) -> int:
        return self._left

    def first(self, url: str) -> Fetched:
        """Raises CannotFetch."""
        self._progress(url)
        self._left -= 1
        answer = self._fetcher.get(url)
        self._answers[url] = self._answers[answer.url] = answer
        return answer

    def get(self, url: str) -> Fetched | None:
        """Each address once; None where it cannot be read, or no request is left."""
        if url not in self._answers:
            if self._left <= 0:
                return None
            try:
                self._answers[url] = self.first(url)
            except CannotFetch:
                self._answers[url] = None
        return self._answers[url]

    def sitemaps(self, url: str) -> list[str]:
        """Those that the host's robots.txt names."""
        try:
            return self._fetcher.robots(url).sitemaps
        except CannotFetch:
            return []
