"""From where somebody asks, as limits count it."""

from ipaddress import IPv6Address, IPv6Network, ip_address

from starlette.requests import Request

LINE = 64
"""bits of an IPv6 address that the line has: the others its holder may choose anew for each request"""


def caller(request: Request) -> str:
    written = request.client.host if request.client else ""
    try:
        address = ip_address(written)
    except ValueError:
        return written
    if not isinstance(address, IPv6Address):
        return written
    return str(address.ipv4_mapped or IPv6Network((int(address), LINE), strict=False))
