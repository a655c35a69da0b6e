"""A real IMAP server for tests: Twisted's, in a process of its own, over a folder of mails.

`python -m tests.imap_server FOLDER [CERTIFICATE]` prints its port. The folder holds 1.eml, 2.eml …, whose
number is the UID and whose time of change is when the server took it, and `uidvalidity`.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from twisted.cred import checkers, portal
from twisted.internet import reactor, ssl
from twisted.internet.protocol import Factory
from twisted.mail import imap4
from zope.interface import implementer

USER, PASSWORD = "vanthu", "mat-khau-thu"


@implementer(imap4.IMessage, imap4.IMessageFile)
class FileMessage:
    def __init__(self, path: Path) -> None:
        self._path = path

    def getUID(self) -> int:  # noqa: N802 - Twisted's names
        return int(self._path.stem)

    def getFlags(self) -> list[str]:  # noqa: N802
        return []

    def getInternalDate(self) -> str:  # noqa: N802
        return format_datetime(datetime.fromtimestamp(self._path.stat().st_mtime, UTC))

    def getSize(self) -> int:  # noqa: N802
        return self._path.stat().st_size

    def getHeaders(self, negate: bool, *names: str) -> dict[str, str]:  # noqa: N802
        head, _, _ = self._path.read_bytes().partition(b"\r\n\r\n")
        lines = head.decode("latin-1").replace("\r\n ", " ").replace("\r\n\t", " ").split("\r\n")
        return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}

    def isMultipart(self) -> bool:  # noqa: N802
        return False

    def getBodyFile(self) -> BytesIO:  # noqa: N802
        return BytesIO(self._path.read_bytes().partition(b"\r\n\r\n")[2])

    def open(self) -> BytesIO:
        return BytesIO(self._path.read_bytes())


@implementer(imap4.IMailbox)
class FolderMailbox:
    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def _messages(self) -> list[FileMessage]:
        return [
            FileMessage(path) for path in sorted(self._folder.glob("*.eml"), key=lambda path: int(path.stem))
        ]

    def getFlags(self) -> list[str]:  # noqa: N802
        return []

    def getUIDValidity(self) -> int:  # noqa: N802
        return int((self._folder / "uidvalidity").read_text())

    def getMessageCount(self) -> int:  # noqa: N802
        return len(self._messages())

    def getRecentCount(self) -> int:  # noqa: N802
        return 0

    def isWriteable(self) -> bool:  # noqa: N802
        return False

    def addListener(self, listener: Any) -> None:  # noqa: N802
        pass

    def removeListener(self, listener: Any) -> None:  # noqa: N802
        pass

    def fetch(self, wanted: Any, uid: bool) -> list[tuple[int, FileMessage]]:
        messages = self._messages()
        wanted.last = max((message.getUID() for message in messages), default=1) if uid else len(messages)
        return [
            (number, message)
            for number, message in enumerate(messages, start=1)
            if (message.getUID() if uid else number) in wanted
        ]

    def store(self, *_: Any) -> None:
        raise AssertionError("the mailbox must not be changed")

    addMessage = expunge = destroy = store  # noqa: N815


class Account(imap4.MemoryAccount):
    def __init__(self, folder: Path) -> None:
        super().__init__(USER)
        self.mailboxes["INBOX"] = FolderMailbox(folder)

    def select(self, name: str, rw: bool = True) -> Any:
        if rw:
            raise AssertionError("the mailbox must not be opened for writing")
        return self.mailboxes.get(name.upper())


def serve(folder: Path, certificate: Path | None) -> None:
    class Realm:
        def requestAvatar(self, avatar: Any, mind: Any, *interfaces: Any) -> Any:  # noqa: N802
            return imap4.IAccount, Account(folder), lambda: None

    known = checkers.InMemoryUsernamePasswordDatabaseDontUse(**{USER: PASSWORD.encode()})
    door = portal.Portal(Realm(), [known])
    context = None
    if certificate is not None:
        context = ssl.DefaultOpenSSLContextFactory(str(certificate), str(certificate))

    class Server(imap4.IMAP4Server):
        def connectionMade(self) -> None:  # noqa: N802
            self.transport.setTcpNoDelay(True)
            super().connectionMade()

    class Greeter(Factory):
        def buildProtocol(self, addr: Any) -> imap4.IMAP4Server:  # noqa: N802
            protocol = Server(contextFactory=context)
            protocol.portal, protocol.factory = door, self
            return protocol

    port = reactor.listenTCP(0, Greeter(), interface="127.0.0.1")  # type: ignore[attr-defined]
    print(port.getHost().port, flush=True)  # noqa: T201
    reactor.run()  # type: ignore[attr-defined]


class Letterbox:
    """The folder of a running server, seen from the test."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.port = port
        self._last_uid = 0

    def put(self, content: bytes, taken_at: datetime) -> int:
        """Returns the mail's UID."""
        self._last_uid += 1
        uid = self._last_uid
        hidden = self.folder / f".{uid}"
        hidden.write_bytes(content.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
        os.utime(hidden, (taken_at.timestamp(), taken_at.timestamp()))
        hidden.rename(self.folder / f"{uid}.eml")
        return uid

    def empty(self) -> None:
        for path in self.folder.glob("*.eml"):
            path.unlink()

    def number_anew(self) -> None:
        """As a server does after a restore: UIDs begin again and mean other mails."""
        paths = sorted(self.folder.glob("*.eml"), key=lambda path: int(path.stem))
        for number, path in enumerate(paths, start=1):
            path.rename(self.folder / f"{number}.eml")
        self._last_uid = len(paths)
        anew = int((self.folder / "uidvalidity").read_text()) + 1
        (self.folder / "uidvalidity").write_text(f"{anew}")


@contextmanager
def letterbox(folder: Path, certificate: Path | None = None) -> Iterator[Letterbox]:
    folder.mkdir(exist_ok=True)
    (folder / "uidvalidity").write_text("1")
    arguments = [str(folder), *([str(certificate)] if certificate else [])]
    command = [sys.executable, "-W", "ignore", "-m", "tests.imap_server", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        try:
            assert process.stdout is not None
            port = process.stdout.readline()
            assert port, process.stderr and process.stderr.read().decode()
            yield Letterbox(folder, int(port))
        finally:
            process.kill()


if __name__ == "__main__":
    serve(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
