"""A message as signed JSON to an agency's own system.

The signature is HMAC-SHA256 over the time, a full stop and the body; the receiver refuses what is older than
its window and takes one Idempotency-Key once. Retries carry the same body and key under a new time.
"""

import hashlib
import hmac
import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from pipeline.channels.parcel import NotTaken, OutOfReach, Parcel
from pipeline.clock import Clock
from pipeline.secret import MissingSecret, secret
from pipeline.settings import Agency

LATER = (408, 425, 429)
ANSWER_BYTES = 500


class WebhookCarrier:
    def __init__(self, agencies: Sequence[Agency], clock: Clock, timeout_seconds: float) -> None:
        self._known = {agency.delivery.url: agency.delivery for agency in agencies if agency.delivery.url}
        self._clock = clock
        self._timeout = timeout_seconds

    def carry(self, parcel: Parcel) -> None:
        delivery = self._known.get(parcel.recipient)
        if delivery is None:
            raise NotTaken(f"no agency in config.yaml has the url {parcel.recipient}", final=True)
        try:
            key = secret(delivery.secret_env, delivery.secret_file)
        except MissingSecret as error:
            raise OutOfReach(f"{parcel.recipient} cannot be used: {error}") from error
        status, wait, words = self._post(parcel, key)
        if not 200 <= status < 300:
            why = f"{parcel.recipient} answered {status}: {words}"
            raise NotTaken(why, final=status < 500 and status not in LATER, wait=self._asked(wait))

    def _post(self, parcel: Parcel, key: str) -> tuple[int, str | None, str]:
        parts = urlsplit(parcel.recipient)
        assert parts.hostname is not None  # noqa: S101 - AgencyDelivery.url
        now = str(int(self._clock().timestamp()))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Idempotency-Key": parcel.message_id,
            "Dansinh-Timestamp": now,
            "Dansinh-Signature": f"v1={signature(key, now, parcel.message)}",
            "User-Agent": "dansinh",
        }
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection = self._connection(parts.scheme, parts.hostname, parts.port)
        try:
            connection.connect()
            with _no_longer_than(self._timeout, connection.sock):
                connection.request("POST", path, parcel.message, headers)
                answer = connection.getresponse()
                words = " ".join(answer.read(ANSWER_BYTES).decode("utf-8", errors="replace").split())
            return answer.status, answer.headers.get("Retry-After"), words
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise OutOfReach(f"{parcel.recipient} cannot be used: {error or type(error).__name__}") from error
        finally:
            connection.close()

    def _connection(self, scheme: str, host: str, port: int | None) -> http.client.HTTPConnection:
        if scheme == "http":
            return http.client.HTTPConnection(host, port, timeout=self._timeout)
        context = ssl.create_default_context()
        return http.client.HTTPSConnection(host, port, timeout=self._timeout, context=context)

    def _asked(self, retry_after: str | None) -> timedelta | None:
        """Seconds or a date (RFC 9110, section 10.2.3)."""
        if retry_after is None:
            return None
        if retry_after.isascii() and retry_after.isdigit():
            # Python reads no number of thousands of digits; nobody is waited for longer than a day.
            return timedelta(seconds=int(retry_after) if len(retry_after) < 6 else 86_400)
        try:
            return max(parsedate_to_datetime(retry_after) - self._clock(), timedelta(0))
        except (TypeError, ValueError):
            return None


@contextmanager
def _no_longer_than(seconds: float, connected: socket.socket) -> Iterator[None]:
    """A socket's own timeout is of each read: one byte now and then would hold all other deliveries."""
    over = threading.Event()

    def end() -> None:
        over.set()
        with suppress(OSError):
            connected.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(seconds, end)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        if over.is_set():
            raise TimeoutError(f"no whole answer within {seconds:g} seconds")


def signature(key: str, timestamp: str, body: bytes) -> str:
    return hmac.new(key.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def is_genuine(key: str, timestamp: str, body: bytes, signed: str, now: datetime, window: timedelta) -> bool:
    """What the receiver asks before it takes a message; here so that both sides are written down once."""
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < 12):
        return False
    age = abs(now - datetime.fromtimestamp(int(timestamp), UTC))
    expected = f"v1={signature(key, timestamp, body)}"
    return age <= window and hmac.compare_digest(expected.encode(), signed.encode())
