"""The last gate before a connection: addresses of names, less those that may not be asked.

It is asked at each connection, also for hosts that spell an address, and remembers no answer: a name whose
address changes after it was checked is checked again.
"""

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any, Literal, Self

from twisted.internet.address import IPv4Address, IPv6Address
from twisted.internet.defer import Deferred
from twisted.internet.interfaces import IHostnameResolver, IHostResolution
from zope.interface import implementer  # type: ignore[import-untyped]

from crawler.fetching.guard import Guard
from crawler.fetching.names import look_up
from crawler.fetching.networks import Address, literal

GUARD = "DANSINH_GUARD"
"""the setting under which Scrapy's parts find it"""

_Done = Callable[[list[Address]], None]


@implementer(IHostResolution)
class _Resolution:
    def __init__(self, name: str) -> None:
        self.name = name

    def cancel(self) -> None:
        raise NotImplementedError


@implementer(IHostnameResolver)
class GuardedResolver:
    def __init__(self, reactor: Any, guard: Guard, seconds: float) -> None:
        self._reactor = reactor
        self._guard = guard
        self._seconds = seconds
        self._waiting: dict[str, list[_Done]] = {}
        self._refused: dict[str, Address] = {}

    @classmethod
    def from_crawler(cls, crawler: Any, reactor: Any) -> Self:
        return cls(reactor, crawler.settings[GUARD], crawler.settings.getfloat("DNS_TIMEOUT"))

    def install_on_reactor(self) -> None:
        self._reactor.installNameResolver(self)

    def refusal(self, name: str) -> Address | None:
        """The address for which the name was last refused; None: it was not."""
        return self._refused.get(name)

    def addresses(self, name: str) -> "Deferred[list[Address]]":
        """All that the name has, none if it is not known in time."""
        found: Deferred[list[Address]] = Deferred()
        self._look_up(name, found.callback)
        return found

    def resolveHostName(  # noqa: N802
        self,
        resolutionReceiver: Any,  # noqa: N803
        hostName: str,  # noqa: N803
        portNumber: int = 0,  # noqa: N803
        addressTypes: Sequence[type[Any]] | None = None,  # noqa: N803
        transportSemantics: Literal["TCP", "UDP"] = "TCP",  # noqa: N803
    ) -> _Resolution:
        """See IHostnameResolver."""
        resolution = _Resolution(hostName)
        resolutionReceiver.resolutionBegan(resolution)

        def hand_over(addresses: list[Address]) -> None:
            for address in self._permitted(hostName, portNumber, addresses):
                kind = IPv4Address if address.version == 4 else IPv6Address
                if addressTypes is None or kind in addressTypes:
                    resolutionReceiver.addressResolved(kind(transportSemantics, str(address), portNumber))
            resolutionReceiver.resolutionComplete()

        if spelled := literal(hostName):
            hand_over([spelled])
        else:
            self._look_up(hostName, hand_over)
        return resolution

    def _permitted(self, name: str, port: int, addresses: list[Address]) -> list[Address]:
        permitted = [address for address in addresses if self._guard.permits(name, port, address)]
        self._refused.pop(name, None)
        if addresses and not permitted:
            self._refused[name] = addresses[0]
        return permitted

    def _look_up(self, name: str, done: _Done) -> None:
        """Those who wait for one name share the question; each waits so long and no longer."""
        if name not in self._waiting:
            self._waiting[name] = []
            # A thread for each name: in a pool, names whose servers hang would hold up all others; and one
            # that still hangs when the crawl ends must not hold up its end.
            threading.Thread(target=self._ask, args=(name,), daemon=True).start()
        self._waiting[name].append(done)
        self._reactor.callLater(self._seconds, self._give_up, name, done)

    def _ask(self, name: str) -> None:
        addresses = look_up(name)
        # A crawl that has ended in the meantime listens no more.
        with suppress(RuntimeError):
            self._reactor.callFromThread(self._answered, name, addresses)

    def _answered(self, name: str, addresses: list[Address]) -> None:
        for done in self._waiting.pop(name, []):
            done(addresses)

    def _give_up(self, name: str, done: _Done) -> None:
        waiting = self._waiting.get(name, [])
        if done in waiting:
            waiting.remove(done)
            done([])
