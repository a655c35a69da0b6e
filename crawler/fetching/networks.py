"""Which IP addresses are out on the Internet, and which lie inside somebody's network."""

import ipaddress
import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from urllib.parse import urlsplit

Address = IPv4Address | IPv6Address
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9._-]*[a-z0-9_])?")
_ENDS_IN_A_NUMBER = re.compile(r"(?:.*\.)?(?:0x[0-9a-f]*|[0-9]+)")
"""what connecting takes for an IPv4 address, however it is spelled: 127.1, 0x7f000001, 2130706433"""

# IANA's special-purpose registries; spelled out, because what `ipaddress` calls global changes between
# patch releases of Python and counts multicast in.
_CLOSED_V4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",  # between a provider and its customers (CGNAT); a cloud's metadata too
            "127.0.0.0/8",
            "168.63.129.16/32",  # a cloud's metadata at an address that looks public
            "169.254.0.0/16",  # link-local: here most clouds have their metadata
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ),
    )
)
_GLOBAL_V6 = IPv6Network("2000::/3")
"""all that is given out to the Internet; loopback, link-local, unique-local and multicast lie outside"""
_CLOSED_V6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "3fff::/20")))
_NAT64 = IPv6Network("64:ff9b::/96")
_6TO4 = IPv6Network("2002::/16")

_OFFICE_V4 = tuple(
    map(IPv4Network, ("10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"))
)
_OFFICE_V6 = tuple(map(IPv6Network, ("fc00::/7", "::1/128")))
_METADATA = frozenset(
    map(ipaddress.ip_address, ("100.100.100.200", "fd00:ec2::254", "fd20:ce::254"))
)  # fmt: skip
"""where clouds keep their metadata inside networks that an office may have as well"""


def literal(host: str) -> Address | None:
    """The address that a host's name spells; None: it is a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def host_of(spelled: str) -> str:
    """A host as the network knows it; raises ValueError for all that two programs might read differently."""
    if "%" in spelled:
        raise ValueError("its host names a network interface, or is none")
    if address := literal(spelled):
        return str(address)
    try:
        name = spelled.encode("idna").decode().lower().removesuffix(".")
    except UnicodeError as error:
        raise ValueError("its host's name is none") from error
    if address := literal(name):
        return str(address)
    if not _HOST.fullmatch(name) or ".." in name:
        raise ValueError("its host's name is none")
    if _ENDS_IN_A_NUMBER.fullmatch(name):
        raise ValueError("its host is a number, oddly spelled")
    return name


def host_and_port(entry: str) -> tuple[str, int | None]:
    """Of "name", "name:port", "10.0.0.5", "[fd00::5]:8080"; raises ValueError, which says what to write."""
    try:
        if literal(entry):
            return host_of(entry), None
        parts = urlsplit(f"//{entry}")
        no_more = parts.netloc == entry and "@" not in entry and parts.port != 0
        return host_of((parts.hostname or "") if no_more else ""), parts.port
    except ValueError as error:
        raise ValueError(
            f"{entry!r} is no host; write a name or one address, with its port if it is not 80 or 443: "
            "portal.example.vn, portal.example.vn:8080, 10.0.0.5, [fd00::5]:8080"
        ) from error


def is_public(address: Address) -> bool:
    """Whether it is out on the Internet; what carries an IPv4 address inside is judged by that."""
    inner = _inside(address)
    if isinstance(inner, IPv4Address):
        return not any(inner in network for network in _CLOSED_V4)
    return inner in _GLOBAL_V6 and not any(inner in network for network in _CLOSED_V6)


def is_of_an_office(address: Address) -> bool:
    """Whether an office may have it for a machine of its own: never link-local, multicast or metadata."""
    inner = _inside(address)
    if inner in _METADATA:
        return False
    if isinstance(inner, IPv4Address):
        return any(inner in network for network in _OFFICE_V4)
    return any(inner in network for network in _OFFICE_V6)


def _inside(address: Address) -> Address:
    """The IPv4 address that an IPv6 one stands for where it is mapped, translated (NAT64) or tunnelled."""
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped:
        return address.ipv4_mapped
    if address in _NAT64:
        return IPv4Address(address.packed[12:])
    if address in _6TO4:
        return IPv4Address(address.packed[2:6])
    return address
