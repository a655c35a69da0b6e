"""A store that refuses, and a run that is out of time."""

from sqlalchemy import text

from tests.integration.crawler.conftest import RSS, TODAY, Office, Site, article_page, rss


def feed_of(site: Site, pages: int) -> str:
    links = [site.put(f"/tin/rac-un-tu-{n}.html", article_page(f"Rác ùn ứ {n}")) for n in range(pages)]
    return site.put("/rss", rss([(link, f"Rác ùn ứ: {link}", "", TODAY) for link in links]), content_type=RSS)


def full_for(office: Office, condition: str) -> None:
    """Lets the database refuse an article as a full disk would."""
    with office.store.begin() as session:
        session.execute(
            text(
                f"CREATE TRIGGER full_disk BEFORE INSERT ON article WHEN {condition} "
                "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END"
            )
        )


def test_an_article_that_cannot_be_stored_stays_to_be_read(office: Office, site: Site) -> None:
    full_for(office, "NEW.url LIKE '%-1.html'")
    settings = office.settings({"sources": [{"kind": "feed", "url": feed_of(site, 3)}]})
    summary = office.crawl(settings)
    assert (summary.counts["articles_new"], summary.counts["not_stored"]) == (2, 1)
    (failure,) = summary.failures
    assert failure.what == "could not be stored: database or disk is full"
    assert "see that the disk has room" in failure.remedy

    with office.store.begin() as session:
        session.execute(text("DROP TRIGGER full_disk"))
    assert office.crawl(settings).counts["articles_new"] == 1


def test_a_crawl_stops_asking_when_nothing_can_be_stored(office: Office, site: Site) -> None:
    full_for(office, "1")
    summary = office.crawl(
        office.settings({"sources": [{"kind": "feed", "url": feed_of(site, 400)}]}, max_items_per_source=400)
    )
    assert summary.counts["not_stored"] >= 3
    assert sum(path.startswith("/tin/") for path, _ in site.asked) < 400
    assert {link.state for link in office.links().values()} == {"pending"}


def test_a_database_that_is_not_there_is_told(office: Office, site: Site) -> None:
    with office.store.begin() as session:
        session.execute(text("ALTER TABLE source RENAME TO gone"))
    (failure,) = office.crawl(
        office.settings({"sources": [{"kind": "feed", "url": feed_of(site, 1)}]})
    ).failures
    assert failure.source == "store"
    assert "no such table" in failure.what
    assert site.asked == []


def test_a_run_out_of_time_keeps_what_the_feed_tells(office: Office, site: Site) -> None:
    feed = feed_of(site, 30)
    settings = office.settings(
        {"sources": [{"kind": "feed", "url": feed}]}, per_host_delay_seconds=0.3, max_run_seconds=1
    )
    summary = office.crawl(settings)
    assert summary.counts["pages_postponed"] > 0
    assert len(office.articles()) == 30
    assert "max_run_seconds are over" in summary.failures[-1].what
