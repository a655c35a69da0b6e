"""What may be asked: addresses, ports, networks."""

import ipaddress
from typing import Any

import pytest
from pydantic import ValidationError

from crawler.fetching.guard import (
    Guard,
    NotAWebAddress,
    PortNotNamed,
    PrivateHost,
    Refused,
    place_of,
)
from crawler.fetching.networks import is_of_an_office, is_public
from crawler.settings import CrawlerSettings


def guard(
    *sources: str, home: str = "https://bao.example.vn", also: tuple[str, ...] = (), **options: Any
) -> Guard:
    proxies = options.pop("proxies", None)
    outlet = {
        "key": "bao",
        "name": "Báo",
        "kind": "newspaper",
        "home": home,
        "sources": [{"kind": "feed", "url": url} for url in sources],
    }
    settings = {"contact": "phong@example.vn", "outlets": [outlet], **options}
    return Guard.of(CrawlerSettings.model_validate(settings), also, proxies)


PUBLIC = ["8.8.8.8", "203.162.1.1", "1.1.1.1", "2606:4700::1111", "64:ff9b::8.8.8.8", "2002:808:808::1"]
INSIDE = {
    "unspecified": ["0.0.0.0", "0.1.2.3", "::"],  # noqa: S104
    "loopback": ["127.0.0.1", "127.255.255.254", "::1"],
    "private": ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1"],
    "CGNAT": ["100.64.0.1", "100.127.255.255"],
    "link-local": ["169.254.0.1", "fe80::1", "febf::1"],
    "metadata": ["169.254.169.254", "100.100.100.200", "168.63.129.16", "192.0.0.192", "fd00:ec2::254"],
    "unique-local": ["fc00::1", "fdff::1"],
    "site-local": ["fec0::1"],
    "multicast": ["224.0.0.1", "239.255.255.255", "ff02::1"],
    "reserved": ["240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1", "203.0.113.9", "100::1"],
    "not given out": ["4000::1", "5f00::1", "::2:3"],
    "documentation": ["2001:db8::1", "3fff::1"],
    "carries IPv4": [
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::10.0.0.1",
        "64:ff9b:1::1",
        "2002:7f00:1::",
        "2002:a9fe:a9fe::",
        "2001:0:a00:1::1",
        "::127.0.0.1",
    ],
}  # fmt: skip


@pytest.mark.parametrize("address", PUBLIC)
def test_what_is_on_the_internet(address: str) -> None:
    assert is_public(ipaddress.ip_address(address))
    assert guard().permits("bao.example.vn", 443, ipaddress.ip_address(address))


@pytest.mark.parametrize(("kind", "address"), [(k, one) for k, some in INSIDE.items() for one in some])
def test_what_lies_inside_a_network(kind: str, address: str) -> None:
    inside = ipaddress.ip_address(address)
    assert not is_public(inside)
    # Not even for a name that the configuration reads from: a name may be led astray.
    assert not guard().permits("bao.example.vn", 443, inside)
    # And not by its spelling, in any scheme.
    host = f"[{address}]" if ":" in address else address
    for url in (f"http://{host}/", f"https://{host}/"):
        with pytest.raises(PrivateHost):
            guard().check(url)


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("10.1.2.3", True),
        ("192.168.0.9", True),
        ("127.0.0.1", True),
        ("100.64.1.1", True),
        ("fd12::1", True),
        ("::1", True),
        ("::ffff:10.0.0.1", True),
        ("169.254.169.254", False),
        ("100.100.100.200", False),
        ("fd00:ec2::254", False),
        ("fe80::1", False),
        ("224.0.0.1", False),
        ("0.0.0.0", False),  # noqa: S104
    ],
)
def test_where_a_private_host_may_lie(address: str, allowed: bool) -> None:
    assert is_of_an_office(ipaddress.ip_address(address)) == allowed
    private = guard(private_hosts=["cong.noi-bo"])
    assert private.permits("cong.noi-bo", 443, ipaddress.ip_address(address)) == allowed
    assert private.permits("CONG.noi-bo.", 80, ipaddress.ip_address(address)) == allowed
    assert not private.permits("khac.noi-bo", 443, ipaddress.ip_address(address))


REFUSED_SPELLINGS = [
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.1/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://127.0.0.1./",
    "http://127.0.0.1.:80/",
    "http://１２７.0.0.1/",
    "http://127。0。0。1/",
    "http://localhost/",
    "http://LOCALHOST./",
    "http://a.localhost/",
    "https://[::1]/",
    "https://[::ffff:7f00:1]/",
    "https://[fe80::1%25eth0]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://0/",
    "http://0x/",
    "http://example.1/",
]


@pytest.mark.parametrize("url", REFUSED_SPELLINGS)
def test_odd_spellings_of_this_machine(url: str) -> None:
    with pytest.raises((PrivateHost, NotAWebAddress)):
        guard().check(url)


@pytest.mark.parametrize(
    "url",
    [
        "ftp://bao.example.vn/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,x",
        "//bao.example.vn/",
        "/tin",
        "",
        "http://",
        "http:///tin",
        "http://a:b@bao.example.vn/",
        "http://a@bao.example.vn/",
        "http://bao.example.vn\\@ke-xau.example/",
        "http://bao.example.vn:99999/",
        "http://bao.example.vn:x/",
        "http://[::1/",
        "http://bao..example.vn/",
        "http://bao example.vn/",
        "http://bao%2eexample.vn/",
        "http://" + "a" * 64 + ".vn/",
        "http://bao.example.vn/" + "a" * 2_048,
    ],
)
def test_what_is_no_web_address(url: str) -> None:
    with pytest.raises(NotAWebAddress) as refused:
        guard().check(url)
    assert refused.value.remedy


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://Bao.Example.VN/tin?a=b#c", "https://bao.example.vn"),
        ("https://bao.example.vn.:443/", "https://bao.example.vn"),
        ("http://bao.example.vn:443/", "http://bao.example.vn:443"),
        ("http://bao_nha.example.vn", "http://bao_nha.example.vn"),
        ("https://báo.vn/", "https://xn--bo-mia.vn"),
        ("http://[2606:4700:0::1111]/", "http://[2606:4700::1111]"),
        ("http://1.1.1.1:80/x", "http://1.1.1.1"),
    ],
)
def test_what_may_be_asked_and_the_name_it_has(url: str, origin: str) -> None:
    assert guard().check(url).origin == origin == place_of(url).origin


def test_ports() -> None:
    named = guard("https://bao.example.vn:8443/rss", home="http://cong.example.vn:8080/")
    for url in ("https://bao.example.vn:8443/tin", "http://cong.example.vn:8080/x", "http://khac.vn:443/"):
        named.check(url)
    for url in ("https://bao.example.vn:8080/", "http://khac.vn:8443/", "http://bao.example.vn:22/"):
        with pytest.raises(PortNotNamed) as refused:
            named.check(url)
        assert "crawler.private_hosts" in refused.value.remedy
    guard(private_hosts=["khac.vn:8443"]).check("http://khac.vn:8443/")
    with pytest.raises(PortNotNamed):
        guard(private_hosts=["khac.vn"]).check("http://khac.vn:8443/")


def test_what_the_configuration_names_inside_a_network() -> None:
    loopback, office = ipaddress.ip_address("127.0.0.1"), ipaddress.ip_address("10.0.0.5")
    named = guard("http://127.0.0.1:8001/rss", "http://localhost:8002/rss", home="http://10.0.0.5")
    for url in ("http://127.0.0.1:8001/tin", "http://localhost:8002/tin", "http://10.0.0.5/"):
        named.check(url)
    for url in ("http://127.0.0.1:8002/", "http://127.0.0.1/", "http://localhost/", "https://10.0.0.5/"):
        with pytest.raises(Refused):
            named.check(url)
    assert named.permits("127.0.0.1", 8001, loopback)
    assert named.permits("localhost", 8002, loopback)
    assert named.permits("10.0.0.5", 80, office)
    assert not named.permits("127.0.0.1", 8002, loopback)
    assert not named.permits("localhost", 8001, loopback)
    assert not named.permits("bao.example.vn", 8001, loopback)


def test_a_name_inside_a_network_must_be_a_private_host() -> None:
    office = ipaddress.ip_address("10.0.0.5")
    home = "http://cong.noi-bo:8080"
    assert not guard(home=home).permits("cong.noi-bo", 8080, office)
    assert guard(home=home, private_hosts=["cong.noi-bo"]).permits("cong.noi-bo", 8080, office)
    assert guard(home=home, private_hosts=["cong.noi-bo:8080"]).permits("cong.noi-bo", 8080, office)
    assert not guard(home=home, private_hosts=["cong.noi-bo:8080"]).permits("cong.noi-bo", 80, office)


@pytest.mark.parametrize("entry", ["10.0.0.5", "10.0.0.5:80", "[fd00::5]:80", "fd00::5", "localhost"])
def test_private_hosts_may_be_spelled(entry: str) -> None:
    host = {"[fd00::5]:80": "[fd00::5]", "fd00::5": "[fd00::5]"}.get(entry, entry.partition(":")[0])
    private = guard(private_hosts=[entry])
    private.check(f"http://{host}/")
    inside = {"localhost": "127.0.0.1"}.get(host, host.strip("[]"))
    assert private.permits(host.strip("[]"), 80, ipaddress.ip_address(inside))


@pytest.mark.parametrize(
    "entry",
    [
        "http://10.0.0.5",
        "10.0.0.5/",
        "10.0.0.0/8",
        "cong.noi-bo:abc",
        "cong.noi-bo:99999",
        "cong.noi-bo:0",
        "a@cong.noi-bo",
        "cong noi-bo",
        "cong..noi-bo",
        "[fd00::5",
        "127.1",
        "*.noi-bo",
        "",
    ],
)
def test_private_hosts_that_are_none(entry: str) -> None:
    with pytest.raises(ValidationError, match=r"is no host; write a name or one address") as refused:
        guard(private_hosts=[entry])
    assert refused.value.errors()[0]["loc"] == ("private_hosts", 0)


@pytest.mark.parametrize(("entry", "host"), [("CỔNG.vn", "cổng.vn"), ("fd00:0::5", "[fd00::5]")])
def test_private_hosts_are_taken_as_the_network_knows_them(entry: str, host: str) -> None:
    private = guard(private_hosts=[entry])
    known = private.check(f"http://{host}/").host
    assert private.permits(known, 80, ipaddress.ip_address("fd00::5"))


def test_what_the_operator_types_is_named() -> None:
    typed = guard(also=("http://127.0.0.1:8001/",))
    typed.check("http://127.0.0.1:8001/rss")
    with pytest.raises(Refused):
        typed.check("http://127.0.0.1:8003/")


def test_a_proxy_is_connected_to_and_never_asked_for_pages() -> None:
    proxied = guard(
        proxies={
            "http": "http://ten:mat-khau@proxy.noi-bo:80/",
            "https": "10.0.0.1:3128",
            "no": "mien.noi-bo",
        }
    )
    inside = ipaddress.ip_address("10.0.0.1")
    assert proxied.permits("proxy.noi-bo", 80, inside)
    assert proxied.permits("proxy.noi-bo", 0, inside)
    assert proxied.permits("10.0.0.1", 3128, inside)
    assert not proxied.permits("khac.noi-bo", 80, inside)
    assert not proxied.permits("mien.noi-bo", 80, inside)
    proxied.check("http://mien.noi-bo/")
    for url in ("http://proxy.noi-bo/", "http://10.0.0.1:3128/"):
        with pytest.raises(Refused):
            proxied.check(url)
