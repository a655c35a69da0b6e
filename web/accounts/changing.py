"""Accounts of the desk, named after posts: made, changed, closed, each with a line in the history."""

import re
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from pipeline.clock import Clock
from store import Store
from store.history import record
from store.models import KnownBrowser, RecoveryCode, User
from store.models import Session as OpenSession
from store.texts import keepable
from web import passwords
from web.accounts.codes import new_code, plain_code
from web.accounts.described import Description, describe
from web.accounts.refusals import AccountError
from web.sessions import hash_of

CODE_IS_GOOD = timedelta(hours=72)
BY_COMMAND = "command:desk"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")


class Accounts:
    def __init__(self, store: Store, clock: Clock, actor: str) -> None:
        self._store = store
        self._clock = clock
        self._actor = actor

    def add(self, name: str, described: Description, password: str | None) -> int:
        """The id of the new account. Without a password it opens with a one-time code only."""
        if not _NAME.fullmatch(name):
            raise AccountError("name")
        kept = passwords.NONE_SET if password is None else _hashed(password, name, described.post)
        with self._store.begin() as session:
            if session.scalar(select(User.id).where(User.name == name)) is not None:
                raise AccountError("taken")
            user = User(name=name, password_hash=kept, created_at=self._clock())
            describe(session, user, described)
            session.add(user)
            session.flush()
            self._tell(session, user, "added", after={"name": name} | described.told)
            return user.id

    def change(self, user_id: int, described: Description) -> None:
        """Its sessions end where its rights change: none may go on with rights it no longer has."""
        with self._store.begin() as session:
            user = self._other(session, user_id)
            before = {"post": user.post, "role": user.role}
            before |= {"agency": user.agency_key} if user.agency_key else {}
            if (user.role, user.agency_key) != (described.role, described.agency_key):
                _end_sessions(session, user)
            describe(session, user, described)
            if before != described.told:
                self._tell(session, user, "changed", before=before, after=described.told)

    def close(self, user_id: int, why: str = "") -> None:
        """Out at once; kept, because the history names it."""
        with self._store.begin() as session:
            user = self._other(session, user_id)
            if user.active:
                user.active, user.code_hash, user.code_expires_at = False, None, None
                _end_sessions(session, user)
                self._tell(session, user, "closed", why=keepable(why).strip() or None)

    def open(self, user_id: int) -> None:
        with self._store.begin() as session:
            user = self._other(session, user_id)
            if not user.active:
                user.active = True
                self._tell(session, user, "opened")

    def give_code(self, user_id: int) -> str:
        """A one-time code with which the account's holder sets a password; one given before is void."""
        code = new_code()
        with self._store.begin() as session:
            user = _of(session, user_id)
            if not user.active:
                raise AccountError("closed")
            user.code_hash = hash_of(plain_code(code))
            user.code_expires_at = self._clock() + CODE_IS_GOOD
            self._tell(session, user, "code_given")
        return code

    def set_password(self, user_id: int, password: str, *, told_as: str = "password_set") -> None:
        """Whoever was signed in is out, and codes given before are void."""
        kept = self._checked(user_id, password)
        with self._store.begin() as session:
            self._keep_password(session, _of(session, user_id), kept, told_as)

    def set_password_by_code(self, user_id: int, code: str, password: str) -> bool:
        """False where the code has been used in the meantime: it is good once, also of two at once."""
        kept = self._checked(user_id, password)
        used = (
            update(User)
            .where(User.id == user_id, User.active, User.code_hash == hash_of(plain_code(code)))
            .values(code_hash=None)
        )
        with self._store.begin() as session:
            if session.execute(used.returning(User.id)).first() is None:
                return False
            self._keep_password(session, _of(session, user_id), kept, "password_set_by_code")
            return True

    def _checked(self, user_id: int, password: str) -> str:
        """Its hash; that takes long, and no lock is held meanwhile."""
        with self._store.read() as session:
            user = _of(session, user_id)
            return _hashed(password, user.name, user.post)

    def _keep_password(self, session: Session, user: User, kept: str, told_as: str) -> None:
        user.password_hash, user.code_hash, user.code_expires_at = kept, None, None
        _end_sessions(session, user)
        session.execute(delete(KnownBrowser).where(KnownBrowser.user_id == user.id))
        self._tell(session, user, told_as)

    def forget_second_factor(self, user_id: int) -> None:
        """For a lost telephone: the next sign-in asks for the password alone, or to set up a new one."""
        with self._store.begin() as session:
            user = _of(session, user_id)
            user.totp_secret = user.totp_step = None
            session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
            _end_sessions(session, user)
            self._tell(session, user, "second_factor_removed")

    def forget_single_sign_on(self, user_id: int) -> None:
        """The next single sign-on under the account's name is taken for its holder's."""
        with self._store.begin() as session:
            user = _of(session, user_id)
            user.sso_subject = None
            self._tell(session, user, "single_sign_on_untied")

    def end_sessions(self, user_id: int) -> None:
        with self._store.begin() as session:
            user = _of(session, user_id)
            _end_sessions(session, user)
            self._tell(session, user, "sessions_ended")

    def _other(self, session: Session, user_id: int) -> User:
        user = _of(session, user_id)
        if self._actor == f"{user.role}:{user.name}":
            raise AccountError("oneself")
        return user

    def _tell(self, session: Session, user: User, action: str, **what: Any) -> None:
        record(
            session,
            at=self._clock(),
            actor=self._actor,
            entity="user",
            entity_id=user.id,
            action=action,
            **what,
        )


def _of(session: Session, user_id: int) -> User:
    user = session.get(User, user_id)
    if user is None:
        raise AccountError("absent")
    return user


def _hashed(password: str, name: str, post: str) -> str:
    if weak := passwords.weakness(password, name, post):
        raise AccountError(weak)
    return passwords.hashed(password)


def _end_sessions(session: Session, user: User) -> None:
    session.execute(delete(OpenSession).where(OpenSession.user_id == user.id))


def add_user(
    store: Store,
    clock: Clock,
    name: str,
    post: str,
    role: str,
    password: str,
    agency_key: str | None = None,
) -> int:
    """Makes an account and returns its id. Raises AccountError saying what to change."""
    return Accounts(store, clock, BY_COMMAND).add(name, Description(post, role, agency_key), password)


def id_of(store: Store, name: str) -> int:
    """Raises AccountError where there is none."""
    with store.read() as session:
        found = session.scalar(select(User.id).where(User.name == name))
    if found is None:
        raise AccountError("absent")
    return found
