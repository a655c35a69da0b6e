"""Finding sources, and telling what is wrong with an address."""

import gzip
import json
import socket
import threading

import pytest

from crawler.discovery import Discovered, find_sources, probe
from crawler.fetching.fetcher import CannotFetch, Fetcher
from crawler.settings import CrawlerSettings
from crawler.sources import configured_sources
from tests.integration.crawler.conftest import NOW, RSS, TODAY, Site, office_settings, rss

SETTINGS = office_settings(timeout_seconds=0.5, max_page_bytes=20_000)
OLD = "Fri, 02 Oct 2026 08:00:00 +0700"


def find(url: str) -> Discovered:
    return find_sources(url, SETTINGS, NOW)


def articles(*numbers: int) -> str:
    paths = (f"/tin/ho-sut-giua-duong-so-{number}.html" for number in numbers)
    return "".join(f'<h3><a href="{path}">Hố sụt giữa đường nhiều tháng chưa sửa</a></h3>' for path in paths)


def test_a_sites_sources_are_found(site: Site) -> None:
    section = site.put(
        "/rss/do-thi.rss", rss([(f"{site.url}/a", "A", "", TODAY)], "Đô thị"), content_type=RSS
    )
    main = site.put("/trang-chu.xml", rss([], "Trang chủ"), content_type=RSS)
    dead = site.put("/rss/cu.rss", rss([(f"{site.url}/b", "B", "", OLD)], "Cũ"), content_type=RSS)
    item = {"url": f"{site.url}/c", "date_published": "2026-11-20T09:00:00+07:00"}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "JSON", "items": [item]}
    json_feed = site.put("/tin.json", json.dumps(feed), content_type="application/feed+json")
    site.put("/rss", f'<a href="{section}">Đô thị</a><a href="{dead}">Cũ</a><a href="/gioi-thieu">x</a>')
    home = site.put(
        "/",
        f"""<html><head><meta property="og:site_name" content="Báo Sông Mới">
        <link rel="alternate" type="application/rss+xml" href="{main}">
        <link rel="alternate" type="application/rss+xml" href="/comments/feed/">
        <link rel="alternate" type="application/feed+json" href="{json_feed}"></head>
        <body>{articles(1, 2, 3)}<footer>Địa chỉ: Số 1 phố Thử, Hà Nội</footer></body></html>""",
    )
    found = find(home)
    assert (found.words.name, found.outlet_kind) == ("Báo Sông Mới", "newspaper")
    assert [(feed.url, feed.title, feed.items, feed.doubt) for feed in found.feeds] == [
        (json_feed, "JSON", 1, None),
        (section, "Đô thị", 1, None),
        (dead, "Cũ", 1, "nothing new since 02/10/2026"),
        (main, "Trang chủ", 0, "it names nothing"),
    ]
    assert found.listings == []
    assert [one.url for one in found.offered] == [json_feed, section, dead, main]
    assert site.times("/comments/feed/") == 0


def lists(*entries: str) -> str:
    return "".join(f"<sitemap><loc>{entry}</loc></sitemap>" for entry in entries)


def test_sitemaps_are_followed_to_what_they_name(site: Site) -> None:
    news = (
        "<news:news><news:publication_date>2026-11-20T08:00:00+07:00</news:publication_date>"
        "<news:title>Cầu</news:title></news:news>"
    )
    space = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
    tin = site.put("/tin.xml", f"<urlset {space}><url><loc>{site.url}/a</loc>{news}</url></urlset>")
    month = "<urlset><url><loc>/a</loc><lastmod>2026-11-19</lastmod></url></urlset>"
    packed = site.put("/thang.xml.gz", gzip.compress(month.encode()), content_type="application/gzip")
    years = site.put("/nam.xml", f"<sitemapindex>{lists(packed)}</sitemapindex>")
    index = site.put("/ban-do.xml", f"<sitemapindex>{lists(years)}</sitemapindex>")
    undated = site.put("/tat-ca.txt", f"{site.url}/a\n{site.url}/b\n", content_type="text/plain")
    named = "".join(f"Sitemap: {address}\n" for address in (undated, index, tin, f"{site.url}/khong-co.xml"))
    site.put("/robots.txt", f"User-agent: *\nDisallow: /kin\n{named}", content_type="text/plain")
    found = find(site.put("/", "<title>Sông Mới</title>"))
    assert [(one.url, one.title, one.items, one.doubt) for one in found.sitemaps] == [
        (tin, "news sitemap", 1, None),
        (index, "index of sitemaps", 1, None),
        (undated, None, 2, "it names no dates: news cannot be told from the archive"),
    ]
    assert site.times("/sitemap.xml") == 0, "robots.txt has named them"


def test_a_site_without_any(site: Site) -> None:
    found = find(site.put("/", "<title>Trang trống</title>"))
    assert (found.words.name, found.offered) == ("Trang trống", [])


def test_where_nothing_else_is_found_the_page_and_its_sections_are(site: Site) -> None:
    section = site.put("/thoi-su", f"<title>Thời sự</title>{articles(1, 2, 3)}")
    site.put("/the-thao", articles(1))
    site.put("/robots.txt", "User-agent: *\nDisallow: /kin", content_type="text/plain")
    paths = ["/the-thao", "/mat", "/kin", "/lien-he", "/thoi-su", "/thoi-su#cuoi", "/muc-5", "/muc-6"]
    others = '<a href="http://khong-co.invalid/muc">Nơi khác</a>'
    links = others + "".join(f'<a href="{path}">Mục</a>' for path in paths)
    home = site.put("/", links + articles(7))
    found = find(home)
    assert [(one.kind, one.url, one.title, one.items) for one in found.offered] == [
        ("listing", section, "Thời sự", 3)
    ], "one link that looks like an article's makes no listing of the home page"
    assert [site.times(path) for path in ("/kin", "/lien-he", "/thoi-su", "/muc-6")] == [0, 0, 1, 0]
    site.put("/", links + articles(7, 8, 9))
    assert [one.url for one in find(home).offered] == [home, section]


def test_a_portals_boards(site: Site) -> None:
    rows = "".join(
        f"<tr><td><a href='/hoi-dap/xem?id={day}'>Câu hỏi</a></td><td>{day}/11/2026</td></tr>"
        for day in (17, 18, 19)
    )
    board = site.put(
        "/hoi-dap", f"<title>Hỏi đáp</title><table>{rows}</table><a href='?page=2'>Trang sau</a>"
    )
    site.put("/thong-bao", f"<table>{rows}</table>")
    home = site.put("/", "<a href='/hoi-dap'>Hỏi đáp</a><a href='/thong-bao'>Thông báo</a>")
    (found,) = find(home).boards
    assert (found.kind, found.url, found.title, found.items, found.doubt) == (
        "board",
        board,
        "Hỏi đáp",
        3,
        None,
    )
    assert found.newest is not None
    assert found.newest.day == 19


def test_a_site_is_not_asked_without_end(site: Site) -> None:
    """Each of its feeds names a page of further ones."""
    for number in range(200):
        site.put(
            f"/rss/{number}.rss", f'<a href="/rss/{number + 1}.rss">x</a><a href="/rss/{number}0.rss">y</a>'
        )
    find(site.put("/", '<a href="/rss/0.rss">RSS</a>'))
    assert 20 < len(site.asked) < 60


def test_feeds_beyond_what_is_tried_are_told(site: Site) -> None:
    for number in range(50):
        site.put(f"/rss/{number}.rss", rss([(f"{site.url}/{number}", "A", "", TODAY)]), content_type=RSS)
    home = site.put("/", "".join(f'<a href="/rss/{number}.rss">x</a>' for number in range(50)))
    found = find(home)
    assert len([feed for feed in found.feeds if feed.doubt is None]) == 30
    assert {feed.doubt for feed in found.feeds if feed.doubt} == {
        "it was not tried: the site names many feeds"
    }


def trouble(url: str, settings: CrawlerSettings = SETTINGS) -> str | None:
    """What is wrong with a feed at `url`."""
    outlet = {"key": "a", "name": "A", "kind": "newspaper", "home": "http://127.0.0.1/"}
    outlet["sources"] = [{"kind": "feed", "url": url}]  # type: ignore[assignment]
    named = CrawlerSettings.model_validate(settings.model_dump(mode="json") | {"outlets": [outlet]})
    found = probe(configured_sources(named)[0], named, NOW, Fetcher(named))
    assert found is None or found.remedy
    return found.what if found else None


def test_what_can_be_read_is_not_complained_of(site: Site) -> None:
    assert trouble(site.put("/", rss([]))) is None


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
    said = trouble(url)
    assert said is not None
    assert what in said
    with pytest.raises(CannotFetch):
        find(url)


def test_a_robots_txt_that_fails_closes_the_site(site: Site) -> None:
    site.put("/robots.txt", "", status=500)
    told = "is left alone: its robots.txt answers 500 Internal Server Error"
    assert trouble(site.put("/", rss([]))) == told


def test_a_server_that_hangs(site: Site) -> None:
    released = threading.Event()
    url = site.put("/a", "", before=lambda: released.wait(20))
    assert trouble(url) == "does not answer within 0.5 seconds"
    released.set()


def test_hosts_that_are_not_there() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    assert trouble(f"http://127.0.0.1:{port}/") == "cannot be reached: its host refuses connections"
    assert trouble("http://khong-co.invalid/") == "cannot be reached: its host's name is unknown"
    with pytest.raises(CannotFetch, match="it must begin with http:// or https://"):
        find("file:///etc/passwd")


def test_what_answers_and_is_not_what_it_is_called(site: Site) -> None:
    said = trouble(site.put("/", f"<html>{articles(1, 2, 3)}</html>"))
    assert said == "is not a feed: the answer is an HTML page"
