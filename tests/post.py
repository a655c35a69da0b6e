"""A real SMTP server for tests: keeps what it takes, may want TLS and a password, may answer as told."""

import asyncio
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import trustme
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword

USER, PASSWORD = "dansinh", "mat-khau-thu"
Answer = Callable[[str, str], str | None]
"""(command, recipient) -> the answer to it; None: the usual one"""


@dataclass
class Post:
    """What the server saw."""

    answer: Answer = lambda _command, _recipient: None
    wants_password: bool = False
    taken: list[tuple[str, bytes]] = field(default_factory=list)
    """(recipient, message) of each message it took"""
    connections: int = 0
    port: int = 0

    async def handle_EHLO(  # noqa: N802 - aiosmtpd's names
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        session.host_name = hostname
        if session.ssl is None:
            self.connections += 1
        return responses

    async def handle_MAIL(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if told := self.answer("MAIL", ""):
            return told
        if self.wants_password and not session.authenticated:
            return "530 5.7.0 Authentication required"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if told := self.answer("RCPT", address):
            return told
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        (recipient,) = envelope.rcpt_tos
        told = self.answer("DATA", recipient)
        if told is None or told.startswith("250") or told == "hang up":
            self.taken.append((recipient, envelope.content))
        if told == "hang up":
            server.transport.abort()
        return told or "250 OK"


def _sign_in(_server: Any, _session: Any, _envelope: Any, _mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (
        USER.encode(),
        PASSWORD.encode(),
    )
    return AuthResult(success=right, handled=False)


@contextmanager
def post_office(answer: Answer | None = None, *, security: str = "none") -> Iterator[Post]:
    """With `security` other than "none" it takes mail only over TLS, from USER with PASSWORD.

    Its certificate is CA's: SSL_CERT_FILE must name that for it to be trusted.
    """
    seen = Post(wants_password=security != "none")
    if answer:
        seen.answer = answer
    options: dict[str, Any] = {"hostname": "127.0.0.1"}
    implicit = None
    if security != "none":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        CA.issue_cert("127.0.0.1").configure_cert(context)
        options["authenticator"] = _sign_in
        if security == "starttls":
            options |= {"tls_context": context, "require_starttls": True}
        else:
            options["auth_require_tls"] = False  # it knows of no TLS that was there from the start
            implicit = context
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()

    def wait(coroutine: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(coroutine, loop).result(10)

    listening = loop.create_server(lambda: SMTP(seen, loop=loop, **options), "127.0.0.1", 0, ssl=implicit)
    server = wait(listening)
    seen.port = server.sockets[0].getsockname()[1]
    try:
        yield seen
    finally:
        wait(_close(server))
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _close(server: asyncio.Server) -> None:
    server.close()
    others = asyncio.all_tasks() - {asyncio.current_task()}
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


CA = trustme.CA()
