"""The address at which one agency answers one referral: signed, good for a time, void once replaced."""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from itsdangerous import BadData, URLSafeSerializer

from pipeline.secret import MissingSecret, secret
from pipeline.settings import AgencyPage
from store.models import Referral

PATH = "/tra-loi-phieu/"
SHORTEST_KEY = 32
HOW_TO_MAKE_A_KEY = "python3 -c 'import secrets; print(secrets.token_urlsafe(32))'"

Reason = Literal["forged", "expired", "revoked", "withdrawn", "ended"]


class NoEntry(Exception):
    """A link that opens nothing, and why."""

    def __init__(self, reason: Reason) -> None:
        self.reason: Reason = reason
        super().__init__(reason)


@dataclass(frozen=True)
class Ticket:
    """What a link says: numbers only, nothing personal."""

    referral_id: int
    serial: int
    until: datetime


class Links:
    """Makes links and reads them. Raises MissingSecret, saying what to set, where there is no usable key.

    Several keys may stand in the environment variable, parted by spaces: the first signs, all are accepted,
    so that a key can be changed while old letters are out.
    """

    def __init__(self, page: AgencyPage, env: Mapping[str, str] = os.environ) -> None:
        keys = secret(page.secret_env, page.secret_file, env).split()
        if not keys or any(len(key) < SHORTEST_KEY for key in keys):
            held_in = page.secret_file or f"environment variable {page.secret_env}"
            raise MissingSecret(
                f"{held_in} needs a key of at least {SHORTEST_KEY} characters; "
                f"make one with: {HOW_TO_MAKE_A_KEY}"
            )
        self._base = page.base_url.rstrip("/")
        self._lasts = timedelta(days=page.days)
        self._serializer = URLSafeSerializer(
            # The library signs with the last and accepts all.
            list(reversed(keys)),
            salt="dansinh agency page",
            signer_kwargs={"digest_method": hashlib.sha256, "key_derivation": "hmac"},
        )

    def address(self, referral: Referral, made_at: datetime) -> str:
        """The same referral, serial and moment always give the same address."""
        until = int(self.good_until(made_at).timestamp())
        token = self._serializer.dumps([referral.id, referral.link_serial, until])
        return f"{self._base}{PATH}{token.decode() if isinstance(token, bytes) else token}"

    def good_until(self, made_at: datetime) -> datetime:
        return made_at + self._lasts

    def read(self, token: str, now: datetime) -> Ticket:
        """Raises NoEntry for a forged or expired link; whether it was replaced, the referral says."""
        try:
            referral_id, serial, until = self._serializer.loads(token)
        except (BadData, ValueError, TypeError) as error:
            raise NoEntry("forged") from error
        ticket = Ticket(referral_id, serial, datetime.fromtimestamp(until, UTC))
        if now > ticket.until:
            raise NoEntry("expired")
        return ticket
