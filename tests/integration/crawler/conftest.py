"""A real HTTP server of invented pages, and an office that reads it."""

import hashlib
import multiprocessing
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from crawler.run import CrawlSummary, crawl
from crawler.settings import CrawlerSettings
from store import Store
from store.models import Article, Link, Source
from tests.integration.crawler import forking

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)


SPAWNED = {"test_certificates", "test_killed", "test_private_addresses", "test_workers"}
"""Their tests look at the processes themselves, or change the environment that these are born with."""


@pytest.fixture(autouse=True)
def quick_processes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.path.stem not in SPAWNED:
        monkeypatch.setattr(multiprocessing, "get_context", forking.get_context)


@dataclass
class Page:
    body: bytes = b""
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    conditional: bool = False
    """answers 304 when asked with the ETag of its present body"""
    before: Callable[[], None] | None = None
    """called before it answers; to wait, to kill"""

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:12]}"'


@dataclass
class Site:
    """Pages by path, to be changed at will; and what was asked."""

    url: str
    pages: dict[str, Page] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def put(self, path: str, body: str | bytes, **options: Any) -> str:
        self.pages[path] = Page(body.encode() if isinstance(body, str) else body, **options)
        return self.url + path

    def times(self, path: str) -> int:
        return sum(asked == path for asked, _ in self.asked)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    site: Site

    def do_GET(self) -> None:
        self.site.asked.append((self.path, {key.lower(): value for key, value in self.headers.items()}))
        page = self.site.pages.get(self.path, Page(b"not here", status=404))
        if page.before:
            page.before()
        status, body = page.status, page.body
        if page.conditional and self.headers.get("If-None-Match") == page.etag:
            status, body = 304, b""
        try:
            self.send_response(status)
            for name, value in page.headers.items():
                self.send_header(name, value)
            if page.conditional:
                self.send_header("ETag", page.etag)
            self.send_header("Content-Type", page.content_type)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def log_message(self, *_: Any) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: Any) -> None:
        """A crawler that hangs up early is part of the tests."""


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    server = _Server(("127.0.0.1", 0), _Handler)
    if tls is not None:
        # The handshake is left to its connection's thread: a client that refuses must not stop the rest.
        server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    site = Site(f"{'https' if tls else 'http'}://127.0.0.1:{server.server_port}")
    server.RequestHandlerClass = type("Handler", (_Handler,), {"site": site})
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield site
    server.shutdown()
    server.server_close()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as site:
        yield site


@pytest.fixture
def neighbour() -> Iterator[Site]:
    """A second server on this machine, on a port that no configuration names unless the test does."""
    with serving() as site:
        yield site


def shout_numbers(text: str) -> str:
    """Stands for the masking of personal data: tells that it was called, and hides what it should."""
    return text.replace("0912345678", "[số điện thoại]")


class FixedClock:
    def __init__(self, now: datetime = NOW) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now


def office_settings(*outlets: dict[str, Any], **options: Any) -> CrawlerSettings:
    usual = {"key": "song-moi", "name": "Sông Mới", "kind": "newspaper", "home": "http://127.0.0.1/"}
    return CrawlerSettings.model_validate(
        {
            "contact": "phong@example.vn",
            "per_host_delay_seconds": 0,
            "timeout_seconds": 3,
            "longest_poll_minutes": 5,
            **options,
            "outlets": [usual | outlet for outlet in outlets],
        }
    )


@dataclass
class Office:
    store: Store
    data_dir: Path
    clock: FixedClock
    lines: list[str] = field(default_factory=list)

    def settings(self, *outlets: dict[str, Any], **options: Any) -> CrawlerSettings:
        return office_settings(*outlets, **options)

    def crawl(
        self, settings: CrawlerSettings, only: str | None = None, mask: Callable[[str], str] = shout_numbers
    ) -> CrawlSummary:
        return crawl(
            "sqlite:///dansinh.db",
            self.data_dir,
            settings,
            self.clock,
            mask,
            self.lines.append,
            only,
        )

    def articles(self) -> dict[str, Article]:
        with self.store.begin() as session:
            return {article.title: article for article in session.scalars(select(Article))}

    def links(self) -> dict[str, Link]:
        with self.store.begin() as session:
            return {link.url: link for link in session.scalars(select(Link))}

    def source(self) -> Source:
        with self.store.begin() as session:
            return session.scalars(select(Source)).one()

    def newest(self) -> dict[str, datetime | None]:
        """When each source last named something new."""
        with self.store.begin() as session:
            return {source.url: source.last_new_at for source in session.scalars(select(Source))}


@pytest.fixture
def office(sqlite_store: Store, tmp_path: Path) -> Office:
    return Office(sqlite_store, tmp_path, FixedClock())


SENTENCES = (
    "Nhiều hộ dân ở tổ dân phố Bến Đò cho biết nước sạch mất từ đầu tuần, phải mua từng can về dùng.",
    "Đại diện đơn vị cấp nước nói đường ống chính bị vỡ khi thi công và đang được sửa chữa trong đêm.",
    "Ủy ban nhân dân phường đã cử tổ công tác đến từng ngõ ghi nhận và cấp nước tạm cho người già, trẻ nhỏ.",
    "Người dân mong cơ quan chức năng công bố thời điểm cấp nước trở lại và có phương án dự phòng lâu dài.",
)


def article_page(
    title: str,
    *,
    published: str | None = "2026-11-19T08:30:00+07:00",
    lead: str = "Khu dân cư Bến Đò thiếu nước sạch nhiều ngày liền, đã báo nhưng chưa được trả lời.",
    extra: str = "",
    head: str = "",
) -> str:
    """An invented article's page with the usual head."""
    time = f'<meta property="article:published_time" content="{published}">' if published else ""
    body = "".join(f"<p>{sentence}</p>" for sentence in SENTENCES)
    return f"""<!doctype html><html><head><meta charset="utf-8"><title>{title} - Sông Mới</title>
<meta property="og:type" content="article"><meta property="og:title" content="{title}">
<meta property="og:site_name" content="Sông Mới"><meta name="description" content="{lead}">{time}{head}</head>
<body><nav><a href="/">Trang chủ</a></nav><h1>{title}</h1><p class="sapo">{lead}</p>
<div class="article-body">{body}{extra}</div>
<p class="author">Trần Văn Viết</p></body></html>"""


def rss(items: list[tuple[str, str, str, str]], title: str = "Sông Mới") -> str:
    """RSS of (address, title, summary, date)."""
    entries = "".join(
        f"<item><title>{name}</title><link>{link}</link><description><![CDATA[{summary}]]></description>"
        f"<pubDate>{date}</pubDate></item>"
        for link, name, summary, date in items
    )
    channel = f"<channel><title>{title}</title>{entries}</channel>"
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0">{channel}</rss>'


RSS = "application/rss+xml"
TODAY = "Fri, 20 Nov 2026 08:00:00 +0700"


def wait_until(there: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not there():
        assert time.monotonic() < deadline, "did not come about in time"
        threading.Event().wait(0.05)
