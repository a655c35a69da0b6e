"""Two hundred web servers on addresses of this machine; each of the bad ones misbehaves in its own way.

All run in one thread. A good one serves robots.txt, a feed and a few articles, all invented.
"""

import asyncio
import gzip
import socket
import ssl
import struct
import threading
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from types import TracebackType
from typing import Literal, Self

import trustme

Place = Literal["robots", "feed", "page"]

ARTICLES = 4
PUBLISHED = "2026-11-19T08:30:00+07:00"
_SENTENCES = (
    "Nhiều hộ dân ở ngõ Cầu Gỗ cho biết rác ùn ứ trước cổng chợ từ đầu tuần, mùi hôi bốc lên cả ngày.",
    "Tổ trưởng tổ dân phố nói đã gửi đơn hai lần nhưng xe thu gom vẫn không vào được vì đường đang đào.",
    "Đơn vị thi công hẹn hoàn trả mặt đường trong tháng này và bố trí điểm tập kết rác tạm ở đầu ngõ.",
    "Người dân mong cơ quan chức năng trả lời rõ thời điểm xong việc và cách xử lý khi trời mưa kéo dài.",
)


class Connection:
    """One request that waits for its answer."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, host: "Host") -> None:
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
_BOMB = gzip.compress(bytes(200_000_000), 1)


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


async def gzip_bomb(to: Connection) -> None:
    await to.answer(_BOMB, "200 OK", TYPE, _PACKED)


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


@dataclass
class Host:
    """One server. `way` None: it is good."""

    number: int
    way: Way | None = None
    place: Place | None = None
    kind: Literal["plain", "uncertified", "absent"] = "plain"
    """uncertified: shows a certificate that nobody vouches for; absent: nothing listens there"""
    port: int = 0
    forbidden: str = ""
    """an address inside the office's network, which it wants to be read"""
    asked: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        return self.way is None and self.kind == "plain"

    @property
    def key(self) -> str:
        if self.good:
            return f"tot-{self.number}"
        name = self.way.__name__.replace("_", "-") if self.way else self.kind
        return f"xau-{self.number}-{self.place or 'host'}-{name}"

    @property
    def address(self) -> str:
        return f"127.0.0.{self.number}"

    @property
    def base(self) -> str:
        return f"{'https' if self.kind == 'uncertified' else 'http'}://{self.address}:{self.port}"

    def titles(self) -> list[str]:
        return [f"Chợ số {self.number} ngập rác, hộ thứ {number} kêu cứu" for number in range(ARTICLES)]


def article(host: Host, number: int) -> str:
    title = host.titles()[number]
    body = "".join(f"<p>{sentence} (điểm {host.number}.{number})</p>" for sentence in _SENTENCES)
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><title>{title}</title>'
        f'<meta property="og:title" content="{title}">'
        f'<meta property="article:published_time" content="{PUBLISHED}"></head>'
        f'<body><h1>{title}</h1><div class="article-body">{body}</div></body></html>'
    )


def feed(host: Host) -> str:
    items = "".join(
        f"<item><title>{title}</title><link>{host.base}/cho-ngap-rac-keu-cuu-{10_000 + number}.html</link>"
        "<pubDate>Thu, 19 Nov 2026 08:30:00 +0700</pubDate></item>"
        for number, title in enumerate(host.titles())
    )
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Tin</title>{items}</channel></rss>'


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
