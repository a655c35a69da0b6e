"""Of what kind a trouble is; apart from the troubles themselves, which load half a network library."""

from typing import Literal

TroubleKind = Literal[
    "name",
    "connection",
    "proxy",
    "not_http",
    "certificate",
    "tls",
    "timeout",
    "broken",
    "too_large",
    "redirects",
    "address",
    "robots",
    "robots_unknown",
    "gone",
    "forbidden",
    "overloaded",
    "server",
    "status",
    "format",
    "folder",
    "own",
]
"""by which it is told to others than the operator, in their words; address: it is none, or may not be asked;
status: another that is no page; format: it is not what the configuration calls it; own: this program's"""
