"""Two hundred web servers on addresses of this machine; each of the bad ones misbehaves in its own way.

All run in one thread. A good one serves robots.txt, a feed and a few articles, all invented.
"""

import asyncio
import ssl
import threading
from collections.abc import Sequence
from functools import partial
from types import TracebackType
from typing import Self

import trustme

from tests.faults.neighbours import ARTICLES, Host, Place, article, feed
from tests.faults.ways import TYPE, WAYS, Connection


async def _answer_well(to: Connection, path: str) -> None:
    if path == "/robots.txt":
        await to.answer(b"User-agent: *\nAllow: /\n", "200 OK", "Content-Type: text/plain")
    elif path.startswith("/feed.xml"):
        await to.answer(feed(to.host).encode(), "200 OK", "Content-Type: application/rss+xml")
    else:
        number = int(path.rpartition("-")[2].removesuffix(".html")) - 10_000
        await to.answer(article(to.host, number % ARTICLES).encode(), "200 OK", TYPE)


def _place(path: str) -> Place:
    if path == "/robots.txt":
        return "robots"
    return "feed" if path.startswith("/feed.xml") else "page"


class Servers:
    """All the hosts, and one that nobody may ask; a context manager."""

    def __init__(self, hosts: Sequence[Host]) -> None:
        self.hosts = hosts
        self.forbidden = Host(251)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _open(self) -> None:
        certificate = trustme.CA().issue_cert("khac.example.vn")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        certificate.configure_cert(context)
        self._servers = []
        for host in (self.forbidden, *self.hosts):
            server = await asyncio.start_server(
                lambda reader, writer, host=host: self._serve(reader, writer, host),
                host.address,
                0,
                ssl=context if host.kind == "uncertified" else None,
            )
            host.port = server.sockets[0].getsockname()[1]
            host.forbidden = self.forbidden.base
            if host.kind == "absent":
                server.close()
            self._servers.append(server)

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        mine = asyncio.current_task()
        waiting = [task for task in asyncio.all_tasks() if task is not mine]
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: Host) -> None:
        try:
            await self._answer(reader, Connection(reader, writer, host))
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader, to: Connection) -> None:
        while True:
            request = await reader.readuntil(b"\r\n\r\n")
            path = request.split(b" ", 2)[1].decode("latin-1")
            to.host.asked.append(path)
            if to.host.way is not None and _place(path) == to.host.place:
                await to.host.way(to)
                return
            await _answer_well(to, path)


def neighbourhood() -> list[Host]:
    """200 hosts; every third misbehaves, and no two in the same way."""
    bad = [partial(Host, way=way, place=place) for place, way in WAYS]
    bad += [partial(Host, kind=kind) for kind in ("uncertified", "absent")]
    hosts = [Host(number) for number in range(1, 201)]
    for made, place in zip(bad, range(2, 200, 3), strict=True):
        hosts[place] = made(place + 1)
    return hosts
