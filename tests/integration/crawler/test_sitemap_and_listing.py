"""Sitemaps and listing pages."""

import gzip
from datetime import timedelta

import pytest

from tests.integration.crawler.conftest import Office, Site, article_page

TITLE = "Cầu treo thôn Hạ xuống cấp"
XMLNS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def urlset(*entries: tuple[str, str]) -> str:
    rows = "".join(f"<url><loc>{loc}</loc><lastmod>{changed}</lastmod></url>" for loc, changed in entries)
    return f'<?xml version="1.0" encoding="UTF-8"?><urlset {XMLNS}>{rows}</urlset>'


def test_a_sitemap_index_is_read_one_level_deep(office: Office, site: Site) -> None:
    new = site.put("/tin/cau-treo-thon-ha-1.html", article_page(TITLE))
    old = site.put("/tin/cau-treo-thon-ha-0.html", article_page("Chuyện năm ngoái"))
    packed = gzip.compress(urlset((new, "2026-11-19T10:00:00+07:00"), (old, "2025-01-01")).encode())
    child = site.put("/sitemap-11.xml.gz", packed, content_type="application/x-gzip")
    index = f"<sitemapindex {XMLNS}><sitemap><loc>{child}</loc></sitemap></sitemapindex>"
    root = site.put("/sitemap.xml", index, content_type="application/xml")
    summary = office.crawl(office.settings({"sources": [{"kind": "sitemap", "url": root}]}))
    assert summary.failures == []
    assert list(office.articles()) == [TITLE]
    assert summary.counts["refused_too_old"] == 1
    assert site.times("/tin/cau-treo-thon-ha-0.html") == 0


def test_a_child_that_fails_leaves_the_others(office: Office, site: Site) -> None:
    link = site.put("/tin/cau-treo-thon-ha-1.html", article_page(TITLE))
    child = site.put("/sitemap-1.xml", urlset((link, "2026-11-19")), content_type="application/xml")
    children = "".join(f"<sitemap><loc>{loc}</loc></sitemap>" for loc in (f"{site.url}/gone.xml", child))
    index = f"<sitemapindex {XMLNS}>{children}</sitemapindex>"
    root = site.put("/sitemap.xml", index, content_type="application/xml")
    summary = office.crawl(office.settings({"sources": [{"kind": "sitemap", "url": root}]}))
    assert list(office.articles()) == [TITLE]
    assert [failure.url for failure in summary.failures] == [f"{site.url}/gone.xml"]


@pytest.mark.parametrize("depth", [1, 2])
def test_an_index_of_which_no_sitemap_can_be_read_is_a_failed_poll(
    office: Office, site: Site, depth: int
) -> None:
    child = site.put("/sitemap-1.xml", "", status=500)
    for level in range(depth):
        index = f"<sitemapindex {XMLNS}><sitemap><loc>{child}</loc></sitemap></sitemapindex>"
        child = site.put(f"/sitemap-of-{level}.xml", index, content_type="application/xml")
    settings = office.settings({"sources": [{"kind": "sitemap", "url": child}]})
    for _ in range(2):
        summary = office.crawl(settings)
        office.clock.now += timedelta(hours=7)
    assert summary.counts["sources_failed"] == 1
    assert [failure.what for failure in summary.failures] == [
        "answers 500 Internal Server Error",
        "names sitemaps of which none can be read: the first answers 500 Internal Server Error",
    ]
    source = office.source()
    assert (source.failures, source.last_ok_at) == (2, None)


def test_an_outlet_without_sources_is_read_from_its_home_page(office: Office, site: Site) -> None:
    link = site.put("/tin/cau-treo-thon-ha-1.html", article_page(TITLE))
    section = site.put("/chuyen-muc.html", "<html><h1>Chuyên mục</h1></html>")
    home = site.put("/", f'<nav><a href="{section}">Mục</a></nav><h2><a href="{link}">{TITLE}</a></h2>')
    summary = office.crawl(office.settings({"home": home}))
    assert list(office.articles()) == [TITLE]
    assert summary.counts["links_new"] == 1
    assert office.source().key == f"song-moi listing {home}"


def test_a_selector_chooses_a_listings_links(office: Office, site: Site) -> None:
    link = site.put("/xem?id=7", article_page(TITLE))
    other = site.put("/tin/quang-cao-cho-thue-nha-12345.html", article_page("Cho thuê"))
    page = site.put("/tin", f'<a href="{other}">x</a><div class="tin-bai"><a href="/xem?id=7">Xem</a></div>')
    source = {"kind": "listing", "url": page, "article_links": ".tin-bai a"}
    office.crawl(office.settings({"sources": [source]}))
    assert list(office.articles()) == [TITLE]
    assert list(office.links()) == [link]


def test_a_corrected_selector_is_used_at_once_though_the_listing_stays_as_it_is(
    office: Office, site: Site
) -> None:
    link = site.put("/xem?id=7", article_page(TITLE))
    other = site.put("/tin/quang-cao-cho-thue-nha-12345.html", article_page("Cho thuê"))
    page = site.put(
        "/tin",
        f'<p class="hot"><a href="{other}">x</a></p><div class="tin-bai"><a href="{link}">Xem</a></div>',
        conditional=True,
    )

    def crawl(selector: str) -> list[str]:
        source = {"kind": "listing", "url": page, "article_links": selector}
        office.crawl(office.settings({"sources": [source]}, longest_poll_minutes=1440))
        return [link for link in office.links() if link != other]

    assert crawl(".hot a") == []
    assert crawl(".tin-bai a") == [link]
    site.asked.clear()
    crawl(".tin-bai a")
    assert site.asked == []
    office.clock.now += timedelta(days=2)
    crawl(".tin-bai a")
    (asked,) = [head for path, head in site.asked if path == "/tin"]
    assert asked["if-none-match"] == site.pages["/tin"].etag


def test_an_old_page_that_a_listing_names_is_refused(office: Office, site: Site) -> None:
    old = article_page(TITLE, published="2026-01-05T08:00:00+07:00")
    link = site.put("/tin/cau-treo-thon-ha-1.html", old)
    home = site.put("/", f'<h2><a href="{link}">{TITLE}</a></h2>')
    summary = office.crawl(office.settings({"home": home}))
    assert summary.counts["refused_too_old"] == 1
    assert office.articles() == {}
    assert office.links()[link].reason == "too old when it was first read"


def test_a_page_that_fails_on_a_listing_makes_no_thin_article(office: Office, site: Site) -> None:
    link = site.put("/tin/cau-treo-thon-ha-1.html", "", status=500)
    home = site.put("/", f'<h2><a href="{link}">{TITLE}</a></h2>')
    office.crawl(office.settings({"home": home}))
    assert office.articles() == {}
    assert office.links()[link].state == "pending"
