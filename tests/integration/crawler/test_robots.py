"""robots.txt (RFC 9309) and what hosts ask for otherwise, over many runs as in one."""

import itertools
import threading
import time
from collections.abc import Iterable
from contextlib import ExitStack
from datetime import timedelta

from sqlalchemy import select

from crawler.fetching.robots import LONGEST
from store.models import Host
from tests.integration.crawler import raw
from tests.integration.crawler.conftest import RSS, TODAY, Office, Site, article_page, rss, serving

TITLE = "Trường thiếu lớp"
TEXT = {"content_type": "text/plain"}


def outlet(
    site: Site, pages: int = 1, *, path: str = "/rss", key: str = "song-moi", title: str = TITLE
) -> dict[str, object]:
    links = [site.put(f"/tin/truong-thieu-lop-{n}.html", article_page(f"{title} {n}")) for n in range(pages)]
    feed = site.put(path, rss([(link, link, "", TODAY) for link in links]), content_type=RSS)
    return {"key": key, "sources": [{"kind": "feed", "url": feed}]}


def read(office: Office) -> int:
    return sum(article.body is not None for article in office.articles().values())


def host(office: Office, site: Site) -> Host:
    with office.store.begin() as session:
        return session.scalars(select(Host).where(Host.host == site.url)).one()


ANSWERS: dict[str, tuple[dict[str, object], bool]] = {
    "not there": ({"body": "", "status": 404}, True),
    "forbidden": ({"body": "User-agent: *\nDisallow: /", "status": 403}, True),
    "gone": ({"body": "", "status": 410}, True),
    "server error": ({"body": "", "status": 500}, False),
    "not now": ({"body": "", "status": 503}, False),
    "too many": ({"body": "", "status": 429}, False),
    "empty": ({"body": ""}, True),
    "a page": ({"body": "<html>\nUser-agent: *\nDisallow: /\n</html>"}, True),
    "allows": ({"body": "User-agent: *\nAllow: /\n"}, True),
    "closes": ({"body": "User-agent: *\nDisallow: /\n"}, False),
    "closes to us": ({"body": "User-agent: dansinh\nDisallow: /\n\nUser-agent: *\nAllow: /"}, False),
    "opens to us": ({"body": "User-agent: DanSinh\nAllow: /\n\nUser-agent: *\nDisallow: /"}, True),
    "means another": ({"body": "User-agent: example\nDisallow: /\nUser-agent: sinh\nDisallow: /"}, True),
    "with a mark": ({"body": b"\xef\xbb\xbfUser-agent: *\nDisallow: /\n"}, False),
    "garbage": ({"body": bytes(range(256)) * 100}, True),
    "rule within 500 KiB": ({"body": "#\n" * (LONGEST // 2 - 30) + "User-agent: *\nDisallow: /\n"}, False),
    "rule beyond 500 KiB": ({"body": "#\n" * (LONGEST // 2) + "User-agent: *\nDisallow: /\n"}, True),
    "redirect": ({"body": "", "status": 301, "headers": {"Location": "/so/1"}}, False),
    "redirect too far": ({"body": "", "status": 301, "headers": {"Location": "/so/0"}}, True),
}


def neighbourhood(
    stack: ExitStack, names: Iterable[str], pages: int = 1
) -> dict[str, tuple[Site, dict[str, object]]]:
    """By name a server with a feed and pages, and its outlet."""
    sites = {}
    for number, name in enumerate(names):
        site = stack.enter_context(serving())
        sites[name] = (site, outlet(site, pages, key=f"bao-{number}", title=name))
    return sites


def test_what_an_answer_means(office: Office) -> None:
    with ExitStack() as stack:
        sites = neighbourhood(stack, ANSWERS)
        for name, (site, _) in sites.items():
            for number in range(5):
                site.put(f"/so/{number}", "", status=302, headers={"Location": f"/so/{number + 1}"})
            site.put("/so/5", "User-agent: *\nDisallow: /", **TEXT)
            site.put("/robots.txt", **{**TEXT, **ANSWERS[name][0]})  # type: ignore[arg-type]
        office.crawl(office.settings(*(source for _, source in sites.values())))
    allowed = {name: allowed for name, (_, allowed) in ANSWERS.items()}
    assert {name: f"{name} 0" in office.articles() for name in ANSWERS} == allowed
    assert {name: bool(site.times("/rss")) for name, (site, _) in sites.items()} == allowed
    assert {site.times("/robots.txt") for site, _ in sites.values()} == {1}


def test_a_robots_txt_that_leads_to_another_host(office: Office, site: Site, neighbour: Site) -> None:
    neighbour.put("/robots.txt", "User-agent: *\nDisallow: /tin/", **TEXT)
    source = outlet(site)
    site.put("/robots.txt", "", status=301, headers={"Location": f"{neighbour.url}/robots.txt"})
    office.crawl(office.settings(source, {"key": "khac", "home": neighbour.url}))
    assert (site.times("/rss"), read(office)) == (1, 0)


def test_a_host_whose_robots_txt_is_not_to_be_had_is_left_alone(office: Office, site: Site) -> None:
    source = outlet(site)
    site.put("/robots.txt", "", status=500)
    settings = office.settings(source, shortest_poll_minutes=1, longest_poll_minutes=1)
    asked = []
    for minutes in (2, 5, 0):
        office.crawl(settings)
        asked.append(site.times("/robots.txt"))
        office.clock.now += timedelta(minutes=minutes)
    # Two minutes after its failure it rests still.
    assert asked == [1, 1, 2]
    assert {path for path, _ in site.asked} == {"/robots.txt"}

    site.put("/robots.txt", "", status=404)
    office.clock.now += timedelta(hours=1)
    office.crawl(settings)
    assert read(office) == 1
    assert host(office, site).robots_failed_at is None


def test_a_robots_txt_that_fails_for_a_month_closes_its_host_no_longer(office: Office, site: Site) -> None:
    source = outlet(site, 2)
    site.put("/robots.txt", "User-agent: *\nDisallow: /tin/truong-thieu-lop-1", **TEXT)
    settings = office.settings(source)
    office.crawl(settings)
    site.put("/robots.txt", "", status=500)
    site.asked.clear()
    asked = []
    for days in (2, 29, 2):
        office.clock.now += timedelta(days=days)
        office.crawl(settings)
        asked.append(site.times("/rss"))
    assert asked == [0, 0, 1]
    # What it said last goes on to hold.
    assert site.times("/tin/truong-thieu-lop-1.html") == 0


def test_it_is_asked_for_once_a_day_whichever_run_it_is(office: Office, site: Site) -> None:
    source = outlet(site)
    site.put("/robots.txt", "User-agent: *\nDisallow: /rieng/", **TEXT)
    settings = office.settings(source)
    for _ in range(2):
        office.crawl(settings)
        office.clock.now += timedelta(hours=23)
    assert (site.times("/robots.txt"), site.times("/rss")) == (1, 2)
    site.put("/robots.txt", "User-agent: *\nDisallow: /", **TEXT)
    asked = site.times("/rss")
    office.crawl(settings)
    assert (site.times("/robots.txt"), site.times("/rss")) == (2, asked)
    assert host(office, site).robots_read_at == office.clock.now


DELAYS = ("Crawl-delay: 0.4", "Request-rate: 5/2s", "Request-rate: 10/4")


def test_a_delay_is_kept_between_all_requests(office: Office) -> None:
    times: dict[str, list[float]] = {said: [] for said in DELAYS}
    with ExitStack() as stack:
        outlets = []
        for said, (site, source) in neighbourhood(stack, DELAYS, 2).items():
            # One of two outlets on the same host.
            outlets += [source, outlet(site, 3, path="/hai", key=f"{source['key']}-hai", title=said)]
            site.put("/robots.txt", f"User-agent: *\n{said}", **TEXT)
            for page in site.pages.values():
                page.before = lambda said=said: times[said].append(time.monotonic())
        office.crawl(office.settings(*outlets))
    # All lie on one machine, and by that on one host.
    assert (read(office), [len(asked) for asked in times.values()]) == (9, [6, 6, 6])
    everything = sorted(itertools.chain(*times.values()))
    assert min(later - earlier for earlier, later in itertools.pairwise(everything[3:])) >= 0.25


def test_a_long_delay_is_kept_over_many_runs(office: Office, site: Site) -> None:
    source = outlet(site, 2)
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 1200", **TEXT)
    settings = office.settings(source)
    asked = []
    for minutes in (10, 11, 10, 0):
        before = len(site.asked)
        summary = office.crawl(settings)
        asked.append(len(site.asked) - before)
        office.clock.now += timedelta(minutes=minutes)
    # robots.txt and one request; then one in twenty minutes.
    assert asked == [2, 0, 1, 0]
    assert summary.failures == []
    assert {link.attempts for link in office.links().values()} == {0}


def test_a_turn_that_comes_within_the_run_is_waited_for(office: Office, site: Site) -> None:
    source = outlet(site, 3)
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 1200", **TEXT)
    office.crawl(office.settings(source))
    office.clock.now += timedelta(seconds=1198)
    began = time.monotonic()
    asked = []
    for page in site.pages.values():
        page.before = lambda: asked.append(time.monotonic())
    office.crawl(office.settings(source))
    assert len(asked) == 1
    assert asked[0] - began >= 2


RETRY_AFTER = {
    "seconds": ({"Retry-After": "1800"}, timedelta(minutes=30)),
    "a date": ({"Retry-After": "Fri, 20 Nov 2026 04:00:00 GMT"}, timedelta(hours=1)),
    "a date in the past": ({"Retry-After": "Fri, 20 Nov 2020 04:00:00 GMT"}, None),
    "too long": ({"Retry-After": "99999999"}, timedelta(days=1)),
    "nonsense": ({"Retry-After": "soon"}, timedelta(minutes=15)),
    "negative": ({"Retry-After": "-5"}, timedelta(minutes=15)),
    "nothing": ({}, timedelta(minutes=15)),
}


def test_a_host_that_asks_for_patience_gets_it(office: Office) -> None:
    with ExitStack() as stack:
        sites = neighbourhood(stack, RETRY_AFTER, 3)
        for name, (site, _) in sites.items():
            site.put("/tin/truong-thieu-lop-0.html", "", status=429, headers=RETRY_AFTER[name][0])
        settings = office.settings(*(source for _, source in sites.values()))
        office.crawl(settings)
        now = office.clock.now
        waits = {name: host(office, site).wait_until for name, (site, _) in sites.items()}
        assert waits == {name: wait and now + wait for name, (_, wait) in RETRY_AFTER.items()}

        office.clock.now += timedelta(minutes=14)
        asked = {name: len(site.asked) for name, (site, _) in sites.items()}
        again = office.crawl(settings)
        assert again.counts.get("sources_failed") is None
        patient = {name: len(site.asked) == asked[name] for name, (site, _) in sites.items()}
        assert patient == {name: wait is not None for name, (_, wait) in RETRY_AFTER.items()}

        office.clock.now += timedelta(minutes=20)
        office.crawl(settings)
        over = {name: len(site.asked) > asked[name] for name, (site, _) in sites.items()}
        long = {"a date", "too long"}
        assert over == {name: name not in long for name in RETRY_AFTER}


def test_pages_of_a_host_that_asks_for_patience_are_postponed(office: Office, site: Site) -> None:
    source = outlet(site, 12)
    site.put("/tin/truong-thieu-lop-0.html", "", status=429)
    summary = office.crawl(office.settings(source, per_host_delay_seconds=0.01))
    # Others of the host were asked for before, or not at all; these wait, and count no try.
    assert read(office) + summary.counts["pages_postponed"] == 11
    assert summary.counts["pages_postponed"] > 8
    assert sorted(link.attempts for link in office.links().values()) == [0] * 11 + [1]


def test_a_503_of_a_poll_makes_its_host_wait(office: Office, site: Site) -> None:
    other = outlet(site)
    busy = site.put("/ban", "", status=503, headers={"Retry-After": "7200"})
    settings = office.settings({"key": "ban", "sources": [{"kind": "feed", "url": busy}]})
    office.crawl(settings)
    both = office.settings({"key": "ban", "sources": [{"kind": "feed", "url": busy}]}, other)
    office.clock.now += timedelta(hours=1)
    assert office.crawl(both).failures == []
    assert site.times("/rss") == 0
    office.clock.now += timedelta(hours=1)
    office.crawl(office.settings(other))
    assert read(office) == 1


def test_a_503_without_a_time_is_that_pages_own(office: Office, site: Site) -> None:
    source = outlet(site, 4)
    site.put("/tin/truong-thieu-lop-0.html", "", status=503)
    office.crawl(office.settings(source))
    assert (read(office), host(office, site).wait_until) == (3, None)


def test_slow_pages_do_not_make_a_host_down_that_answers(office: Office, site: Site) -> None:
    source = outlet(site, 12)
    over = threading.Event()
    for number in range(5):
        site.pages[f"/tin/truong-thieu-lop-{number}.html"].before = lambda: over.wait(20)
    office.crawl(office.settings(source, timeout_seconds=1))
    over.set()
    assert read(office) == 7


def test_a_host_that_answers_nothing_is_given_up_after_three(office: Office, site: Site) -> None:
    with raw.answering(raw.drip_body) as dead:
        links = [f"{dead}/tin/truong-thieu-lop-{number}.html" for number in range(40)]
        feed = site.put("/rss", rss([(link, link, "", TODAY) for link in links]), content_type=RSS)
        settings = office.settings(
            {"sources": [{"kind": "feed", "url": feed}]},
            private_hosts=[dead.removeprefix("http://")],
            timeout_seconds=0.3,
        )
        summary = office.crawl(settings)
    # robots.txt has answered there: it takes longer.
    assert summary.counts["pages_postponed"] > 20
