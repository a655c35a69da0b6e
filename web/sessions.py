"""Signed-in browsers: the cookie holds a random token, the store its SHA-256 only."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from pipeline.clock import Clock
from store import Store
from store.models import Session, User


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
    session_id: int
    csrf_token: str

    @property
    def actor(self) -> str:
        """As events name who acted."""
        return f"{self.role}:{self.name}"


def sign_in(store: Store, clock: Clock, user_id: int, lasts: timedelta) -> str:
    """Opens a session and returns its token."""
    token = secrets.token_urlsafe(32)
    now = clock()
    with store.begin() as session:
        session.execute(delete(Session).where(Session.expires_at <= now))
        session.add(
            Session(
                token_hash=_hash(token),
                csrf_token=secrets.token_urlsafe(32),
                user_id=user_id,
                created_at=now,
                expires_at=now + lasts,
            )
        )
    return token


def find(store: Store, token: str, now: datetime) -> SignedIn | None:
    query = (
        select(
            User.id,
            User.name,
            User.post,
            User.role,
            User.agency_key,
            Session.id.label("session_id"),
            Session.csrf_token,
        )
        .join(Session, Session.user_id == User.id)
        .where(Session.token_hash == _hash(token), Session.expires_at > now, User.active)
    )
    with store.read() as session:
        row = session.execute(query).one_or_none()
        return SignedIn(*row) if row else None


def sign_out(store: Store, token: str) -> None:
    with store.begin() as session:
        session.execute(delete(Session).where(Session.token_hash == _hash(token)))


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
