"""What the operator is told of while the crawl runs."""

from dataclasses import replace

from crawler.frontier import Frontier
from crawler.sources import ConfiguredSource
from crawler.summary import Tally
from crawler.troubles import Trouble
from store.queries.links import PendingLink


class Telling:
    def __init__(self, tally: Tally, frontier: Frontier) -> None:
        self._tally = tally
        self._frontier = frontier
        self.count = tally.count
        self.say = tally.tell

    def trouble(self, source: ConfiguredSource, url: str, trouble: Trouble, *, always: bool = False) -> None:
        if trouble.count:
            self._tally.count(trouble.count)
        if trouble.is_failure or always:
            self._tally.fail(source.key, url, trouble.what, trouble.remedy)

    def page_trouble(self, link: PendingLink, trouble: Trouble) -> None:
        if trouble.once and link.reason == trouble.what:
            trouble = replace(trouble, is_failure=False)
        self.trouble(self._frontier.source_of(link), link.url, trouble)

    def store_trouble(self, url: str, trouble: Trouble) -> None:
        self._tally.count(trouble.count)
        self._tally.fail("store", url, trouble.what, trouble.remedy)

    def notice(self, source: ConfiguredSource, url: str, what: str, remedy: str) -> None:
        self._tally.notice(source.key, url, what, remedy)

    def no_date(self, link: PendingLink, url: str) -> None:
        self._tally.count("no_date")
        self.notice(
            self._frontier.source_of(link),
            url,
            "names no time of publication: the time it was first seen stands for it",
            "nothing to do; a feed of this outlet would name the times",
        )

    def odd_encoding(self, source: ConfiguredSource, url: str) -> None:
        self._tally.count("bad_encoding")
        self.notice(
            source,
            url,
            "is not in the encoding that it declares: some letters may be lost",
            "tell the outlet if it lasts",
        )

    def own_error(self, error: BaseException, url: str) -> None:
        """An error of this program: told, never only logged; the links concerned stay to be read."""
        self._tally.fail("crawl", url, f"met an error of its own: {error!r}", "report it with this line")

    def pages_read(self, to_go: int) -> None:
        number = self._tally.counts["pages_read"]
        if number % _PAGES_A_LINE == 0:
            self.say(f"{number} pages read, {to_go} to go")


_PAGES_A_LINE = 20
