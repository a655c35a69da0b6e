import gzip
from datetime import UTC, datetime

import pytest

from crawler.kinds.sitemaps import MAX_CHILDREN, NotASitemap, parse_sitemap

URL = "https://song.vn/sitemap.xml"
NEWS = """<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">
<url><loc>https://song.vn/cu</loc><lastmod>2026-01-01</lastmod></url>
<url><loc> https://song.vn/moi </loc><news:news>
<news:publication_date>2026-11-20T08:00:00+07:00</news:publication_date>
<news:title>Cầu &amp;amp; đường</news:title></news:news></url>
<url><loc>https://song.vn/khong-ngay</loc></url><url><lastmod>2026-01-01</lastmod></url></urlset>"""


@pytest.mark.parametrize(
    "content", [NEWS.encode(), gzip.compress(NEWS.encode(), mtime=0), b"\n" + NEWS.encode()]
)
def test_pages_the_newest_first(content: bytes) -> None:
    pages = parse_sitemap(content, URL).pages
    assert [page.url.rpartition("/")[2] for page in pages] == ["moi", "cu", "khong-ngay"]
    assert (pages[0].title, pages[0].published) == ("Cầu & đường", datetime(2026, 11, 20, 1, 0, tzinfo=UTC))
    assert (pages[1].published, pages[1].newest) == (None, datetime(2025, 12, 31, 17, 0, tzinfo=UTC))


def test_an_index_names_its_newest_children() -> None:
    entries = "".join(
        f"<sitemap><loc>/thang-{month}.xml</loc><lastmod>2026-{month:02}-01</lastmod></sitemap>"
        for month in range(1, 13)
    )
    children = parse_sitemap(f"<sitemapindex>{entries}</sitemapindex>".encode(), URL).children
    assert len(children) == MAX_CHILDREN
    assert children[0] == "https://song.vn/thang-12.xml"


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"x",
        b"<html><body/></html>",
        gzip.compress(b"<urlset/>", mtime=0)[:6],
        gzip.compress(b"<urlset>" + b" " * 2_000_000, mtime=0),
    ],
)
def test_what_is_no_sitemap(content: bytes) -> None:
    with pytest.raises(NotASitemap, match="is not a sitemap"):
        parse_sitemap(content, URL, max_bytes=1_000_000)


def test_entities_are_left_alone() -> None:
    attack = (
        '<!DOCTYPE u [<!ENTITY f SYSTEM "file:///etc/hostname"><!ENTITY g "trong">]>'
        "<urlset><url><loc>https://song.vn/&f;&g;</loc></url></urlset>"
    )
    assert [page.url for page in parse_sitemap(attack.encode(), URL).pages] == ["https://song.vn/"]
