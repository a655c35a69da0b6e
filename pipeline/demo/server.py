"""The town's outlets as web servers on 127.0.0.1, one port each; they serve what the town's clock allows."""

import hashlib
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import PurePosixPath
from types import TracebackType

import jinja2

from pipeline.demo.town import AMP, COMMENTERS, NOTICE, Town, TownArticle, TownOutlet, plain_path

NowFunction = Callable[[], datetime]
ROBOTS = "# Trang hư cấu dùng để trình diễn\nUser-agent: *\nDisallow: /noi-bo/\n"
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".xml": "application/xml; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True)
class Page:
    body: bytes
    content_type: str
    modified: datetime

    @property
    def etag(self) -> str:
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


class OutletServer(ThreadingHTTPServer):
    """One outlet on its own port."""

    daemon_threads = True

    def __init__(self, town: Town, outlet: TownOutlet, now: NowFunction, port: int = 0) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.outlet = outlet
        self.base = f"http://127.0.0.1:{self.server_address[1]}"
        self._town = town
        self._now = now
        self._layouts = _layouts()

    def handle_error(self, request: object, client_address: object) -> None:
        """A reader that is killed in the middle of an answer is part of the rehearsal."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    def page(self, path: str) -> Page | None:
        """What lies at `path` at this hour; None: nothing does."""
        articles = self._town.published(self.outlet.key, self._now())
        newest = articles[0].at if articles else datetime(2026, 11, 1, tzinfo=UTC)
        path = plain_path(path)
        if path == "/robots.txt":
            return Page(self._robots().encode(), TYPES[".txt"], newest)
        if layout := self.outlet.pages.get(path):
            return self._fill(layout, newest, articles=articles)
        by_path = {self.outlet.path_of(article): article for article in articles}
        if article := by_path.get(path):
            return self._fill("article.html", article.at, article=article, related=self._related(article))
        if self.outlet.amp and (article := by_path.get(path.removeprefix(AMP))):
            return self._fill("amp.html", article.at, article=article)
        return None

    def _robots(self) -> str:
        sitemaps = [source.path for source in self.outlet.sources if source.kind == "sitemap"]
        return ROBOTS + "".join(f"Sitemap: {self.base}{path}\n" for path in sitemaps)

    def _related(self, article: TownArticle) -> list[TownArticle]:
        """The three before it: the same at every hour, so that a page does not change."""
        return [a for a in self._town.published(self.outlet.key, article.at) if a != article][:3]

    def _fill(self, layout: str, modified: datetime, **values: object) -> Page:
        text = self._layouts.get_template(f"{self.outlet.key}/{layout}").render(
            outlet=self.outlet,
            base=self.base,
            notice=NOTICE,
            commenters=COMMENTERS,
            today=self._now(),
            **values,
        )
        return Page(text.encode(), TYPES[PurePosixPath(layout).suffix], modified)


class TownServers:
    """Every outlet of a town at once; a context manager.

    `ports`, in the order of the outlets, lets a later process take the places of an earlier one.
    """

    def __init__(self, town: Town, now: NowFunction, ports: Sequence[int] = ()) -> None:
        given = tuple(ports) or (0,) * len(town.outlets)
        self.town = town
        self.outlets = [
            OutletServer(town, outlet, now, port) for outlet, port in zip(town.outlets, given, strict=True)
        ]
        self._threads = [
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
            for server in self.outlets
        ]

    @property
    def bases(self) -> dict[str, str]:
        """Outlet key -> "http://127.0.0.1:PORT"."""
        return {server.outlet.key: server.base for server in self.outlets}

    def url_of(self, article: TownArticle) -> str:
        server = next(s for s in self.outlets if s.outlet.key == article.outlet)
        return server.base + server.outlet.path_of(article)

    def __enter__(self) -> "TownServers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server, thread in zip(self.outlets, self._threads, strict=True):
            server.shutdown()
            thread.join()
            server.server_close()


class _Handler(BaseHTTPRequestHandler):
    server: OutletServer

    def do_GET(self) -> None:
        page = self.server.page(self.path)
        if page is None:
            self._answer(404, TYPES[".html"], f"<h1>Không tìm thấy trang</h1><p>{NOTICE}</p>".encode())
        elif self._unchanged(page):
            self._answer(304, None, b"", page)
        else:
            self._answer(200, page.content_type, page.body, page)

    do_HEAD = do_GET  # noqa: N815 - the base class's name

    def _unchanged(self, page: Page) -> bool:
        if etags := self.headers.get("If-None-Match"):
            return page.etag in etags
        since = self.headers.get("If-Modified-Since")
        return since is not None and page.modified.replace(microsecond=0) <= parsedate_to_datetime(since)

    def _answer(self, status: int, content_type: str | None, body: bytes, page: Page | None = None) -> None:
        self.send_response(status)
        if content_type:
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
        if page:
            self.send_header("ETag", page.etag)
            self.send_header("Last-Modified", format_datetime(page.modified.astimezone(UTC), usegmt=True))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """A demo's servers are silent."""


def _layouts() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("pipeline.demo", "layouts"),
        autoescape=jinja2.select_autoescape(["html", "xml"]),
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
