"""Requests for which a person waits keep to the same manners as the crawl."""

import itertools
import time

import pytest

from crawler.fetching.fetcher import CannotFetch, Fetcher
from tests.integration.crawler import raw
from tests.integration.crawler.conftest import Site, office_settings

TEXT = {"content_type": "text/plain"}


def fetcher(*named: str, **options: object) -> Fetcher:
    return Fetcher(office_settings(timeout_seconds=3, **options), named=named)


def test_addresses_that_are_not_ascii(site: Site) -> None:
    found = site.put("/t%C3%ACm%20ki%E1%BA%BFm?q=%C4%91%C6%B0%E1%BB%9Dng", "x")
    raw_location = "/tìm kiếm?q=đường".encode().decode("latin-1")
    moved = site.put("/cu", "", status=301, headers={"Location": raw_location})
    for url in (found, f"{site.url}/tìm kiếm?q=đường", moved):
        assert fetcher(site.url).get(url).body == b"x"


def test_it_names_itself_and_nothing_else(site: Site) -> None:
    site.put("/cu", "", status=302, headers={"Location": "/moi", "Set-Cookie": "a=b"})
    fetcher(site.url).get(site.put("/moi", "x"))
    fetcher(site.url).get(f"{site.url}/cu")
    assert {headers["user-agent"] for _, headers in site.asked} == {"DanSinh/0.1 (+phong@example.vn)"}
    for _, headers in site.asked:
        assert not {"cookie", "referer", "authorization"} & set(headers)


def test_robots_txt_is_obeyed_at_each_hop(site: Site, neighbour: Site) -> None:
    site.put("/robots.txt", "User-agent: *\nDisallow: /kin", **TEXT)
    neighbour.put("/robots.txt", "User-agent: dansinh\nDisallow: /", **TEXT)
    hops = {"/mo": "/kin/1", "/xa": f"{neighbour.url}/moi"}
    for path, to in hops.items():
        site.put(path, "", status=302, headers={"Location": to})
        with pytest.raises(CannotFetch, match="closed to crawlers"):
            fetcher(site.url, neighbour.url).get(site.url + path)
    assert (site.times("/kin/1"), neighbour.times("/moi")) == (0, 0)


@pytest.mark.parametrize(
    ("status", "what"),
    [(500, "its robots.txt answers 500 Internal Server Error"), (429, "its robots.txt answers 429 Too Many")],
)
def test_a_host_whose_robots_txt_is_not_to_be_had(site: Site, status: int, what: str) -> None:
    site.put("/robots.txt", "", status=status)
    with pytest.raises(CannotFetch, match=what):
        fetcher(site.url).get(site.put("/a", "x"))
    assert site.times("/a") == 0


def test_a_robots_txt_that_never_ends_is_read_as_far_as_it_must_be() -> None:
    def endless(connection: raw.socket.socket, path: str, over: raw.threading.Event) -> None:
        if path == "/robots.txt":
            connection.sendall(raw.HEAD + b"\r\nUser-agent: *\nDisallow: /kin\n")
            while not over.is_set():
                connection.sendall(b"# mai mai\n" * 1000)
        connection.sendall(raw.HEAD + b"Content-Length: 1\r\n\r\nx")

    with raw.answering(endless, robots=True) as url:
        allowed = fetcher(url)
        assert allowed.get(f"{url}/mo").body == b"x"
        with pytest.raises(CannotFetch, match="closed to crawlers"):
            allowed.get(f"{url}/kin")


def test_a_host_is_given_time(site: Site) -> None:
    times: list[float] = []
    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 0.3", **TEXT)
    patient = fetcher(site.url, per_host_delay_seconds=0.1)
    for path in ("/a", "/b", "/c"):
        site.put(path, "x", before=lambda: times.append(time.monotonic()))
        patient.get(site.url + path)
    assert min(later - earlier for earlier, later in itertools.pairwise(times)) >= 0.29

    site.put("/robots.txt", "User-agent: *\nCrawl-delay: 600", **TEXT)
    impatient = fetcher(site.url)
    impatient.get(f"{site.url}/a")
    with pytest.raises(CannotFetch, match="asks for 600 seconds between two requests"):
        impatient.get(f"{site.url}/a")


@pytest.mark.parametrize("encoding", ["br", "gzip, gzip", "x"])
def test_what_was_not_asked_for_is_not_unpacked(site: Site, encoding: str) -> None:
    url = site.put("/a", "x", headers={"Content-Encoding": encoding})
    with pytest.raises(CannotFetch, match="unasked"):
        fetcher(site.url).get(url)


def test_an_answer_that_breaks_off() -> None:
    def short(connection: raw.socket.socket, _path: str, _over: raw.threading.Event) -> None:
        connection.sendall(raw.HEAD + b"Content-Length: 1000\r\n\r\nx")

    with raw.answering(short) as url, pytest.raises(CannotFetch, match="broke off before its end"):
        fetcher(url).get(f"{url}/a")
