"""One request over one connection: to an address that was checked, within a time for all of it."""

import io
import socket
import ssl
import time
import zlib
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any
from urllib.parse import unquote, urlsplit
from urllib.request import proxy_bypass

from w3lib.url import safe_url_string

from crawler.addresses import is_loopback
from crawler.fetching.guard import Guard, Place, PrivateAddress
from crawler.fetching.names import look_up_within
from crawler.fetching.networks import literal


class UnknownHost(Exception):
    """The host's name has no address."""


class TooMuch(Exception):
    """The answer, packed or unpacked, is larger than the limit."""


class Deadline:
    """For a request as a whole: a server that drips one byte a second meets it too."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Raises TimeoutError when nothing is."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes
    whole: bool
    """False: it was longer, and that was said to be all right"""


@dataclass(frozen=True)
class Limits:
    seconds: float
    bytes: int
    cut: bool = False
    """what is longer is cut off, not refused"""


def ask(
    url: str,
    place: Place,
    guard: Guard,
    proxies: Mapping[str, str],
    headers: Mapping[str, str],
    limits: Limits,
) -> Answer:
    """One GET, redirects not followed.

    Raises OSError, HTTPException, UnknownHost, TooMuch and guard's Refused.
    """
    deadline = Deadline(limits.seconds)
    proxy = _proxy(url, place, proxies)
    connection, target, more = _prepare(url, place, proxy)
    if proxy:
        _check_behind_proxy(place, guard, deadline)
    connection._create_connection = partial(_connect, guard, deadline)  # type: ignore[attr-defined]  # noqa: SLF001
    connection.response_class = partial(_Timely, deadline=deadline)  # type: ignore[assignment]
    try:
        connection.request("GET", target, headers={**headers, **more, "Connection": "close"})
        answer = connection.getresponse()
        with answer:
            body = answer.read(limits.bytes + 1)
            return _answer(answer, body, limits)
    finally:
        connection.close()


def _answer(answer: HTTPResponse, body: bytes, limits: Limits) -> Answer:
    whole = len(body) <= limits.bytes
    if not whole and not limits.cut:
        raise TooMuch
    if whole and answer.length:
        raise HTTPException("it broke off before its end")
    body = _unpacked(body[: limits.bytes], answer.headers.get("Content-Encoding"), limits)
    return Answer(answer.status, dict(answer.headers.items()), body, whole)


def _unpacked(body: bytes, encoding: str | None, limits: Limits) -> bytes:
    """gzip and deflate, though neither was asked for; what else is sent unasked is not read."""
    packing = (encoding or "identity").strip().lower()
    if packing in {"identity", ""}:
        return body
    if packing not in {"gzip", "x-gzip", "deflate"}:
        raise HTTPException(f"it is packed as {packing}, unasked")
    try:
        # 32 + 15: gzip or zlib, as its head says.
        unpacked = zlib.decompressobj(47).decompress(body, limits.bytes + 1)
    except zlib.error as error:
        raise HTTPException("it cannot be unpacked") from error
    if len(unpacked) > limits.bytes and not limits.cut:
        raise TooMuch
    return unpacked[: limits.bytes]


def _proxy(url: str, place: Place, proxies: Mapping[str, str]) -> str | None:
    if is_loopback(url) or proxy_bypass(place.host):
        return None
    return proxies.get(place.scheme)


def _prepare(url: str, place: Place, proxy: str | None) -> tuple[HTTPConnection, str, dict[str, str]]:
    """The connection, what is asked for over it, and headers beside the usual ones."""
    secure = place.scheme == "https"
    parts = urlsplit(safe_url_string(url))
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    if proxy is None:
        if secure:
            return HTTPSConnection(place.host, place.port, context=_tls()), target, {}
        return HTTPConnection(place.host, place.port), target, {}
    through = urlsplit(f"//{proxy.rpartition('://')[2]}")
    login = _login(through.username, through.password)
    if secure:
        connection = HTTPSConnection(through.hostname or "", through.port or 80, context=_tls())
        connection.set_tunnel(place.host, place.port, headers=login)
        return connection, target, {}
    return HTTPConnection(through.hostname or "", through.port or 80), f"{place.origin}{target}", login


def _tls() -> ssl.SSLContext:
    """Certificates are verified, against what this machine trusts or SSL_CERT_FILE names."""
    return ssl.create_default_context()


def _login(name: str | None, password: str | None) -> dict[str, str]:
    if name is None:
        return {}
    pair = f"{unquote(name)}:{unquote(password or '')}"
    return {"Proxy-Authorization": f"Basic {b64encode(pair.encode()).decode()}"}


def _check_behind_proxy(place: Place, guard: Guard, deadline: Deadline) -> None:
    """As the spider does it: see middlewares.BehindProxy."""
    addresses = [] if literal(place.host) else look_up_within(place.host, deadline.left())
    if addresses and not any(guard.permits(place.host, place.port, address) for address in addresses):
        raise PrivateAddress(place.host, addresses[0])


def _connect(guard: Guard, deadline: Deadline, endpoint: tuple[str, int], *_: Any) -> socket.socket:
    """In place of http.client's own way, which would look the name up once more."""
    host, port = endpoint
    spelled = literal(host)
    addresses = [spelled] if spelled else look_up_within(host, deadline.left())
    permitted = [address for address in addresses if guard.permits(host, port, address)]
    if not addresses:
        raise UnknownHost
    if not permitted:
        raise PrivateAddress(host, addresses[0])
    for last, address in enumerate(permitted, 1 - len(permitted)):
        try:
            return socket.create_connection((str(address), port), deadline.left())
        except OSError:
            if last == 0:
                raise
    raise UnknownHost


class _Timely(HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, deadline: Deadline, **options: Any) -> None:
        super().__init__(sock, *args, **options)
        self.fp.close()
        self.fp = io.BufferedReader(_Reader(sock, deadline))


class _Reader(io.RawIOBase):
    """Reads with what is left of the time, where a socket would give each reading all of it."""

    def __init__(self, sock: socket.socket, deadline: Deadline) -> None:
        self._sock = sock
        self._deadline = deadline
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._sock.settimeout(self._deadline.left())
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()
