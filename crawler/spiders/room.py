"""How much may wait in memory between the network, the reading processes and the store."""

import asyncio

_BYTES = 16_000_000
"""of pages downloaded and not read yet: a second's work or less, and little beside what a process needs"""


class Room:
    def __init__(self, limit: int = _BYTES) -> None:
        self._free = limit
        self._some = asyncio.Event()
        self._some.set()

    def take(self, weight: int) -> None:
        """Beyond the limit too: what has come cannot be sent back. Only nothing more is asked for."""
        self._free -= weight
        if self._free <= 0:
            self._some.clear()

    def give(self, weight: int) -> None:
        self._free += weight
        if self._free > 0:
            self._some.set()

    async def some(self) -> None:
        """Returns when there is room for another page."""
        await self._some.wait()
