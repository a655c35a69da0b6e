"""Ways in which a server misbehaves towards one request."""

import asyncio
import gzip
import socket
import struct
from collections.abc import Awaitable, Callable
from functools import cache

from tests.faults.neighbours import Host, Place, article


class Connection:
    """One request that waits for its answer."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: Host) -> None:
        self._reader = reader
        self._writer = writer
        self.host = host

    async def send(self, content: bytes) -> None:
        self._writer.write(content)
        await self._writer.drain()

    async def answer(self, body: bytes, status: str = "200 OK", *headers: str, length: int = -1) -> None:
        """`length`: what Content-Length says, if not the truth."""
        told = len(body) if length < 0 else length
        await self.send(_head(status, *headers, f"Content-Length: {told}") + body)

    async def wait_for_the_end(self) -> None:
        """Until the other side hangs up."""
        while await self._reader.read(1024):
            pass

    def reset(self) -> None:
        connection: socket.socket = self._writer.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()


Way = Callable[[Connection], Awaitable[None]]
TYPE = "Content-Type: text/html; charset=utf-8"
_PACKED = "Content-Encoding: gzip"


def _head(status: str, *headers: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode()


async def hang(to: Connection) -> None:
    await to.wait_for_the_end()


async def hang_in_body(to: Connection) -> None:
    await to.send(_head("200 OK", TYPE, "Content-Length: 5000") + b"<html><body><p>")
    await to.wait_for_the_end()


async def _drip(to: Connection, content: bytes) -> None:
    for byte in content:
        await to.send(bytes([byte]))
        await asyncio.sleep(0.2)


async def drip_head(to: Connection) -> None:
    await _drip(to, _head("200 OK", TYPE) * 100)


async def drip_body(to: Connection) -> None:
    await to.send(_head("200 OK", TYPE, "Content-Length: 5000"))
    await _drip(to, b"<p>x</p>" * 625)


async def reset(to: Connection) -> None:
    to.reset()


async def reset_in_body(to: Connection) -> None:
    await to.send(_head("200 OK", TYPE, "Content-Length: 5000") + b"<html><body><p>")
    to.reset()


async def close(_to: Connection) -> None:
    """The connection is closed without a word."""


async def error_500(to: Connection) -> None:
    await to.answer(b"<html>loi</html>", "500 Internal Server Error", TYPE)


async def busy_503(to: Connection) -> None:
    await to.answer(b"", "503 Service Unavailable", "Retry-After: 3600")


async def too_many_429(to: Connection) -> None:
    await to.answer(b"", "429 Too Many Requests", "Retry-After: Fri, 20 Nov 2026 09:00:00 GMT")


async def garbage(to: Connection) -> None:
    await to.answer(bytes(range(256)) * 40, "200 OK", TYPE)


async def no_http(to: Connection) -> None:
    await to.send(b"\x00\xff\x16\x03 220 mail.example.vn ESMTP\r\n" * 20)


async def endless_body(to: Connection) -> None:
    await to.send(_head("200 OK", TYPE))
    while True:
        await to.send(b"<p>mai mai </p>" * 1000)


async def endless_head(to: Connection) -> None:
    await to.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        await to.send(b"X-Mai-Mai: " + b"x" * 2000 + b"\r\n")


async def redirect_loop(to: Connection) -> None:
    await to.answer(b"", "302 Found", f"Location: {to.host.base}/feed.xml?vong")


async def redirect_inwards(to: Connection) -> None:
    await to.answer(b"", "302 Found", f"Location: {to.host.forbidden}/mat-1234567.html")


async def redirect_to_a_file(to: Connection) -> None:
    await to.answer(b"", "302 Found", "Location: file:///etc/passwd")


async def length_too_long(to: Connection) -> None:
    await to.answer(b"<html><body><p>ngan</p>", "200 OK", TYPE, length=90_000)


async def length_too_short(to: Connection) -> None:
    await to.answer(b"<html><body><p>dai hon</p></body></html>" * 50, "200 OK", TYPE, length=10)


@cache
def _bomb() -> bytes:
    return gzip.compress(bytes(200_000_000), 1)


async def gzip_bomb(to: Connection) -> None:
    await to.answer(_bomb(), "200 OK", TYPE, _PACKED)


async def broken_gzip(to: Connection) -> None:
    await to.answer(b"\x1f\x8b\x08\x00 day khong phai gzip", "200 OK", TYPE, _PACKED)


async def empty(to: Connection) -> None:
    await to.answer(b"", "200 OK", TYPE)


async def wrong_charset(to: Connection) -> None:
    body = "<html><body><p>Chữ có dấu không ai đọc được</p></body></html>".encode("utf-16-le")
    await to.answer(body, "200 OK", "Content-Type: text/html; charset=x-khong-co")


async def page_for_feed(to: Connection) -> None:
    await to.answer(article(to.host, 0).encode(), "200 OK", TYPE)


async def unasked_304(to: Connection) -> None:
    await to.send(_head("304 Not Modified", 'ETag: "x"'))


ANYWHERE: tuple[Way, ...] = (
    hang, hang_in_body, drip_head, drip_body, reset, reset_in_body, close, error_500, busy_503, too_many_429,
    no_http, endless_body, endless_head, redirect_loop, redirect_inwards, length_too_long, gzip_bomb,
)  # fmt: skip
NOT_IN_ROBOTS: tuple[Way, ...] = (garbage, broken_gzip, empty, wrong_charset, length_too_short)
"""in a robots.txt these say: everything is allowed"""
IN_A_FEED: tuple[Way, ...] = (page_for_feed, unasked_304, redirect_to_a_file)
WAYS: tuple[tuple[Place, Way], ...] = (
    *(("robots", way) for way in ANYWHERE),
    *(("feed", way) for way in (*ANYWHERE, *NOT_IN_ROBOTS, *IN_A_FEED)),
    *(("page", way) for way in (*ANYWHERE, *NOT_IN_ROBOTS)),
)
