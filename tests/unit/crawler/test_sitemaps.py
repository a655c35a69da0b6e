import gzip
from datetime import UTC, datetime

import pytest

from crawler.kinds.sitemaps import MAX_CHILDREN, NotASitemap, parse_sitemap

URL = "https://song.vn/sitemap.xml"
NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
 xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc>https://song.vn/cu</loc><lastmod>2026-01-01</lastmod></url>
<url><loc> https://song.vn/moi?utm_source=sitemap </loc><news:news>
<news:publication><news:name>Sông Mới</news:name><news:language>vi</news:language></news:publication>
<news:publication_date>2026-11-20T08:00:00+07:00</news:publication_date>
<news:title>Cầu &amp;amp; đường</news:title></news:news>
<image:image><image:loc>https://song.vn/anh.jpg</image:loc><image:title>Ảnh</image:title></image:image></url>
<url><loc>https://song.vn/khong-ngay</loc></url><url><lastmod>2026-01-01</lastmod></url></urlset>"""


@pytest.mark.parametrize(
    "content",
    [
        NEWS.encode(),
        gzip.compress(NEWS.encode(), mtime=0),
        b"\n" + NEWS.encode(),
        NEWS.encode("utf-8-sig"),
        NEWS.encode("utf-16"),
        b"<br />Notice: Undefined index in /s.php<br />" + NEWS.encode(),
        NEWS.replace('encoding="UTF-8"', 'encoding="utf-16"').encode(),
        NEWS.replace(' xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"', "").encode(),
        NEWS.replace("www.sitemaps.org/schemas/sitemap/0.9", "www.google.com/schemas/sitemap/0.84").encode(),
        NEWS.replace('xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"', "").encode(),
        NEWS.replace("</urlset>", "").encode(),
        NEWS.replace("</url></urlset>", "").encode(),
        NEWS.replace("<lastmod>2026-01-01</lastmod></url></urlset>", "<loc>https://song.vn/nu").encode(),
        NEWS.replace("Cầu &amp;amp; đường", "<![CDATA[Cầu &amp; đường]]>").encode(),
    ],
    ids=[
        "plain", "packed", "blank line", "mark", "utf-16", "a program's warning", "says utf-16",
        "no namespace", "another namespace", "a prefix without one", "cut off", "cut off earlier",
        "cut off in an address", "CDATA",
    ],
)  # fmt: skip
def test_pages_the_newest_first(content: bytes) -> None:
    pages = parse_sitemap(content, URL).pages
    assert [page.url.rpartition("/")[2] for page in pages] == ["moi", "cu", "khong-ngay"]
    assert (pages[0].title, pages[0].published) == ("Cầu & đường", datetime(2026, 11, 20, 1, 0, tzinfo=UTC))
    assert (pages[1].published, pages[1].changed) == (None, datetime(2025, 12, 31, 17, 0, tzinfo=UTC))


def test_a_list_of_lines() -> None:
    content = b"\xef\xbb\xbfhttps://song.vn/a\r\n\r\n  \r\nhttps://song.vn/b?fbclid=1\r\nkhong phai\r\n"
    assert [page.url for page in parse_sitemap(content, URL).pages] == [
        "https://song.vn/a",
        "https://song.vn/b",
    ]


def index(*entries: tuple[str, str]) -> bytes:
    rows = "".join(f"<sitemap><loc>{loc}</loc>{lastmod}</sitemap>" for loc, lastmod in entries)
    return f"<sitemapindex>{rows}</sitemapindex>".encode()


def test_an_index_names_its_newest_children() -> None:
    dated = index(
        *((f"/thang-{month}.xml", f"<lastmod>2026-{month:02}-01</lastmod>") for month in range(1, 13))
    )
    children = parse_sitemap(dated, URL).children
    assert len(children) == MAX_CHILDREN
    assert children[0] == "https://song.vn/thang-12.xml"


def test_an_index_without_dates_may_have_them_in_its_names() -> None:
    content = index(*((f"/sitemaps-{year}-{month}.xml", "") for year in (2025, 2026) for month in (1, 9, 10)))
    names = [child.rpartition("/")[2] for child in parse_sitemap(content, URL).children]
    assert names[:4] == [
        "sitemaps-2026-10.xml",
        "sitemaps-2026-9.xml",
        "sitemaps-2026-1.xml",
        "sitemaps-2025-10.xml",
    ]


def test_children_that_list_no_news_are_left_out() -> None:
    kinds = ("author", "category", "post_tag", "video", "post")
    children = parse_sitemap(index(*((f"/{kind}-sitemap.xml", "") for kind in kinds)), URL).children
    assert children == ("https://song.vn/post-sitemap.xml",)
    assert parse_sitemap(index(("/category-sitemap.xml", "")), URL).children == (
        "https://song.vn/category-sitemap.xml",
    )


def test_a_list_of_everything() -> None:
    rows = "".join(
        f"<url><loc>/tin-{number}</loc><lastmod>2026-11-{1 + number % 19:02}</lastmod></url>"
        for number in range(60_000)
    )
    sitemap = parse_sitemap(f"<urlset>{rows}</urlset>".encode(), URL)
    assert len(sitemap.pages) == 1000
    assert {page.changed.day for page in sitemap.pages if page.changed} == {19}
    assert sitemap.notices == ()
    undated = parse_sitemap(b"https://song.vn/a\n" * 1500, URL)
    assert len(undated.pages) == 1000
    assert "names no dates, and 500 pages more" in undated.notices[0].what


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"x", "no list of pages"),
        (b"https is a protocol", "no list of pages"),
        (b"https://song.vn/ is our address", "no list of pages"),
        (b"<!doctype html><html><body/></html>", "an HTML page"),
        (b"<rss><channel/></rss>", "no list of pages"),
        (gzip.compress(b"<urlset/>", mtime=0)[:6], "unpacked"),
        (gzip.compress(b"<urlset>" + b" " * 2_000_000, mtime=0), "unpacked"),
    ],
)
def test_what_is_no_sitemap(content: bytes, why: str) -> None:
    with pytest.raises(NotASitemap, match="is not a sitemap") as raised:
        parse_sitemap(content, URL, max_bytes=1_000_000)
    assert why in raised.value.what


def test_entities_are_left_alone() -> None:
    attack = (
        '<!DOCTYPE u [<!ENTITY f SYSTEM "file:///etc/hostname"><!ENTITY g "trong">]>'
        "<urlset><url><loc>https://song.vn/&f;&g;</loc></url></urlset>"
    )
    assert [page.url for page in parse_sitemap(attack.encode(), URL).pages] == ["https://song.vn/"]


@pytest.mark.parametrize(
    "inner", ["<url>" * 100_000, "<url><loc>" + "<a>" * 100_000, "<!--" * 100_000, "&" * 100_000]
)
@pytest.mark.timeout(30)
def test_a_sitemap_made_to_exhaust(inner: str) -> None:
    content = f"<urlset><url><loc>/a</loc></url>{inner}".encode()
    assert [page.url for page in parse_sitemap(content, URL).pages][:1] == ["https://song.vn/a"]
