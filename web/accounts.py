"""Accounts of the desk, named after posts; passwords are kept as Argon2id."""

import re
import threading
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select

from pipeline.clock import Clock
from store import Store
from store.history import record
from store.models import User
from web.permissions import AGENCY, ROLES

MIN_PASSWORD_LENGTH = 12
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
_HASHER = PasswordHasher()
# One check of a password takes 64 MiB: a burst of sign-ins must not take the machine's memory.
_CHECKS = threading.BoundedSemaphore(2)


class AccountError(Exception):
    """An account that cannot be made, in a sentence for the operator."""


def add_user(
    store: Store,
    clock: Clock,
    name: str,
    post: str,
    role: str,
    password: str,
    agency_key: str | None = None,
) -> int:
    """Makes an account and returns its id. Raises AccountError saying what to change.

    `agency_key` is asked of role agency and of no other.
    """
    if not _NAME.fullmatch(name):
        raise AccountError(
            f"account name {name!r}: use 2 to 40 lower-case letters without accents, digits and hyphens"
        )
    if role not in ROLES:
        raise AccountError(f"no role {role!r}; one of: {', '.join(ROLES)}")
    if (role == AGENCY) != (agency_key is not None):
        raise AccountError("an account of role agency, and no other, names its agency")
    if not post.strip():
        raise AccountError("name the post with --post: it is shown in the history in place of a person")
    if len(password) < MIN_PASSWORD_LENGTH:
        raise AccountError(f"the password needs at least {MIN_PASSWORD_LENGTH} characters")
    hashed = _HASHER.hash(password)
    with store.begin() as session:
        if session.scalar(select(User.id).where(User.name == name)) is not None:
            raise AccountError(f"there is an account {name!r} already")
        user = User(
            name=name,
            post=post.strip(),
            role=role,
            agency_key=agency_key,
            password_hash=hashed,
            created_at=clock(),
        )
        session.add(user)
        session.flush()
        record(
            session,
            at=clock(),
            actor="command:desk",
            entity="user",
            entity_id=user.id,
            action="added",
            after={"name": name, "post": user.post, "role": role}
            | ({"agency": agency_key} if agency_key else {}),
        )
        return user.id


def check_password(store: Store, name: str, password: str) -> int | None:
    """Id of the active account of that name, if the password is right."""
    with store.read() as session:
        found = session.execute(
            select(User.id, User.password_hash).where(User.name == name, User.active)
        ).one_or_none()
    user_id, hashed = found or (None, _nobody())
    with _CHECKS:
        try:
            _HASHER.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return None
    return user_id


@cache
def _nobody() -> str:
    """A hash to check against when there is no account: the time taken must not tell."""
    return _HASHER.hash("no account has this password")
