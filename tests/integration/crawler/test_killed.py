"""A crawl may be killed at any instruction: run again, it ends where an undisturbed one does."""

import multiprocessing
import os
import select
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from tests.integration.crawler.conftest import RSS, TODAY, Office, Site, article_page, rss

PAGES = 6


def town(site: Site) -> str:
    links = [
        site.put(f"/tin/den-duong-hong-{n}.html", article_page(f"Đèn đường hỏng ở ngã tư {n}"))
        for n in range(PAGES)
    ]
    site.pages["/tin/den-duong-hong-0.html"].status = 500
    items = [(link, f"Đèn đường hỏng {n}", "Tóm tắt", TODAY) for n, link in enumerate(links)]
    return site.put("/rss", rss(items), content_type=RSS, conditional=True)


def end_state(office: Office) -> list[tuple[object, ...]]:
    articles = [
        (article.canonical_url.rpartition("/")[2], article.title, article.text_hash, article.body is None)
        for article in office.articles().values()
    ]
    links = [(link.url.rpartition("/")[2], link.state) for link in office.links().values()]
    return [*sorted(articles), *sorted(links)]


def kill_at_request(site: Site, number: int, kill: Callable[[], None]) -> None:
    def maybe() -> None:
        if len(site.asked) >= number:
            kill()

    for page in site.pages.values():
        page.before = maybe


def kill_the_child() -> None:
    for child in multiprocessing.active_children():
        if child.name == "dansinh-crawl" and child.pid:
            os.kill(child.pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def undisturbed() -> list[tuple[object, ...]]:
    names = [f"den-duong-hong-{n}.html" for n in range(PAGES)]
    return [(name, "pending" if name.endswith("-0.html") else "stored") for name in names]


# robots.txt has no page of its own to be killed at: at the feed, at the first page, halfway, at the last.
@pytest.mark.parametrize("request_number", [2, 3, 5, PAGES + 2])
def test_the_crawling_process_is_killed(
    office: Office, site: Site, request_number: int, undisturbed: list[tuple[object, ...]]
) -> None:
    feed = town(site)
    settings = office.settings({"sources": [{"kind": "feed", "url": feed}]})
    kill_at_request(site, request_number, kill_the_child)
    killed = office.crawl(settings)
    assert [failure.what for failure in killed.failures] == ["ended before its work was done"]
    assert "it goes on where it stopped" in killed.failures[0].remedy

    for page in site.pages.values():
        page.before = None
    assert office.crawl(settings).counts.get("articles_new", 0) > 0
    state = end_state(office)
    assert state[PAGES:] == undisturbed
    assert len(state) == 2 * PAGES
    assert [row[3] for row in state[:PAGES]] == [True] + [False] * (PAGES - 1)


def test_the_parent_is_killed(office: Office, site: Site, undisturbed: list[tuple[object, ...]]) -> None:
    feed = town(site)
    parent = subprocess.Popen(
        [sys.executable, "-m", "tests.integration.crawler.run_once", str(office.data_dir), feed]
    )
    gone: list[int] = []
    released = threading.Event()

    def kill_the_parent() -> None:
        if not gone:
            (crawling,) = _children(parent.pid)
            reading = _children(crawling)
            assert reading
            gone.extend(os.pidfd_open(pid) for pid in (crawling, *reading))
            parent.kill()
        # Unanswered, the crawl would go on for a minute.
        released.wait(60)

    kill_at_request(site, 5, kill_the_parent)
    assert parent.wait(30) == -signal.SIGKILL
    for process in gone:
        ended = select.poll()
        ended.register(process, select.POLLIN)
        assert ended.poll(10_000), "a process of the crawl outlives the one that started it"
        os.close(process)
    released.set()

    for page in site.pages.values():
        page.before = None
    office.clock.now += timedelta(hours=1)
    office.crawl(office.settings({"sources": [{"kind": "feed", "url": feed}]}))
    assert end_state(office)[PAGES:] == undisturbed


def _children(pid: int) -> list[int]:
    """Those that were started to crawl or to read; multiprocessing's own resource tracker is another."""
    pids = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(child) for child in pids if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()]
