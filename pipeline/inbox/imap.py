"""One look into a mailbox over IMAP. Nothing in it is changed, not even what counts as read."""

import ssl
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from pipeline.secret import MissingSecret, secret
from pipeline.settings import InboxAccount

TROUBLES = (OSError, IMAPClientError, MissingSecret)
"""What may go wrong between here and the server."""
AT_ONCE = 500
"""UIDs named in one command: its line must not become too long for the server"""


@dataclass(frozen=True)
class Envelope:
    """What is known of a mail before it is fetched."""

    uid: int
    size: int
    received_at: datetime | None
    """when the server took it; zone-aware"""


@dataclass(frozen=True)
class RawMail:
    uid: int
    received_at: datetime | None
    content: bytes
    left_out_bytes: int = 0
    """size of a mail too large to be fetched, of which `content` is the header only"""


class Inbox:
    """Opens on entry; raises TROUBLES, there and later."""

    def __init__(self, settings: InboxAccount) -> None:
        self._settings = settings
        self.uid_validity = 0
        """another number than before: UIDs name other mails now (RFC 3501, section 2.3.1.1)"""

    def __enter__(self) -> "Inbox":
        self._client = _connect(self._settings)
        try:
            selected = self._client.select_folder(self._settings.folder, readonly=True)
        except BaseException:
            self._leave()
            raise
        self.uid_validity = int(selected.get(b"UIDVALIDITY", 0))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave()

    def after(self, uid: int) -> list[Envelope]:
        """Mails with a higher UID, in the order in which they came."""
        # "n:*" names the last mail even where that is before n.
        newer = sorted(one for one in self._client.search(["UID", f"{uid + 1}:*"]) if one > uid)
        found: dict[int, Any] = {}
        for first in range(0, len(newer), AT_ONCE):
            some = newer[first : first + AT_ONCE]
            found |= self._client.fetch(some, ["RFC822.SIZE", "INTERNALDATE"])
        return [_envelope(one, found[one]) for one in newer if one in found]

    def fetch(self, envelopes: Sequence[Envelope]) -> Iterator[RawMail]:
        """One at a time. A mail that has been deleted since it was listed is left out."""
        for envelope in envelopes:
            whole = envelope.size <= self._settings.max_message_bytes
            part = b"BODY[]" if whole else b"BODY[HEADER]"
            answer = self._client.fetch([envelope.uid], [part.replace(b"BODY[", b"BODY.PEEK[")])
            content = answer.get(envelope.uid, {}).get(part)
            if content is not None:
                left_out = 0 if whole else envelope.size
                yield RawMail(envelope.uid, envelope.received_at, bytes(content), left_out)

    def _leave(self) -> None:
        try:
            self._client.logout()
        except TROUBLES:
            _hang_up(self._client)


def _connect(settings: InboxAccount) -> IMAPClient:
    password = secret(settings.password_env, settings.password_file)
    # Reading this machine's authorities takes longer than a short dialogue: only where it is needed.
    context = None if settings.security == "none" else ssl.create_default_context()
    over_tls = settings.security == "tls"
    client = IMAPClient(
        settings.host,
        settings.port,
        ssl=over_tls,
        ssl_context=context if over_tls else None,
        timeout=settings.timeout_seconds,
    )
    # Else it gives local times of this machine without a zone.
    client.normalise_times = False
    try:
        if settings.security == "starttls":
            client.starttls(context)
        client.login(settings.username, password)
    except BaseException:
        _hang_up(client)
        raise
    return client


def _hang_up(client: IMAPClient) -> None:
    # After a failed handshake there is nothing left to shut down, and it says so.
    with suppress(OSError):
        client.shutdown()


def _envelope(uid: int, known: Any) -> Envelope:
    received = known.get(b"INTERNALDATE")
    aware = received if isinstance(received, datetime) and received.tzinfo else None
    return Envelope(uid, int(known.get(b"RFC822.SIZE", 0)), aware)
