"""Whose account it is: by its password, or by a one-time code."""

from sqlalchemy import select, update

from pipeline.clock import Clock
from store import Store
from store.models import User
from web import passwords
from web.accounts.codes import plain_code
from web.sessions import hash_of


def check_password(store: Store, name: str, password: str) -> int | None:
    """Id of the active account of that name, if the password is right."""
    with store.read() as session:
        found = session.execute(
            select(User.id, User.password_hash).where(User.name == name, User.active)
        ).one_or_none()
    user_id, kept = found or (None, passwords.NONE_SET)
    if not passwords.is_right(kept, password):
        return None
    if passwords.is_outdated(kept):
        with store.begin() as session:
            same = (User.id == user_id, User.password_hash == kept)
            session.execute(update(User).where(*same).values(password_hash=passwords.hashed(password)))
    return user_id


def check_code(store: Store, clock: Clock, name: str, code: str) -> int | None:
    """Id of the active account to which that one-time code was given and is good still."""
    query = select(User.id).where(
        User.name == name,
        User.active,
        User.code_hash == hash_of(plain_code(code)),
        User.code_expires_at > clock(),
    )
    with store.read() as session:
        return session.scalar(query)
