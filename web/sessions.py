"""Signed-in browsers: the cookie holds a random token, the store its SHA-256 only."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import bindparam, delete, select, update

from pipeline.clock import Clock
from store import Store
from store.models import Session, User
from web.passwords import NONE_SET

FOR_THE_CODE = timedelta(minutes=10)
"""between the password and the second factor"""
NOTED = timedelta(minutes=5)
"""a session's last use is written down so often: not every page may cost a write"""
LONGEST_DEVICE = 80


# Put together once: every page asks it.
_WHO = (
    select(
        User.id,
        User.name,
        User.post,
        User.role,
        User.agency_key,
        (User.password_hash != NONE_SET).label("has_password"),
        User.totp_secret.is_not(None).label("has_second_factor"),
        Session.id.label("session_id"),
        Session.csrf_token,
        Session.vouched,
        Session.seen_at,
    )
    .join(Session, Session.user_id == User.id)
    .where(
        Session.token_hash == bindparam("token_hash"),
        Session.expires_at > bindparam("now"),
        Session.seen_at > bindparam("seen_since"),
        Session.awaits_code == bindparam("awaits_code"),
        User.active,
    )
)


@dataclass(frozen=True)
class SignedIn:
    """Who is at the desk."""

    id: int
    """the account's"""
    name: str
    post: str
    role: str
    agency_key: str | None
    """of role agency: the one agency whose referrals may be seen"""
    has_password: bool
    """an account of single sign-on may have none"""
    has_second_factor: bool
    vouched: bool
    """single sign-on has asked for a second factor"""
    session_id: int
    csrf_token: str
    to_be_noted: bool = False
    """its last use was noted some time ago"""

    @property
    def actor(self) -> str:
        """As events name who acted."""
        return f"{self.role}:{self.name}"


@dataclass(frozen=True)
class Limits:
    """How long a session lasts: at most, and without use."""

    longest: timedelta
    idle: timedelta


class Sessions:
    def __init__(self, store: Store, clock: Clock, limits: Limits) -> None:
        self._store = store
        self._clock = clock
        self._limits = limits

    def open(self, user_id: int, device: str, *, awaits_code: bool = False, vouched: bool = False) -> str:
        """A new session and its token, which nobody has known before."""
        token = secrets.token_urlsafe(32)
        now = self._clock()
        with self._store.begin() as session:
            session.execute(delete(Session).where(Session.expires_at <= now))
            session.add(
                Session(
                    token_hash=hash_of(token),
                    csrf_token=secrets.token_urlsafe(32),
                    user_id=user_id,
                    created_at=now,
                    seen_at=now,
                    expires_at=now + (FOR_THE_CODE if awaits_code else self._limits.longest),
                    awaits_code=awaits_code,
                    vouched=vouched,
                    device=device[:LONGEST_DEVICE],
                )
            )
        return token

    def find(self, token: str, *, awaits_code: bool = False) -> SignedIn | None:
        now = self._clock()
        told = {
            "token_hash": hash_of(token),
            "now": now,
            "seen_since": now - self._limits.idle,
            "awaits_code": awaits_code,
        }
        with self._store.read() as session:
            row = session.execute(_WHO, told).one_or_none()
        if row is None:
            return None
        return SignedIn(
            id=row.id,
            name=row.name,
            post=row.post,
            role=row.role,
            agency_key=row.agency_key,
            has_password=row.has_password,
            has_second_factor=row.has_second_factor,
            vouched=row.vouched,
            session_id=row.session_id,
            csrf_token=row.csrf_token,
            to_be_noted=row.seen_at <= now - NOTED,
        )

    def note(self, signed_in: SignedIn) -> None:
        """That it is used."""
        with self._store.begin() as session:
            here = update(Session).where(Session.id == signed_in.session_id)
            session.execute(here.values(seen_at=self._clock()))

    def renew(self, signed_in: SignedIn) -> str:
        """A new token for the same session: after a change of rights the old one is worth nothing."""
        token = secrets.token_urlsafe(32)
        with self._store.begin() as session:
            session.execute(
                update(Session)
                .where(Session.id == signed_in.session_id)
                .values(token_hash=hash_of(token), csrf_token=secrets.token_urlsafe(32))
            )
        return token

    def of(self, user_id: int) -> Sequence[Session]:
        """Those that are good still, the last used first."""
        now = self._clock()
        query = (
            select(Session)
            .where(
                Session.user_id == user_id,
                Session.expires_at > now,
                Session.seen_at > now - self._limits.idle,
                Session.awaits_code.is_(False),
            )
            .order_by(Session.seen_at.desc(), Session.id.desc())
        )
        with self._store.read() as session:
            return session.scalars(query).all()

    def close(self, token: str) -> None:
        with self._store.begin() as session:
            session.execute(delete(Session).where(Session.token_hash == hash_of(token)))

    def end(self, user_id: int, session_id: int) -> None:
        """One of the account's own; another's is not touched."""
        with self._store.begin() as session:
            session.execute(delete(Session).where(Session.id == session_id, Session.user_id == user_id))

    def end_others(self, signed_in: SignedIn) -> None:
        with self._store.begin() as session:
            others = Session.id != signed_in.session_id
            session.execute(delete(Session).where(Session.user_id == signed_in.id, others))


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
