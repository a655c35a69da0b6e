"""A feed, from its address to stored articles."""

from tests.integration.crawler.conftest import RSS, TODAY, Office, Site, article_page, rss


def test_a_feed_becomes_articles(office: Office, site: Site) -> None:
    links = [
        site.put(f"/tin/mat-nuoc-o-ben-do-{n}.html", article_page(f"Mất nước ở Bến Đò {n}")) for n in range(3)
    ]
    feed = site.put(
        "/rss", rss([(link, "Tên trong nguồn", "Tóm tắt", TODAY) for link in links]), content_type=RSS
    )
    summary = office.crawl(office.settings({"sources": [{"kind": "feed", "url": feed}]}))

    assert summary.failures == []
    assert summary.counts == {"sources_polled": 1, "links_new": 3, "pages_read": 3, "articles_new": 3}
    article = office.articles()["Mất nước ở Bến Đò 1"]
    assert article.outlet_key == "song-moi"
