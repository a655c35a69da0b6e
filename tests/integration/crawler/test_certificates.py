"""Who a host is, is proven by its certificate, or it is not read."""

import datetime
import ssl
import warnings
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import trustme

from tests.integration.crawler.conftest import (
    RSS,
    TODAY,
    Office,
    Site,
    article_page,
    office_settings,
    rss,
    serving,
)
from tests.integration.crawler.names import NamingClock
from tests.integration.crawler.single import complaint

TITLE = "Xe buýt bỏ bến"
PAST = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
BAD = {
    "expired": "it has expired, or nobody known vouches for it",
    "unknown": "it has expired, or nobody known vouches for it",
    "another name": "it is for another name",
}


def _context(authority: trustme.CA, name: str, expires: datetime.datetime | None = None) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(name, not_after=expires).configure_cert(context)
    return context


def _old() -> ssl.SSLContext:
    """Speaks TLS 1.1 and no later one."""
    context = _context(trustme.CA(), "127.0.0.1")
    context.set_ciphers("ALL:@SECLEVEL=0")
    with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
    return context


@pytest.fixture
def sites(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, Site]]:
    """One for each make of certificate; this machine trusts the authority of all but one."""
    trusted = trustme.CA()
    trusted.cert_pem.write_to_path(tmp_path / "trusted.pem")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "trusted.pem"))
    makes = {
        "good": _context(trusted, "127.0.0.1"),
        "by name": _context(trusted, "bao.noi-bo"),
        "expired": _context(trusted, "127.0.0.1", PAST),
        "unknown": _context(trustme.CA(), "127.0.0.1"),
        "another name": _context(trusted, "khac.example"),
    }
    with ExitStack() as servers:
        yield {make: servers.enter_context(serving(tls)) for make, tls in makes.items()}


def feeds(sites: dict[str, Site]) -> dict[str, str]:
    urls = {}
    for make, site in sites.items():
        base = site.url.replace("127.0.0.1", "bao.noi-bo") if make == "by name" else site.url
        site.put("/tin/xe-buyt-bo-ben-1.html", article_page(f"{TITLE}: {make}"))
        items = [(f"{base}/tin/xe-buyt-bo-ben-1.html", f"{TITLE}: {make}", "", TODAY)]
        site.put("/rss", rss(items), content_type=RSS)
        urls[make] = f"{base}/rss"
    return urls


def test_only_hosts_that_prove_who_they_are_are_read(office: Office, sites: dict[str, Site]) -> None:
    office.clock = NamingClock({"bao.noi-bo": [["127.0.0.1"]]})
    urls = feeds(sites)
    outlets = [
        {"key": make.replace(" ", "-"), "sources": [{"kind": "feed", "url": url}]}
        for make, url in urls.items()
    ]
    summary = office.crawl(office.settings(*outlets, private_hosts=["bao.noi-bo"]))
    assert set(office.articles()) == {f"{TITLE}: good", f"{TITLE}: by name"}
    assert {failure.url: failure.what for failure in summary.failures} == {
        urls[make]: f"cannot be trusted: its host's certificate is no good, {why}"
        for make, why in BAD.items()
    }
    assert all("SSL_CERT_FILE" in failure.remedy for failure in summary.failures)
    assert [make for make, site in sites.items() if site.asked] == ["good", "by name"]


def test_a_host_that_speaks_only_what_is_broken(office: Office) -> None:
    with serving(_old()) as site:
        (failure,) = office.crawl(
            office.settings({"sources": [{"kind": "feed", "url": f"{site.url}/rss"}]})
        ).failures
        assert "its host offers no TLS that is safe today" in failure.what
        said = str(complaint(f"{site.url}/rss", office_settings()))
        assert "its host offers no TLS that is safe today" in said
    assert site.asked == []


@pytest.mark.parametrize(
    ("make", "why"),
    [
        ("expired", "certificate has expired"),
        ("unknown", "unable to get local issuer certificate"),
        ("another name", "IP address mismatch"),
    ],
)
def test_single_requests_trust_no_other(sites: dict[str, Site], make: str, why: str) -> None:
    assert complaint(sites["good"].put("/a", "x"), office_settings()) is None
    said = str(complaint(sites[make].put("/a", "x"), office_settings()))
    assert "cannot be trusted: its host's certificate is no good" in said
    assert why in said
    assert sites[make].asked == []
