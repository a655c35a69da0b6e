"""A mail server that keeps every message it gets as an .eml file; it may refuse a recipient, for tests."""

import asyncio
import threading
from collections.abc import Collection
from pathlib import Path
from types import TracebackType
from typing import Any

from aiosmtpd.smtp import SMTP


class Mailbox:
    """An SMTP server on 127.0.0.1 for the length of a `with` block; `port` is known inside it."""

    def __init__(self, folder: Path, refuse: Collection[str] = (), port: int = 0) -> None:
        self.folder = folder
        self.port = port
        self._handler = _Keeper(folder, frozenset(refuse))
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def messages(self) -> list[Path]:
        """The kept messages, in the order in which they came."""
        return sorted(self.folder.glob("*.eml"))

    def __enter__(self) -> "Mailbox":
        self.folder.mkdir(parents=True, exist_ok=True)
        self._thread.start()
        self._server = self._wait(self._listen())
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._wait(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _wait(self, coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    async def _listen(self) -> asyncio.Server:
        loop = asyncio.get_running_loop()
        return await loop.create_server(
            lambda: SMTP(self._handler, hostname="127.0.0.1", enable_SMTPUTF8=True), "127.0.0.1", self.port
        )

    async def _close(self) -> None:
        self._server.close()
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


class _Keeper:
    """aiosmtpd's handler; its method names are aiosmtpd's."""

    def __init__(self, folder: Path, refuse: frozenset[str]) -> None:
        self._folder = folder
        self._refuse = refuse
        self._count = 0

    async def handle_RCPT(  # noqa: N802
        self,
        server: Any,  # noqa: ARG002
        session: Any,  # noqa: ARG002
        envelope: Any,
        address: str,
        options: list[str],  # noqa: ARG002
    ) -> str:
        if address in self._refuse:
            return "550 5.1.1 No such mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802, ARG002
        self._count = max(self._count, len(list(self._folder.glob("*.eml")))) + 1
        name = f"{self._count:04d}-{envelope.rcpt_tos[0].split('@')[0]}.eml"
        (self._folder / name).write_bytes(envelope.content)
        return "250 OK"
