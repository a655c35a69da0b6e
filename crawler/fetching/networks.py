"""Which IP addresses are out on the Internet, and which lie inside somebody's network."""

import ipaddress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network

Address = IPv4Address | IPv6Address

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
