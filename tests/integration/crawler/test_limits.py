"""What a server may cost: size, packed and unpacked, time, headers, redirects, length of an address."""

import gzip
import time
import zlib
from contextlib import ExitStack

import brotli
import pytest
from backports import zstd

from tests.integration.crawler import raw
from tests.integration.crawler.conftest import RSS, TODAY, Office, Site, article_page, office_settings, rss
from tests.integration.crawler.single import complaint

TITLE = "Đèn đỏ hỏng ở ngã tư"
ZEROS = bytes(30_000_000)
TOO_LARGE = "is larger than max_page_bytes when unpacked"


def told_of(office: Office, site: Site, links: dict[str, str], **options: object) -> dict[str, str]:
    """Reads all of them beside a good page; what is told of each, by its name."""
    good = site.put("/tin/den-do-hong-0.html", article_page(TITLE))
    items = [(link, f"{TITLE}: {name}", "", TODAY) for name, link in {**links, "good": good}.items()]
    feed = site.put("/rss", rss(items), content_type=RSS)
    named = [link.split("/")[2] for link in links.values()]
    summary = office.crawl(
        office.settings({"sources": [{"kind": "feed", "url": feed}]}, private_hosts=named, **options)
    )
    assert [title for title, article in office.articles().items() if article.body] == [TITLE]
    told = {failure.url: failure.what for failure in summary.failures}
    return {name: told[link] for name, link in links.items() if link in told}


BOMBS = {
    "gzip": (gzip.compress(ZEROS), "gzip"),
    "deflate": (zlib.compress(ZEROS), "deflate"),
    "raw deflate": (zlib.compress(ZEROS, wbits=-15), "deflate"),
    "br": (brotli.compress(ZEROS, quality=1), "br"),
    "zstd": (zstd.compress(ZEROS), "zstd"),
    "gzip in gzip": (gzip.compress(gzip.compress(ZEROS)), "gzip, gzip"),
    "br in zstd": (zstd.compress(brotli.compress(ZEROS, quality=1)), "br, zstd"),
}


def test_answers_that_grow_when_unpacked(office: Office, site: Site) -> None:
    links = {
        name: site.put(f"/tin/bom-{number}-den-do.html", body, headers={"Content-Encoding": encoding})
        for number, (name, (body, encoding)) in enumerate(BOMBS.items())
    }
    # One failure is told for all of them, with the first's address.
    assert set(told_of(office, site, links).values()) == {f"{TOO_LARGE} (and {len(BOMBS) - 1} more pages)"}
    reasons = {link.reason for link in office.links().values() if "/bom-" in link.url}
    assert reasons == {TOO_LARGE}


def test_answers_that_cannot_be_unpacked(office: Office, site: Site) -> None:
    page = article_page(TITLE).encode()
    packings = {
        "gzip": (page, "gzip"),
        "br": (page, "br"),
        "zstd": (page, "zstd"),
        "deflate": (b"\xff" * 99, "deflate"),
        "thrice": (gzip.compress(gzip.compress(gzip.compress(page))), "gzip, gzip, gzip"),
    }
    links = {
        name: site.put(f"/tin/hong-{number}-den-do.html", body, headers={"Content-Encoding": encoding})
        for number, (name, (body, encoding)) in enumerate(packings.items())
    }
    (told,) = told_of(office, site, links).values()
    assert told == f"is packed in a way that cannot be unpacked (and {len(packings) - 1} more pages)"


BEHAVIOURS = {
    "drip_body": "does not answer in time (timeout_seconds)",
    "drip_head": "does not answer in time (timeout_seconds)",
    "endless_head": "has more headers than any real server sends",
    "endless_line": "has more headers than any real server sends",
    "endless_patience": "has more headers than any real server sends",
    "endless_body": "is larger than max_page_bytes and was not read to its end",
    "no_http": "is no web server: its answer is not HTTP",
}


def test_servers_that_do_not_end(office: Office, site: Site) -> None:
    with ExitStack() as servers:
        links = {
            name: f"{servers.enter_context(raw.answering(getattr(raw, name)))}/tin/den-do-hong-1.html"
            for name in BEHAVIOURS
        }
        # A host that hangs is asked once more for its robots.txt: the limits hold there too.
        started = time.monotonic()
        told = told_of(office, site, links, timeout_seconds=1.5, max_page_bytes=100_000)
        assert time.monotonic() - started < 30
    # What several meet is told once, with the first's address.
    said = {what.partition(" (and")[0] for what in told.values()}
    assert said == set(BEHAVIOURS.values())
    reasons = {link.url: link.reason for link in office.links().values()}
    assert {name: reasons[link] for name, link in links.items()} == BEHAVIOURS


@pytest.mark.parametrize(
    ("behaviour", "what"),
    [
        ("drip_body", "does not answer within 0.7 seconds"),
        ("drip_head", "does not answer within 0.7 seconds"),
        ("endless_head", "got more than 100 headers"),
        ("endless_line", "got more than 65536 bytes"),
        ("endless_patience", "does not answer within 0.7 seconds"),
        ("endless_body", "is larger than max_page_bytes (20000 bytes)"),
        ("no_http", "cannot be read: SSH-2.0"),
    ],
)
def test_single_requests_do_not_go_on_for_ever(behaviour: str, what: str) -> None:
    with raw.answering(getattr(raw, behaviour)) as url:
        started = time.monotonic()
        said = str(complaint(f"{url}/", office_settings(timeout_seconds=0.7, max_page_bytes=20_000)))
        assert what in said
        assert time.monotonic() - started < 5


def test_single_requests_unpack_within_the_limit(site: Site) -> None:
    settings = office_settings(max_page_bytes=20_000)
    packed = {"headers": {"Content-Encoding": "gzip"}}
    assert complaint(site.put("/nho", gzip.compress(b"x" * 10_000), **packed), settings) is None
    assert "is larger than" in str(
        complaint(site.put("/to", gzip.compress(b"x" * 10_000_000), **packed), settings)
    )
    assert "cannot be unpacked" in str(complaint(site.put("/hong", b"xxxxxx", **packed), settings))


def test_redirects_and_lengths(office: Office, site: Site) -> None:
    def hops(name: str, number: int) -> str:
        for hop in range(number):
            site.put(
                f"/{name}/den-do-{hop}.html",
                "",
                status=302,
                headers={"Location": f"/{name}/den-do-{hop + 1}.html"},
            )
        site.put(f"/{name}/den-do-{number}.html", article_page(f"{TITLE}: {name}"))
        return f"{site.url}/{name}/den-do-0.html"

    refresh = '<html><head><meta http-equiv="Refresh" content="1; url={}"></head></html>'
    circle = site.put("/tin/tai-lai-1.html", refresh.format("/tin/tai-lai-1.html"))
    mixed = site.put("/tin/tai-lai-2.html", refresh.format("/six/den-do-0.html"))
    long = site.put("/tin/" + "a" * 2_100 + "-1.html", article_page("Dài"))
    links = {
        "five": hops("five", 5),
        "six": hops("six", 6),
        "mixed": mixed,
        "circle": circle,
        "long": site.put("/tin/dai-1.html", "", status=301, headers={"Location": long}),
        "no address": site.put("/tin/khong-1.html", "", status=301, headers={"Location": "http://[::1"}),
        "file": site.put("/tin/tep-1.html", "", status=301, headers={"Location": "file:///etc/passwd"}),
        "credentials": f"http://u:p@{site.url[7:]}/tin/den-do-hong-1.html",
    }
    items = [(link, f"{TITLE}: {name}", "", TODAY) for name, link in links.items()]
    feed = site.put("/rss", rss(items), content_type=RSS)
    office.crawl(office.settings({"sources": [{"kind": "feed", "url": feed}]}))
    assert [title for title, article in office.articles().items() if article.body] == [f"{TITLE}: five"]
    kept = office.links()
    reasons = {
        name: (kept[link].reason or "").partition(":")[0] for name, link in links.items() if link in kept
    }
    none, often = "is no web address that is asked for", "redirects in a circle or too often"
    assert reasons == {
        "five": "",
        "six": often,
        "mixed": often,
        "circle": often,
        "long": none,
        "no address": none,
        "file": none,
        "credentials": none,
    }
    assert site.times(long.removeprefix(site.url)) == 0
