"""Nothing inside a network is asked, whichever way an address leads there."""

import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from crawler.discovery import find_sources
from crawler.fetching.fetcher import CannotFetch, Fetcher
from tests.integration.crawler.conftest import (
    NOW,
    RSS,
    TODAY,
    Office,
    Site,
    article_page,
    office_settings,
    rss,
)
from tests.integration.crawler.names import Answers, Names, NamingClock
from tests.integration.crawler.single import complaint

TITLE = "Cống nghẹt ngập cả ngõ"
REFUSED = r"is not asked for|is no web address"


def feed_of(site: Site, *links: str) -> str:
    items = [(link, f"{TITLE} {number}", "", TODAY) for number, link in enumerate(links)]
    return site.put("/rss", rss(items), content_type=RSS)


def redirect(site: Site, path: str, to: str, status: int = 302) -> str:
    return site.put(path, "", status=status, headers={"Location": to})


def ways_inside(site: Site, inside: str) -> list[str]:
    """Addresses on the site that lead to `inside`, and spellings of it."""
    port = inside.rpartition(":")[2]
    secret = f"{inside}/tin/bi-mat.html"
    refresh = f'<html><head><meta http-equiv="refresh" content="0;url={secret}"></head></html>'
    hosts = ["localhost", "LOCALHOST.", "a.localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1"]
    hosts += ["127.0.0.1.", "[::1]", "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "0.0.0.0"]  # noqa: S104
    return [
        secret,
        redirect(site, "/tin/chuyen-1.html", secret),
        redirect(site, "/tin/chuyen-2.html", redirect(site, "/tin/chuyen-3.html", secret, 301), 307),
        redirect(site, "/tin/chuyen-4.html", secret.removeprefix("http:"), 308),
        redirect(site, "/tin/chuyen-5.html", f"http://u:p@127.0.0.1:{port}/tin/bi-mat.html"),
        site.put("/tin/tai-lai-6.html", refresh),
        *(f"http://{host}:{port}/tin/bi-mat-{number}.html" for number, host in enumerate(hosts)),
        "http://169.254.169.254/latest/meta-data/tin-bi-mat.html",
        redirect(site, "/tin/chuyen-7.html", "http://169.254.169.254/latest/meta-data/"),
        "http://10.0.0.1/tin/bi-mat.html",
        "https://192.168.1.1/tin/bi-mat.html",
        "http://100.64.0.1/tin/bi-mat.html",
    ]


def test_no_link_redirect_or_spelling_leads_inside(office: Office, site: Site, neighbour: Site) -> None:
    neighbour.put("/tin/bi-mat.html", article_page("Bí mật"))
    links = ways_inside(site, neighbour.url)
    good = site.put("/tin/cong-nghet-1.html", article_page(TITLE))
    summary = office.crawl(
        office.settings({"sources": [{"kind": "feed", "url": feed_of(site, *links, good)}]})
    )
    assert neighbour.asked == []
    assert {link.url: link.state for link in office.links().values() if link.url in links} == dict.fromkeys(
        links, "stored"
    )
    assert [article.title for article in office.articles().values() if article.body] == [TITLE]
    told = " ".join(failure.what for failure in summary.failures)
    assert "is inside a network, not on the Internet" in told
    assert "its host is a number, oddly spelled" in told
    assert all(failure.remedy for failure in summary.failures)


def test_a_robots_txt_does_not_lead_inside(office: Office, site: Site, neighbour: Site) -> None:
    neighbour.put("/robots.txt", "")
    redirect(site, "/robots.txt", f"{neighbour.url}/robots.txt")
    feed = feed_of(site, site.put("/tin/cong-nghet-1.html", article_page(TITLE)))
    (failure,) = office.crawl(office.settings({"sources": [{"kind": "feed", "url": feed}]})).failures
    assert "is inside a network" in failure.what
    assert (neighbour.asked, site.times("/rss")) == ([], 0)


def test_a_host_is_asked_where_the_configuration_names_it(
    office: Office, site: Site, neighbour: Site
) -> None:
    link = neighbour.put("/tin/cong-nghet-1.html", article_page(TITLE))
    outlet = {"sources": [{"kind": "feed", "url": feed_of(site, link)}]}
    named = {"key": "khac", "home": neighbour.url, "sources": [{"kind": "feed", "url": feed_of(neighbour)}]}
    office.crawl(office.settings(outlet, named))
    assert office.articles()[TITLE].body


def by_name(office: Office, site: Site, answers: Answers, *private: str) -> tuple[str, list[str]]:
    """Reads a feed and a page of a host called bao.noi-bo; what is told of it, and which page was stored."""
    office.clock = NamingClock(answers)
    # Else one connection would serve for all, and no name be looked up twice.
    site.put("/robots.txt", "", headers={"Connection": "close"})
    base = f"http://bao.noi-bo:{site.url.rpartition(':')[2]}"
    site.put("/tin/cong-nghet-1.html", article_page(TITLE), headers={"Connection": "close"})
    items = [(f"{base}/tin/cong-nghet-1.html", TITLE, "", TODAY)]
    site.put("/rss", rss(items), content_type=RSS, headers={"Connection": "close"})
    settings = office.settings(
        {"home": base, "sources": [{"kind": "feed", "url": f"{base}/rss"}]}, private_hosts=private
    )
    failures = office.crawl(settings).failures
    told = " ".join(f"{failure.what}; {failure.remedy}" for failure in failures)
    return told, [title for title, article in office.articles().items() if article.body]


def test_a_name_that_leads_inside_is_refused_with_the_remedy(office: Office, site: Site) -> None:
    told, read = by_name(office, site, {"bao.noi-bo": [["127.0.0.1"]]})
    assert "its host's name leads to 127.0.0.1, inside a network" in told
    assert "add bao.noi-bo to crawler.private_hosts" in told
    assert (site.asked, read) == ([], [])


def test_a_private_host_is_asked(office: Office, site: Site) -> None:
    told, read = by_name(office, site, {"bao.noi-bo": [["127.0.0.1"]]}, "bao.noi-bo")
    assert (told, read) == ("", [TITLE])
    assert {headers["host"].partition(":")[0] for _, headers in site.asked} == {"bao.noi-bo"}


def test_of_several_addresses_those_inside_are_left_out(office: Office, site: Site) -> None:
    answers = {"bao.noi-bo": [["169.254.169.254", "fe80::1", "127.0.0.1"]]}
    assert by_name(office, site, answers, "bao.noi-bo") == ("", [TITLE])


@pytest.mark.parametrize("later", ["169.254.169.254", "::ffff:a9fe:a9fe", "0.0.0.0", "fd00:ec2::254"])  # noqa: S104
def test_an_answer_that_changes_after_it_was_checked(office: Office, site: Site, later: str) -> None:
    told, read = by_name(office, site, {"bao.noi-bo": [["127.0.0.1"], [later]]}, "bao.noi-bo")
    assert f"its host's name leads to {later}, inside a network" in told
    assert [path for path, _ in site.asked] == ["/robots.txt"]
    assert read == []


def test_names_that_hang_hold_up_no_other(office: Office, site: Site) -> None:
    port = site.url.rpartition(":")[2]
    hanging = [f"treo-{number}.noi-bo" for number in range(70)]
    office.clock = NamingClock({**dict.fromkeys(hanging, "hangs"), "bao.noi-bo": [["127.0.0.1"]]})
    link = f"http://bao.noi-bo:{port}/tin/cong-nghet-1.html"
    site.put("/tin/cong-nghet-1.html", article_page(TITLE))
    site.put("/rss", rss([(link, TITLE, "", TODAY)]), content_type=RSS)
    outlets = [{"key": name.replace(".", "-"), "home": f"http://{name}", "sources": []} for name in hanging]
    outlets.append({"key": "bao", "sources": [{"kind": "feed", "url": f"http://bao.noi-bo:{port}/rss"}]})
    summary = office.crawl(office.settings(*outlets, private_hosts=["bao.noi-bo"], timeout_seconds=4))
    assert office.articles()[TITLE].body
    assert [failure.what for failure in summary.failures] == [
        "cannot be reached: its host's name is unknown"
    ] * 70


# The same with a person waiting


def test_single_requests_go_nowhere_inside(site: Site, neighbour: Site) -> None:
    neighbour.put("/tin/bi-mat.html", article_page("Bí mật"))
    settings = office_settings(timeout_seconds=3)
    for link in ways_inside(site, neighbour.url):
        # What is typed is named, and what it leads to is not; a page that reloads itself is not followed.
        if link.startswith(site.url) and "tai-lai" not in link:
            with pytest.raises(CannotFetch, match=REFUSED):
                Fetcher(settings, named=(link,)).get(link)
        elif not link.startswith(site.url):
            with pytest.raises(CannotFetch, match=REFUSED):
                Fetcher(settings).get(link)
    redirect(site, "/robots.txt", f"{neighbour.url}/robots.txt")
    assert "is inside a network" in str(complaint(site.put("/", "x"), settings))
    assert neighbour.asked == []


def test_what_is_typed_is_asked_and_what_it_names_is_not(site: Site, neighbour: Site) -> None:
    neighbour.put("/rss", rss([]), content_type=RSS)
    own = site.put("/rss", rss([]), content_type=RSS)
    home = site.put("/", f'<a href="{neighbour.url}/rss">RSS</a><a href="/rss">RSS</a>')
    found = find_sources(home, office_settings(), NOW)
    assert [feed.url for feed in found.feeds] == [own]
    assert neighbour.asked == []


def test_single_requests_check_the_address_they_connect_to(
    site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [["169.254.169.254", "127.0.0.1"], ["127.0.0.1"], ["169.254.169.254"]]
    monkeypatch.setattr(socket, "getaddrinfo", Names({"bao.noi-bo": answers, "la.noi-bo": [["127.0.0.1"]]}))
    port = site.url.rpartition(":")[2]
    url = f"http://bao.noi-bo:{port}/rss"
    site.put("/rss", "x")
    fetcher = Fetcher(office_settings(private_hosts=["bao.noi-bo"]), named=(url,))
    assert fetcher.get(url).body == b"x"
    with pytest.raises(CannotFetch, match=r"leads to 169\.254\.169\.254, inside a network"):
        fetcher.get(url)
    strange = f"http://la.noi-bo:{port}/rss"
    with pytest.raises(CannotFetch, match=r"add la\.noi-bo to crawler\.private_hosts"):
        Fetcher(office_settings(), named=(strange,)).get(strange)
    assert [path for path, _ in site.asked] == ["/robots.txt", "/rss"]
    assert site.asked[0][1]["host"] == f"bao.noi-bo:{port}"


# Behind a proxy


class _Proxy(BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path)
        body = rss([]).encode() if self.path.endswith("/rss") else b""
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", RSS)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def through_a_proxy(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What is asked of the proxy that this machine goes through from now on."""
    asked: list[str] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Proxy", (_Proxy,), {"asked": asked}))
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.delenv("no_proxy", raising=False)
    yield asked
    server.shutdown()
    server.server_close()


PROXIED = {
    "http://cong.noi-bo/rss": "leads to 10.0.0.1, inside a network",
    "http://10.0.0.2/tin/x.html": "10.0.0.2 is inside a network",
    "http://chi-proxy-biet.example/rss": None,
}


def test_a_proxy_is_not_sent_inside_either(
    office: Office, through_a_proxy: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    office.clock = NamingClock({"cong.noi-bo": [["10.0.0.1"]]})
    outlets = [
        {"key": f"o{number}", "home": "http://bao.example/", "sources": [{"kind": "feed", "url": url}]}
        for number, url in enumerate(PROXIED)
        if "10.0.0.2" not in url
    ]
    failures = {failure.url: failure.what for failure in office.crawl(office.settings(*outlets)).failures}
    assert list(failures) == ["http://cong.noi-bo/rss"]
    assert str(PROXIED["http://cong.noi-bo/rss"]) in failures["http://cong.noi-bo/rss"]
    asked = ["http://chi-proxy-biet.example/robots.txt", "http://chi-proxy-biet.example/rss"]
    assert through_a_proxy == asked

    monkeypatch.setattr(socket, "getaddrinfo", Names({"cong.noi-bo": [["10.0.0.1"]]}))
    fetcher = Fetcher(office_settings())
    for url, what in PROXIED.items():
        if what is None:
            assert fetcher.get(url).body
        else:
            with pytest.raises(CannotFetch, match=what):
                fetcher.get(url)
    assert through_a_proxy == [*asked, *asked]
