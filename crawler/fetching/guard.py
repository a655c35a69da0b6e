"""What may be asked: see docs/decisions/0012-what-may-be-asked.md."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple, Self
from urllib.parse import urlsplit

from crawler.fetching.networks import (
    Address,
    host_and_port,
    host_of,
    is_of_an_office,
    is_public,
    literal,
)
from crawler.settings import CrawlerSettings

LONGEST_ADDRESS = 2_048
_PORTS = {"http": 80, "https": 443}


class Refused(Exception):
    """An address is not asked for. `what` ends a sentence that begins with the address."""

    lasting = True
    """another try would tell the same"""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy


class NotAWebAddress(Refused):
    def __init__(self, what: str) -> None:
        super().__init__(f"is no web address that is asked for: {what}", "check the address")


class PortNotNamed(Refused):
    def __init__(self, host: str, port: int) -> None:
        super().__init__(
            f"is not asked for: it is on port {port}, not 80 or 443",
            f"if it is to be read, name it as an outlet's home or source, or {host}:{port} in "
            "crawler.private_hosts",
        )


class PrivateHost(Refused):
    """A host that spells an address inside a network."""

    def __init__(self, host: str) -> None:
        super().__init__(
            f"is not asked for: {host} is inside a network, not on the Internet",
            "if this host is meant, name it as an outlet's home or source; else take the address out",
        )


class PrivateAddress(Refused):
    """A name that leads inside a network; what a name leads to may change."""

    lasting = False

    def __init__(self, host: str, address: Address) -> None:
        remedy = "tell the outlet that its name leads astray"
        if is_of_an_office(address):
            remedy = (
                f"if it is a host of the office's own, add {host} to crawler.private_hosts; else {remedy}"
            )
        super().__init__(f"is not asked for: its host's name leads to {address}, inside a network", remedy)


class Place(NamedTuple):
    """Where an address leads; the host as the network knows it."""

    scheme: str
    host: str
    port: int

    @property
    def origin(self) -> str:
        """By which a host is remembered: "https://example.vn", "http://127.0.0.1:8080"."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + (f":{self.port}" if self.port != _PORTS[self.scheme] else "")


@lru_cache(maxsize=1_000)
def place_of(url: str) -> Place:
    """Raises NotAWebAddress for all that two programs might read differently."""
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme, parts.hostname or "", parts.port
    except ValueError as error:
        raise NotAWebAddress(str(error)) from error
    if scheme not in _PORTS:
        raise NotAWebAddress("it must begin with http:// or https://")
    if "@" in parts.netloc:
        raise NotAWebAddress("it carries a name or a password")
    return Place(scheme, _host(host), _PORTS[scheme] if port is None else port)


def _host(host: str) -> str:
    try:
        return host_of(host)
    except ValueError as error:
        raise NotAWebAddress(str(error)) from error


@dataclass(frozen=True)
class Guard:
    named: frozenset[tuple[str, int]]
    """host and port of what the configuration names"""
    private: frozenset[tuple[str, int | None]]
    """names that may lead into the office's own network; None: at any port that may be asked"""
    proxies: frozenset[tuple[str, int]] = frozenset()
    """through which this machine reaches the Internet: connected to, never asked for pages"""

    @classmethod
    def of(
        cls, settings: CrawlerSettings, also: Iterable[str] = (), proxies: Mapping[str, str] | None = None
    ) -> Self:
        """`also`: addresses that the operator has typed; `proxies`: as `urllib.request.getproxies` gives."""
        private = [host_and_port(entry) for entry in settings.private_hosts]
        named = {endpoint for url in (*_configured(settings), *also) if (endpoint := _endpoint(url))}
        for host, port in private:
            if port is not None:
                named.add((host, port))
            elif literal(host):
                named.update((host, usual) for usual in _PORTS.values())
        return cls(
            named=frozenset(named),
            private=frozenset(private),
            proxies=frozenset(_proxy_endpoints(proxies or {})),
        )

    def check(self, url: str) -> Place:
        """Raises Refused; where a name leads is seen only when it is connected to: `permits`."""
        if len(url) > LONGEST_ADDRESS:
            raise NotAWebAddress(f"it is longer than {LONGEST_ADDRESS} characters")
        place = place_of(url)
        _, host, port = place
        if (host, port) in self.named:
            return place
        address = literal(host)
        if (address and not is_public(address)) or (_is_localhost(host) and not self._is_private(host, port)):
            raise PrivateHost(host)
        if port not in _PORTS.values() or (host, port) in self.proxies:
            raise PortNotNamed(host, port)
        return place

    def permits(self, host: str, port: int, address: Address) -> bool:
        """Whether the address that a host has right now may be connected to."""
        spelled = literal(host)
        host = str(spelled) if spelled else host.lower().removesuffix(".")
        if is_public(address) or self._is_proxy(host, port):
            return True
        if spelled:
            return (host, port) in self.named
        named = self._is_private(host, port) or (host == "localhost" and (host, port) in self.named)
        return named and is_of_an_office(address)

    def _is_private(self, host: str, port: int) -> bool:
        return bool(self.private & {(host, None), (host, port)})

    def _is_proxy(self, host: str, port: int) -> bool:
        # Twisted looks up a tunnel's proxy without telling the port.
        return any(host == proxy and port in {0, proxy_port} for proxy, proxy_port in self.proxies)


def _is_localhost(host: str) -> bool:
    return host == "localhost" or host.endswith(".localhost")


def _configured(settings: CrawlerSettings) -> Iterable[str]:
    for outlet in settings.outlets:
        yield str(outlet.home)
        for source in outlet.sources:
            if source.url is not None:
                yield str(source.url)


def _endpoint(url: str) -> tuple[str, int] | None:
    try:
        _, host, port = place_of(url)
    except NotAWebAddress:
        return None
    return host, port


def _proxy_endpoints(proxies: Mapping[str, str]) -> Iterable[tuple[str, int]]:
    """Of "proxy.example:3128", "http://name:password@proxy.example:3128"."""
    # Beside them the environment gives what is not to go through them, under "no".
    for url in (proxies[scheme] for scheme in _PORTS if scheme in proxies):
        if endpoint := _endpoint(f"http://{url.rpartition('://')[2].rpartition('@')[2]}"):
            yield endpoint
