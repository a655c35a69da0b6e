"""How a crawl runs: what is stored when, what is read by whom, when nothing is started at all."""

import multiprocessing
import os
import signal
import threading
import time
from datetime import timedelta

import pytest

from crawler.run import CrawlSummary, crawl
from tests.integration.crawler.conftest import RSS, TODAY, Office, Site, article_page, rss, wait_until

TITLE = "Cống thoát nước bị tắc"


def feed_of(site: Site, *paths: str) -> str:
    links = [site.put(path, article_page(f"{TITLE} {path}")) for path in paths]
    return site.put("/rss", rss([(link, TITLE, "Tóm tắt", TODAY) for link in links]), content_type=RSS)


def stumble(text: str) -> str:
    """Stands for masking: stops the process that reads a certain page."""
    if "/nga-" in text:
        os.kill(os.getpid(), signal.SIGKILL)
    return text


def test_a_page_that_stops_its_reader_is_set_back_and_given_up_in_the_end(office: Office, site: Site) -> None:
    feed = feed_of(site, "/tin/mot-1.html", "/tin/nga-2.html", "/tin/ba-3.html")
    settings = office.settings({"sources": [{"kind": "feed", "url": feed}]}, attempts=2)

    def attempt() -> CrawlSummary:
        return crawl("sqlite:///dansinh.db", office.data_dir, settings, office.clock, stumble)

    summary = attempt()
    (failure,) = summary.failures
    assert failure.what == "stops the process that reads it (SIGKILL)"
    assert failure.url.endswith("/nga-2.html")
    assert (summary.counts["pages_read"], summary.counts["pages_failed"]) == (2, 1)
    assert [article.body is None for article in office.articles().values()].count(False) == 2
    link = office.links()[site.url + "/tin/nga-2.html"]
    assert (link.state, link.attempts) == ("pending", 1)

    office.clock.now += timedelta(days=1)
    attempt()
    assert office.links()[site.url + "/tin/nga-2.html"].state == "failed"


def test_what_is_read_is_stored_while_a_slow_host_is_waited_for(office: Office, site: Site) -> None:
    """By time, not when a batch is full or the run ends."""
    stored = threading.Event()
    paths = [f"/tin/nhanh-{number}.html" for number in range(5)]
    feed = feed_of(site, *paths, "/tin/cham-6.html")
    site.pages["/tin/cham-6.html"].before = lambda: stored.wait(60)
    settings = office.settings({"sources": [{"kind": "feed", "url": feed}]}, timeout_seconds=90)
    crawling = threading.Thread(target=office.crawl, args=(settings,))
    crawling.start()
    try:
        wait_until(lambda: sum(link.state == "stored" for link in office.links().values()) == 5)
        assert site.times("/tin/cham-6.html") == 1
        assert crawling.is_alive()
    finally:
        stored.set()
        crawling.join()
    assert len(office.articles()) == 6


def test_nothing_is_started_when_nothing_is_due(
    office: Office, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = office.settings({"sources": [{"kind": "feed", "url": feed_of(site, "/tin/mot-1.html")}]})
    assert office.crawl(settings).counts["articles_new"] == 1

    def started(*_: object) -> None:
        raise AssertionError("a process was started")

    monkeypatch.setattr(multiprocessing, "get_context", started)
    assert office.crawl(settings) == CrawlSummary()
    # A minute before it is due it is taken for due: a call every five minutes would else miss it at times.
    office.clock.now += timedelta(minutes=4, seconds=30)
    with pytest.raises(AssertionError, match="a process was started"):
        office.crawl(settings)


def test_a_page_to_be_tried_again_is_reason_enough(office: Office, site: Site) -> None:
    feed = feed_of(site, "/tin/mot-1.html")
    site.pages["/tin/mot-1.html"].status = 500
    settings = office.settings(
        {"sources": [{"kind": "feed", "url": feed}]}, longest_poll_minutes=600, shortest_poll_minutes=120
    )
    office.crawl(settings)
    site.pages["/tin/mot-1.html"].status = 200
    due = office.links()[site.url + "/tin/mot-1.html"].next_attempt_at
    assert due is not None
    office.clock.now = due
    assert office.crawl(settings).counts.get("pages_read") == 1


def test_a_run_out_of_time_waits_for_what_is_under_way_and_no_longer(office: Office, site: Site) -> None:
    answering, hanging = threading.Event(), threading.Event()
    feed = feed_of(site, "/tin/sap-xong-1.html")
    far = site.put("/tin/treo-2.html", article_page("Trang treo"))
    slow = site.put("/cham", rss([(far, "Trang treo", "", TODAY)]), content_type=RSS)
    site.pages["/tin/sap-xong-1.html"].before = lambda: answering.wait(3)
    site.pages["/tin/treo-2.html"].before = lambda: hanging.wait(60)
    settings = office.settings(
        {"sources": [{"kind": "feed", "url": url} for url in (feed, slow)]},
        max_run_seconds=2,
        timeout_seconds=4,
    )
    began = time.monotonic()
    summary = office.crawl(settings)
    hanging.set()
    assert summary.counts["pages_read"] == 1
    assert {link.state for link in office.links().values()} == {"pending", "stored"}
    assert time.monotonic() - began < 40


def test_unchanged_since_never_is_no_answer(office: Office, site: Site) -> None:
    feed = site.put("/rss", "", status=304)
    (failure,) = office.crawl(office.settings({"sources": [{"kind": "feed", "url": feed}]})).failures
    assert failure.what == "answers 304 Not Modified"
    assert office.source().failures == 1


def test_a_page_that_no_copy_may_be_kept_of_is_kept_as_its_source_tells_it(
    office: Office, site: Site
) -> None:
    feed = feed_of(site, "/tin/mot-1.html", "/tin/hai-2.html")
    site.pages["/tin/mot-1.html"].headers["X-Robots-Tag"] = "noarchive"
    site.pages["/tin/hai-2.html"].headers["X-Robots-Tag"] = "noindex"
    summary = office.crawl(office.settings({"sources": [{"kind": "feed", "url": feed}]}))
    assert (summary.counts["refused_noarchive"], summary.counts["refused_noindex"]) == (1, 1)
    assert [(article.lead, article.body) for article in office.articles().values()] == [("Tóm tắt", None)]
