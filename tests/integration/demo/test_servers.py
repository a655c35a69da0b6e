"""The town's outlets over real HTTP."""

import http.client
import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest
from lxml import etree, html

from crawler.discovery import find_sources
from crawler.settings import CrawlerSettings
from pipeline.clock import LOCAL
from pipeline.config import load_settings
from pipeline.demo.server import TownServers
from pipeline.demo.town import NOTICE, TownArticle, TownOutlet, load_town

EVENING = datetime(2026, 11, 16, 20, 0, tzinfo=LOCAL)


class SetClock:
    def __init__(self) -> None:
        self.moment = EVENING

    def __call__(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def servers(clock: SetClock) -> Iterator[TownServers]:
    with TownServers(load_town(), clock) as servers:
        yield servers


def get(url: str, headers: dict[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(str(parts.hostname), parts.port, timeout=10)
    try:
        target = f"{parts.path}?{parts.query}" if parts.query else parts.path
        connection.request("GET", target, headers=headers or {})
        answer = connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read()
    finally:
        connection.close()


def parsed(page: bytes) -> Any:
    return html.fromstring(page.decode())


def titles_named(servers: TownServers, key: str, path: str) -> set[str]:
    """Titles of the articles to which the source at `path` links."""
    _, _, body = get(servers.bases[key] + path)
    if path == "/sitemaps/news.xml":
        sitemap: Any = etree.fromstring(body)
        urls = sitemap.xpath("//*[local-name()='loc']/text()")
    elif path in ("/thoi-su", "/tin-tuc.aspx"):
        urls = parsed(body).xpath("//a/@href")
    else:
        urls = [entry["link"] for entry in feedparser.parse(body)["entries"]]
    found = [servers.town.find(str(url)) for url in urls]
    return {article.title for article in found if article}


@pytest.mark.parametrize(
    ("key", "path"),
    [
        ("song-cam-moi", "/rss/tin-moi.rss"),
        ("nhip-cang", "/feed.xml"),
        ("xu-dong-hang-ngay", "/atom.xml"),
        ("toan-canh-ngay-moi", "/sitemaps/news.xml"),
        ("dai-cua-bien", "/thoi-su"),
        ("cong-thong-tin-hu-cau", "/tin-tuc.aspx"),
    ],
)
def test_a_source_names_what_is_published_and_nothing_else(
    servers: TownServers, clock: SetClock, key: str, path: str
) -> None:
    for moment in (EVENING - timedelta(days=4), EVENING):
        clock.moment = moment
        expected = {article.title for article in servers.town.published(key, moment)}
        assert titles_named(servers, key, path) == expected
        assert expected


def test_every_article_shows_its_text_and_says_that_it_is_invented(servers: TownServers) -> None:
    for article in servers.town.articles:
        if article.at > EVENING:
            continue
        status, headers, body = get(servers.url_of(article))
        text = " ".join(parsed(body).text_content().split())
        assert status == 200
        assert headers["Content-Type"] == "text/html; charset=utf-8"
        for part in (article.title, article.lead, *article.body, NOTICE):
            assert part in text, article.slug


def test_every_listed_page_says_that_it_is_invented(servers: TownServers) -> None:
    for server in servers.outlets:
        for path in server.outlet.pages:
            _, _, body = get(server.base + path)
            assert "hư cấu" in body.decode(), (server.outlet.key, path)


def article_of(servers: TownServers, slug: str) -> TownArticle:
    return next(article for article in servers.town.articles if article.slug == slug)


def test_an_article_of_tomorrow_is_not_there_yet(servers: TownServers, clock: SetClock) -> None:
    article = article_of(servers, "tien-minh-them-mot-lan-lo-hen")
    assert get(servers.url_of(article))[0] == 404
    clock.moment = article.at
    assert get(servers.url_of(article))[0] == 200


@pytest.mark.parametrize("header", ["ETag", "Last-Modified"])
def test_an_unchanged_feed_answers_304_and_a_changed_one_does_not(
    servers: TownServers, clock: SetClock, header: str
) -> None:
    url = servers.bases["nhip-cang"] + "/feed.xml"
    question = {"ETag": "If-None-Match", "Last-Modified": "If-Modified-Since"}[header]
    _, headers, _ = get(url)
    again = get(url, {question: headers[header]})
    assert (again[0], again[2]) == (304, b"")
    clock.moment = EVENING + timedelta(days=1)
    assert get(url, {question: headers[header]})[0] == 200


def test_tracking_parameters_and_the_amp_variant_lead_to_the_article(servers: TownServers) -> None:
    article = article_of(servers, "ho-sut-giua-duong-cay-sau")
    url = servers.url_of(article)
    _, _, plain = get(url)
    assert get(url + "?utm_source=rss&utm_medium=tin-moi")[2] == plain
    status, _, amp = get(url.replace(urlsplit(url).path, "/amp" + urlsplit(url).path))
    assert status == 200
    assert parsed(amp).xpath("//link[@rel='canonical']/@href") == [url]


def test_the_first_feed_has_the_habits_of_a_careless_program(servers: TownServers) -> None:
    _, _, body = get(servers.bases["song-cam-moi"] + "/rss/tin-moi.rss")
    text = body.decode()
    assert "<![CDATA[<a href=" in text
    assert "</a><br/>" in text
    assert "GMT+7</pubDate>" in text
    assert "utm_source=rss" in text


def test_robots_txt_and_a_page_that_is_not_there(servers: TownServers) -> None:
    assert b"Disallow: /noi-bo/" in get(servers.bases["nhip-cang"] + "/robots.txt")[2]
    assert get(servers.bases["nhip-cang"] + "/khong-co")[0] == 404


@pytest.mark.parametrize("outlet", load_town().outlets, ids=lambda outlet: outlet.key)
def test_what_the_office_reads_is_what_sources_find_names(servers: TownServers, outlet: TownOutlet) -> None:
    base = servers.bases[outlet.key]
    settings = CrawlerSettings(contact="https://example.vn", outlets=(), per_host_delay_seconds=0)
    offered = find_sources(f"{base}/", settings, EVENING).offered
    assert {(source.kind, base + source.path) for source in outlet.sources} <= {
        (source.kind, source.url) for source in offered
    }
    assert all(source.items for source in offered)


def test_json_ld_of_an_article_can_be_read(servers: TownServers) -> None:
    article = article_of(servers, "ho-sut-giua-duong-cay-sau")
    page = parsed(get(servers.url_of(article))[2])
    data = json.loads(page.xpath("//script[@type='application/ld+json']/text()")[0])
    assert data["headline"] == article.title
    assert datetime.fromisoformat(data["datePublished"]) == article.at


def test_an_undated_article_names_no_time_anywhere(servers: TownServers, clock: SetClock) -> None:
    clock.moment = EVENING + timedelta(days=2)
    article = article_of(servers, "quan-karaoke-on-ao-duong-kinh")
    assert "17/11/2026" not in get(servers.url_of(article))[2].decode()


def test_ports_can_be_given_again(clock: SetClock) -> None:
    with TownServers(load_town(), clock) as first:
        ports = [int(base.rpartition(":")[2]) for base in first.bases.values()]
    with TownServers(load_town(), clock, ports) as second:
        assert second.bases == first.bases


def test_the_town_serves_alone_until_it_is_ended(tmp_path: Path) -> None:
    command = [
        sys.executable,
        "-m",
        "pipeline.demo.serve",
        "--out",
        str(tmp_path),
        "--now",
        "2026-11-12T06:50",
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        word, _, path = process.stdout.readline().strip().partition(" ")
        settings = load_settings(Path(path))
        answers = [get(str(outlet.home))[0] for outlet in settings.crawler.outlets]
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0
    assert word == "ready"
    assert answers == [200] * 6
    assert [(auto.topic, auto.min_urgency) for auto in settings.review.auto] == [("*", 0)]
