"""Finding sources, and telling what is wrong with an address."""

import socket
import threading

import pytest

from crawler.discovery import find_sources, probe
from crawler.fetching.fetcher import CannotFetch
from tests.integration.crawler.conftest import RSS, TODAY, Site, office_settings, rss

SETTINGS = office_settings(timeout_seconds=0.5, max_page_bytes=20_000)


def test_a_sites_sources_are_found(site: Site) -> None:
    section = site.put(
        "/rss/do-thi.rss", rss([(f"{site.url}/a", "A", "", TODAY)], "Đô thị"), content_type=RSS
    )
    main = site.put("/trang-chu.xml", rss([], "Trang chủ"), content_type=RSS)
    site.put("/rss", f'<a href="{section}">Đô thị</a><a href="/gioi-thieu">Giới thiệu</a>')
    sitemap = site.put(
        "/ban-do.xml",
        f"<urlset><url><loc>{site.url}/a</loc><lastmod>2026-11-20</lastmod></url></urlset>",
        content_type="text/xml",
    )
    site.put("/robots.txt", f"User-agent: *\nSitemap: {sitemap}\n", content_type="text/plain")
    home = site.put(
        "/",
        f"""<html><head><meta property="og:site_name" content="Sông Mới">
        <link rel="alternate" type="application/rss+xml" href="{main}"></head>
        <body><h2><a href="/tin/vua-xay-xong-da-hong-1.html">Vừa xây xong đã hỏng</a></h2></body></html>""",
    )
    found = find_sources(home, SETTINGS)
    assert found.outlet_name == "Sông Mới"
    assert [(feed.url, feed.title, feed.items) for feed in found.feeds] == [
        (section, "Đô thị", 1),
        (main, "Trang chủ", 0),
    ]
    assert [(entry.url, entry.items) for entry in found.sitemaps] == [(sitemap, 1)]
    assert [(listing.url, listing.items) for listing in found.listings] == [(home, 1)]


def test_a_site_without_any(site: Site) -> None:
    found = find_sources(site.put("/", "<title>Trang trống</title>"), SETTINGS)
    assert (found.outlet_name, found.feeds, found.sitemaps, found.listings) == ("Trang trống", [], [], [])


def test_where_nothing_else_is_found_the_sections_are_asked(site: Site) -> None:
    links = "".join(f'<a href="/tin/ho-sut-giua-duong-so-{number}.html">Hố sụt</a>' for number in range(3))
    section = site.put("/thoi-su", f"<title>Thời sự</title>{links}")
    site.put("/lien-he", '<a href="/tin/gioi-thieu-ve-toa-soan.html">Giới thiệu</a>')
    site.put("/robots.txt", "User-agent: *\nDisallow: /kin", content_type="text/plain")
    site.put("/muc-6", links)
    paths = ["/", "/mat", "/kin", "/lien-he", "/thoi-su", "/thoi-su#cuoi", "/muc-5", "/muc-6"]
    others = '<a href="http://khong-co.invalid/muc">Nơi khác</a>'
    home = site.put("/", others + "".join(f'<a href="{path}">Mục</a>' for path in paths))
    found = find_sources(home, SETTINGS)
    assert [(one.kind, one.url, one.title, one.items) for one in found.listings] == [
        ("listing", section, "Thời sự", 3)
    ]
    assert [site.times(path) for path in ("/kin", "/lien-he", "/thoi-su", "/muc-6")] == [0, 1, 1, 0]


def test_what_can_be_read_is_not_complained_of(site: Site) -> None:
    assert probe(site.put("/", "x"), SETTINGS) is None


@pytest.mark.parametrize(
    ("path", "options", "what"),
    [
        ("/a", {"status": 404}, "answers 404 Not Found"),
        ("/a", {"status": 500}, "answers 500 Internal Server Error"),
        ("/kin", {}, "is closed to crawlers by robots.txt"),
        ("/a", {"body": b"x" * 30_000}, "is larger than max_page_bytes (20000 bytes)"),
        ("/a", {"status": 302, "headers": {"Location": "file:///etc/passwd"}}, "is no web address"),
        ("/a", {"status": 302, "headers": {"Location": "/a"}}, "redirects in a circle or too often"),
    ],
)
def test_what_is_wrong_is_said(site: Site, path: str, options: dict[str, object], what: str) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /kin", content_type="text/plain")
    url = site.put(path, **{"body": b"", **options})  # type: ignore[arg-type]
    said = probe(url, SETTINGS)
    assert said is not None
    assert what in said
    with pytest.raises(CannotFetch):
        find_sources(url, SETTINGS)


def test_a_robots_txt_that_fails_closes_the_site(site: Site) -> None:
    site.put("/robots.txt", "", status=500)
    told = "is left alone: its robots.txt answers 500 Internal Server Error"
    assert probe(site.put("/", "x"), SETTINGS) == told


def test_a_server_that_hangs(site: Site) -> None:
    released = threading.Event()
    url = site.put("/a", "", before=lambda: released.wait(20))
    assert probe(url, SETTINGS) == "does not answer within 0.5 seconds"
    released.set()


def test_hosts_that_are_not_there() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    assert probe(f"http://127.0.0.1:{port}/", SETTINGS) == "cannot be reached: its host refuses connections"
    assert probe("http://khong-co.invalid/", SETTINGS) == "cannot be reached: its host's name is unknown"
    assert "it must begin with http:// or https://" in str(probe("file:///etc/passwd", SETTINGS))
