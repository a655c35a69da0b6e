"""A web server in a process of its own that answers from memory, on many addresses of this machine.

Written on asyncio's protocols and nothing else, so that it is never what a crawler waits for: `make bench`
measures what it can give beside what is asked of it.
"""

import asyncio
import multiprocessing
import socket
from collections.abc import Sequence
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Protocol, Self

Headers = dict[bytes, bytes]
"""names in small letters"""

SPAWN = multiprocessing.get_context("spawn")


class Site(Protocol):
    """What is served. It travels to the server's process once, before the first request."""

    def answer(self, host: str, path: str, headers: Headers, /) -> bytes:
        """A whole answer, made by `response`. `host` as in the address: "127.0.0.2:8000"."""
        ...


def response(body: bytes, content_type: str, *headers: str, status: str = "200 OK") -> bytes:
    lines = [
        f"HTTP/1.1 {status}",
        f"Content-Type: {content_type}",
        f"Content-Length: {len(body)}",
        *headers,
        "",
        "",
    ]
    return "\r\n".join(lines).encode() + body


NOT_HERE = response(b"", "text/plain", status="404 Not Found")


class Server:
    """Serves a site on each of the addresses, all with one port; a context manager."""

    def __init__(self, site: Site, addresses: Sequence[str]) -> None:
        self._ours, theirs = SPAWN.Pipe()
        self.asked = SPAWN.Value("q", 0)
        """requests so far, robots.txt among them"""
        self._process = SPAWN.Process(
            target=_serve, args=(site, list(addresses), self.asked, theirs), daemon=True
        )
        self._addresses = addresses
        self.hosts: list[str] = []
        """"127.0.0.2:8000", …"""

    @property
    def pid(self) -> int:
        assert self._process.pid is not None  # noqa: S101
        return self._process.pid

    def __enter__(self) -> Self:
        self._process.start()
        port = self._ours.recv()
        self.hosts = [f"{address}:{port}" for address in self._addresses]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.kill()
        self._process.join()
        self._ours.close()


def addresses(number: int) -> list[str]:
    """127.0.0.2 and on; not 127.0.0.1, where others may listen."""
    return [f"127.0.{(count + 2) // 250}.{(count + 2) % 250}" for count in range(number)]


def _serve(site: Site, listened: list[str], asked: "_Counter", parent: Connection) -> None:
    asyncio.run(_run(site, listened, asked, parent))


class _Counter(Protocol):
    value: int


async def _run(site: Site, listened: list[str], asked: _Counter, parent: Connection) -> None:
    loop = asyncio.get_running_loop()
    sockets = _bound(listened)
    servers = [
        await loop.create_server(lambda: _Conversation(site, asked), sock=bound, backlog=500)
        for bound in sockets
    ]
    parent.send(sockets[0].getsockname()[1])
    await asyncio.gather(*(server.serve_forever() for server in servers))


def _bound(listened: list[str]) -> list[socket.socket]:
    """A port that is free at each of the addresses."""
    while True:
        sockets: list[socket.socket] = []
        port = 0
        try:
            for address in listened:
                bound = socket.socket()
                sockets.append(bound)
                bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                bound.bind((address, port))
                port = bound.getsockname()[1]
        except OSError:
            for bound in sockets:
                bound.close()
        else:
            return sockets


class _Conversation(asyncio.Protocol):
    """One connection, kept alive."""

    _transport: asyncio.Transport

    def __init__(self, site: Site, asked: _Counter) -> None:
        self._site = site
        self._asked = asked
        self._received = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            request, self._received = self._received[:end], self._received[end + 4 :]
            first, *lines = request.split(b"\r\n")
            headers = {}
            for line in lines:
                name, _, value = line.partition(b":")
                headers[name.lower()] = value.strip()
            self._asked.value += 1
            path = first.split(b" ", 2)[1].decode("latin-1")
            self._transport.write(
                self._site.answer(headers.get(b"host", b"").decode("latin-1"), path, headers)
            )
