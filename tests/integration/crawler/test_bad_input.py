"""What outlets get wrong: each is told and counted, and the rest of the run goes on."""

import gzip
import socket
import threading
from datetime import timedelta

from tests.integration.crawler.conftest import RSS, TODAY, Office, Site, article_page, rss

GOOD = "Trạm y tế thiếu thuốc"


def beside_a_good_one(site: Site, *bad: dict[str, str]) -> dict[str, object]:
    link = site.put("/tin/tram-y-te-thieu-thuoc.html", article_page(GOOD))
    good = site.put("/good", rss([(link, GOOD, "", TODAY)]), content_type=RSS)
    return {"sources": [{"kind": "feed", "url": good}, *bad]}


OTHER_MAKES = {
    "is not a feed: the answer is an HTML page": ("feed", "<!doctype html><p>Đăng nhập"),
    "is not a feed: the answer is empty": ("feed", ""),
    "is not a feed: the answer is a text that is not RSS or Atom": ("feed", "Đăng nhập"),
    "is not a feed: the answer is JSON, but no JSON Feed": ("feed", "{}"),
    "is not a sitemap: the answer is an HTML page": ("sitemap", "<html><p>x</p></html>"),
    "is not a sitemap: it is no list of pages": ("sitemap", "x"),
    "names no articles: no link on the page looks like one": ("listing", "<p>x</p>"),
}


def test_sources_of_another_make(office: Office, site: Site) -> None:
    urls = {what: site.put(f"/{n}", body) for n, (what, (_, body)) in enumerate(OTHER_MAKES.items())}
    bad = [{"kind": kind, "url": urls[what]} for what, (kind, _) in OTHER_MAKES.items()]
    summary = office.crawl(office.settings(beside_a_good_one(site, *bad)))
    assert list(office.articles()) == [GOOD]
    assert (summary.counts["not_xml"], summary.counts["sources_failed"]) == (6, 1)
    assert {failure.what: failure.url for failure in summary.failures} == urls
    assert all(failure.remedy for failure in summary.failures)


def test_a_source_that_fails_is_asked_less_and_less(office: Office, site: Site) -> None:
    feed = site.put("/rss", "", status=500)
    settings = office.settings({"sources": [{"kind": "feed", "url": feed}]}, longest_poll_minutes=24 * 60)
    waits = []
    for _ in range(3):
        office.crawl(settings)
        source = office.source()
        assert source.next_poll_at is not None
        waits.append(source.next_poll_at - office.clock.now)
        office.clock.now = source.next_poll_at
    assert waits == [timedelta(minutes=10), timedelta(minutes=20), timedelta(minutes=40)]
    assert source.failures == 3
    assert source.last_error is not None
    assert source.last_error.startswith("answers 500 Internal Server Error; ")
    assert source.error_kind == "server"

    site.put("/rss", rss([]), content_type=RSS)
    office.crawl(settings)
    assert (office.source().failures, office.source().last_error, office.source().error_kind) == (
        0,
        None,
        None,
    )


def page_trouble(office: Office, site: Site, link: str, **options: object) -> tuple[dict[str, int], str]:
    feed = site.put("/rss", rss([(link, "Tên trong nguồn", "Tóm tắt", TODAY)]), content_type=RSS)
    settings = office.settings(beside_a_good_one(site, {"kind": "feed", "url": feed}), **options)
    summary = office.crawl(settings)
    assert set(office.articles()) == {GOOD, "Tên trong nguồn"}
    (failure,) = summary.failures
    assert failure.url == link
    return summary.counts, failure.what


def test_a_page_of_fifty_megabytes_is_not_read_to_its_end(office: Office, site: Site) -> None:
    link = site.put("/tin/trang-rat-lon-1.html", b"x" * 50_000_000)
    counts, what = page_trouble(office, site, link)
    assert counts["too_large"] == 1
    assert what == "is larger than max_page_bytes and was not read to its end"


def test_a_page_that_is_large_when_unpacked(office: Office, site: Site) -> None:
    packed = gzip.compress(b"<p>" + b"x" * 50_000_000)
    link = site.put("/tin/trang-rat-lon-1.html", packed, headers={"Content-Encoding": "gzip"})
    counts, what = page_trouble(office, site, link)
    assert counts["too_large"] == 1
    assert what == "is larger than max_page_bytes when unpacked"


def test_a_server_that_hangs(office: Office, site: Site) -> None:
    released = threading.Event()
    link = site.put("/tin/may-chu-treo-1.html", "", before=lambda: released.wait(20))
    counts, what = page_trouble(office, site, link, timeout_seconds=0.7)
    released.set()
    assert counts["pages_failed"] == 1
    assert what == "does not answer in time (timeout_seconds)"


def test_redirects_in_a_circle(office: Office, site: Site) -> None:
    link = site.put("/tin/vong-tron-1.html", "", status=302, headers={"Location": "/tin/vong-tron-1.html"})
    counts, what = page_trouble(office, site, link)
    assert counts["pages_failed"] == 1
    assert what == "redirects in a circle or too often"
    assert site.times("/tin/vong-tron-1.html") == 6


def test_a_host_that_refuses(office: Office, site: Site) -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        nobody = f"127.0.0.1:{unused.getsockname()[1]}"
    link = f"http://{nobody}/tin/khong-ai-nghe-1.html"
    counts, what = page_trouble(office, site, link, private_hosts=[nobody])
    assert counts["articles_thin"] == 1
    assert what == "cannot be reached: its host refuses connections"


def test_a_page_that_is_no_html(office: Office, site: Site) -> None:
    link = site.put("/tin/van-ban-1.pdf", b"%PDF-1.7", content_type="application/pdf")
    feed = site.put("/rss", rss([(link, GOOD, "", TODAY)]), content_type=RSS)
    summary = office.crawl(office.settings({"sources": [{"kind": "feed", "url": feed}]}))
    assert summary.counts["refused_not_html"] == 1
    assert summary.failures == []
    assert office.articles()[GOOD].body is None


def test_a_broken_encoding_is_told_and_read_as_well_as_it_can_be(office: Office, site: Site) -> None:
    broken = article_page(GOOD).encode().replace("Người".encode(), b"Ng\xff\xfe\x00i")
    link = site.put("/tin/tram-y-te-thieu-thuoc.html", broken)
    feed = site.put("/rss", rss([(link, GOOD, "", TODAY)]), content_type=RSS)
    summary = office.crawl(office.settings({"sources": [{"kind": "feed", "url": feed}]}))
    assert summary.counts["bad_encoding"] == 1
    assert summary.notices[0].url == link
    assert "đường ống chính" in (office.articles()[GOOD].body or "")


def test_a_page_without_a_date(office: Office, site: Site) -> None:
    link = site.put("/tin/tram-y-te-thieu-thuoc.html", article_page(GOOD, published=None))
    home = site.put("/", f'<h2><a href="{link}">{GOOD}</a></h2>')
    summary = office.crawl(office.settings({"home": home}))
    assert summary.counts["no_date"] == 1
    assert "no time of publication" in summary.notices[0].what
    article = office.articles()[GOOD]
    assert (article.published_known, article.published_at) == (False, office.clock.now)


def test_the_feeds_date_stands_for_the_pages(office: Office, site: Site) -> None:
    link = site.put("/tin/tram-y-te-thieu-thuoc.html", article_page(GOOD, published=None))
    feed = site.put("/rss", rss([(link, GOOD, "", TODAY)]), content_type=RSS)
    summary = office.crawl(office.settings({"sources": [{"kind": "feed", "url": feed}]}))
    assert "no_date" not in summary.counts
    assert office.articles()[GOOD].published_known
