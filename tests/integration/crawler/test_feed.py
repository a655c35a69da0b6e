"""A feed, from its address to stored articles."""

from datetime import UTC, datetime, timedelta

import pytest

from tests.integration.crawler.conftest import NOW, RSS, TODAY, Office, Site, article_page, rss

TITLE = "Bến Đò mất nước sạch"


def feed_of(office: Office, site: Site, *links: str, summary: str = "Tóm tắt", **options: object) -> str:
    return site.put(
        "/rss", rss([(link, TITLE, summary, TODAY) for link in links]), content_type=RSS, **options
    )


def reading(feed: str, **options: object) -> dict[str, object]:
    return {"sources": [{"kind": "feed", "url": feed, **options}]}


def test_a_feed_becomes_articles(office: Office, site: Site) -> None:
    links = [site.put(f"/tin/ben-do-mat-nuoc-{n}.html", article_page(f"{TITLE} {n}")) for n in range(3)]
    summary = office.crawl(office.settings(reading(feed_of(office, site, *links))))

    assert summary.failures == []
    assert summary.counts == {"sources_polled": 1, "links_new": 3, "pages_read": 3, "articles_new": 3}
    article = office.articles()[f"{TITLE} 1"]
    assert (article.outlet_key, article.outlet_name, article.url) == ("song-moi", "Sông Mới", links[1])
    assert article.published_at == datetime(2026, 11, 19, 1, 30, tzinfo=UTC)
    assert article.first_seen_at == NOW
    assert article.published_known
    assert article.lead is not None
    assert article.lead.startswith("Khu dân cư Bến Đò")
    assert article.body is not None
    assert article.lead not in article.body
    assert {link.state for link in office.links().values()} == {"stored"}


def test_what_is_read_is_not_asked_for_again(office: Office, site: Site) -> None:
    link = site.put("/tin/ben-do-mat-nuoc-1.html", article_page(TITLE))
    settings = office.settings(reading(feed_of(office, site, link, conditional=True)))
    office.crawl(settings)
    assert office.crawl(settings).counts == {}

    office.clock.now += timedelta(minutes=10)
    assert office.crawl(settings).counts == {"sources_polled": 1, "sources_unchanged": 1}
    assert site.times("/tin/ben-do-mat-nuoc-1.html") == 1
    assert site.asked[-1][1]["if-none-match"] == site.pages["/rss"].etag
    assert office.source().last_ok_at == office.clock.now
    assert office.source().last_new_at == NOW


def test_variants_of_an_address_are_one_article(office: Office, site: Site) -> None:
    link = site.put("/tin/ben-do-mat-nuoc-1.html", article_page(TITLE))
    feed = feed_of(office, site, link, f"{link}?utm_source=rss&fbclid=x", f"{link}#binh-luan")
    assert office.crawl(office.settings(reading(feed))).counts["links_new"] == 1
    assert len(office.articles()) == 1


def test_the_address_that_a_page_prefers_counts(office: Office, site: Site) -> None:
    link = site.put("/tin/ben-do-mat-nuoc-1.html", article_page(TITLE))
    head = f'<link rel="canonical" href="{link}">'
    other = site.put("/in/ben-do-mat-nuoc-1.html", article_page(TITLE, head=head))
    office.crawl(office.settings(reading(feed_of(office, site, link))))

    office.clock.now += timedelta(hours=1)
    summary = office.crawl(office.settings(reading(feed_of(office, site, other))))
    assert summary.counts["refused_duplicate"] == 1
    assert len(office.articles()) == 1
    assert office.links()[other].reason == f"duplicate: the article is known as {link}"


@pytest.mark.parametrize(
    ("status", "state", "attempts"),
    [(500, "pending", 1), (503, "pending", 1), (429, "pending", 1), (404, "stored", 0), (410, "stored", 0)],
)
def test_a_page_that_fails_is_kept_from_its_feed(
    office: Office, site: Site, status: int, state: str, attempts: int
) -> None:
    link = site.put("/tin/ben-do-mat-nuoc-1.html", "", status=status)
    summary = office.crawl(office.settings(reading(feed_of(office, site, link, summary="<b>Tóm</b> tắt"))))

    assert (summary.counts["articles_new"], summary.counts["articles_thin"]) == (1, 1)
    assert f"answers {status}" in summary.failures[0].what
    article = office.articles()[TITLE]
    assert (article.lead, article.body) == ("Tóm tắt", None)
    assert article.published_at == datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    assert (office.links()[link].state, office.links()[link].attempts) == (state, attempts)


def test_the_full_text_takes_the_place_of_the_thin_one(office: Office, site: Site) -> None:
    link = site.put("/tin/ben-do-mat-nuoc-1.html", "", status=500)
    settings = office.settings(reading(feed_of(office, site, link, conditional=True)))
    office.crawl(settings)
    thin = office.articles()[TITLE]

    site.put("/tin/ben-do-mat-nuoc-1.html", article_page("Bến Đò mất nước sạch đã nhiều ngày"))
    office.clock.now += timedelta(hours=1)
    assert office.crawl(settings).counts["articles_updated"] == 1
    (full,) = office.articles().values()
    assert full.id == thin.id
    assert full.text_hash != thin.text_hash
    assert full.title == "Bến Đò mất nước sạch đã nhiều ngày"
    assert full.body
    assert full.first_seen_at == NOW


def test_a_page_is_given_up_after_the_tries_it_has(office: Office, site: Site) -> None:
    link = site.put("/tin/ben-do-mat-nuoc-1.html", "", status=500)
    settings = office.settings(reading(feed_of(office, site, link, conditional=True)), attempts=2)
    for _ in range(3):
        office.crawl(settings)
        office.clock.now += timedelta(hours=3)
    assert office.links()[link].state == "failed"
    assert site.times("/tin/ben-do-mat-nuoc-1.html") == 2
    assert len(office.articles()) == 1


def test_hosts_that_do_not_resolve_cost_no_time_and_no_news(office: Office, site: Site) -> None:
    links = [f"https://khong-co-{n % 2}.invalid/tin-{n}.html" for n in range(300)]
    feed = site.put("/rss", rss([(link, link, "Tóm tắt", TODAY) for link in links]), content_type=RSS)
    summary = office.crawl(office.settings(reading(feed), max_items_per_source=300))
    assert len(office.articles()) == 300
    assert summary.counts["articles_thin"] == 300
    assert sum(link.attempts for link in office.links().values()) < 20
    assert [failure.what for failure in summary.failures] == [
        "cannot be reached: its host's name is unknown (and 299 more pages)"
    ]


def test_a_source_may_be_read_without_its_pages(office: Office, site: Site) -> None:
    link = site.put("/tin/ben-do-mat-nuoc-1.html", article_page(TITLE))
    feed = feed_of(office, site, link)
    summary = office.crawl(office.settings(reading(feed, full_text=False)))
    assert summary.counts == {"sources_polled": 1, "links_new": 1, "articles_new": 1, "articles_thin": 1}
    assert site.times("/tin/ben-do-mat-nuoc-1.html") == 0
    assert office.links()[link].state == "stored"


def test_old_items_are_not_fetched(office: Office, site: Site) -> None:
    link = site.put("/tin/ben-do-mat-nuoc-1.html", article_page(TITLE))
    feed = site.put("/rss", rss([(link, TITLE, "", "Mon, 02 Nov 2026 08:00:00 +0700")]), content_type=RSS)
    assert office.crawl(office.settings(reading(feed))).counts == {"sources_polled": 1, "refused_too_old": 1}
    assert office.links()[link].state == "refused"


def test_what_is_beyond_the_limit_is_taken_up_by_the_next_poll(office: Office, site: Site) -> None:
    links = [site.put(f"/tin/ben-do-mat-nuoc-{n}.html", article_page(f"{TITLE} {n}")) for n in range(5)]
    settings = office.settings(
        reading(feed_of(office, site, *links, conditional=True)), max_items_per_source=3
    )
    first = office.crawl(settings)
    assert first.counts["articles_new"] == 3
    assert "beyond max_items_per_source" in first.notices[0].what
    office.clock.now += timedelta(minutes=10)
    assert office.crawl(settings).counts["articles_new"] == 2


def test_a_page_that_is_no_article_is_refused(office: Office, site: Site) -> None:
    teasers = "".join(f'<h3><a href="/tin/{n}">Một đầu đề khác {n}</a></h3>' for n in range(20))
    link = site.put("/tin/chuyen-muc-do-thi-1.html", f"<html><h1>Đô thị</h1>{teasers}</html>")
    summary = office.crawl(office.settings(reading(feed_of(office, site, link))))
    assert summary.counts["refused_not_article"] == 1
    assert office.articles() == {}


def test_a_time_to_come_is_now(office: Office, site: Site) -> None:
    page = article_page(TITLE, published="2026-11-20T17:00:00+07:00")
    link = site.put("/tin/ben-do-mat-nuoc-1.html", page)
    office.crawl(office.settings(reading(feed_of(office, site, link))))
    assert office.articles()[TITLE].published_at == NOW


def test_personal_data_and_bylines_never_reach_the_store(office: Office, site: Site) -> None:
    number = "0912345678"
    page = article_page(
        f"Gọi {number}",
        lead=f"Gọi {number} để hỏi về nước sạch ở khu Bến Đò hôm nay.",
        extra=f"<p>{number}</p><p>Trần Văn Viết</p>",
    )
    full = site.put("/tin/ben-do-mat-nuoc-1.html", page)
    thin = site.put("/tin/ben-do-mat-nuoc-2.html", "", status=500)
    refused = "http://127.0.0.1:9/tin/xem-tin-cu-o-ben-do.html"
    items = [
        (full, number, number, TODAY),
        (thin, number, number, TODAY),
        (refused, number, number, "2026-01-02"),
    ]
    office.crawl(office.settings(reading(site.put("/rss", rss(items), content_type=RSS))))

    office.store.close()
    for path in office.data_dir.glob("dansinh.db*"):
        assert number.encode() not in path.read_bytes()
        assert "Trần Văn Viết".encode() not in path.read_bytes()
    assert len(office.articles()) == 2
    assert all("[số điện thoại]" in article.title for article in office.articles().values())
