"""Whose turn it is: pages wait per host, a few of each host are asked for at once."""

from collections import defaultdict, deque
from collections.abc import Iterable

from crawler.addresses import host_of
from store.queries.links import PendingLink


class HostQueues:
    """Keeps the long queue out of Scrapy's, where a host that is slow would fill all places, and one that
    is gone could not be taken out.
    """

    def __init__(self, at_once: int) -> None:
        self._at_once = at_once
        self._waiting: dict[str, deque[PendingLink]] = defaultdict(deque)
        self._asked: dict[str, dict[int, PendingLink]] = defaultdict(dict)

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values())) + sum(map(len, self._asked.values()))

    def add(self, links: Iterable[PendingLink]) -> list[PendingLink]:
        """Those to be asked for now."""
        hosts = set()
        for link in links:
            self._waiting[host_of(link.url)].append(link)
            hosts.add(host_of(link.url))
        return [link for host in sorted(hosts) for link in self._start(host)]

    def done(self, link: PendingLink) -> list[PendingLink]:
        """Takes a link that was answered, or not; those to be asked for now in its place."""
        host = host_of(link.url)
        self._asked[host].pop(link.id, None)
        return self._start(host)

    def drop(self, host: str) -> list[PendingLink]:
        """Takes out all of a host that wait."""
        dropped = list(self._waiting[host])
        self._waiting[host].clear()
        return dropped

    def drain(self) -> list[PendingLink]:
        """Takes out everything, also what is asked for."""
        everything = [link for host in list(self._waiting) for link in self.drop(host)]
        for asked in self._asked.values():
            everything += asked.values()
            asked.clear()
        return everything

    def _start(self, host: str) -> list[PendingLink]:
        started = []
        waiting, asked = self._waiting[host], self._asked[host]
        while waiting and len(asked) < self._at_once:
            link = waiting.popleft()
            asked[link.id] = link
            started.append(link)
        return started
