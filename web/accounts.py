"""Accounts of the desk, named after posts: made, changed, closed, each with a line in the history."""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from pipeline.clock import Clock
from pipeline.settings import Settings
from store import Store
from store.history import record
from store.models import KnownBrowser, RecoveryCode, User
from store.models import Session as OpenSession
from store.texts import keepable
from web import passwords
from web.permissions import AGENCY, ROLES
from web.sessions import hash_of

CODE_IS_GOOD = timedelta(hours=72)
LONGEST_POST = 120
BY_COMMAND = "command:desk"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,39}")
_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""none that is taken for another on paper; there are 32, five bits each"""
REFUSALS: dict[str, tuple[str, str]] = {
    "name": (
        "account name: use 2 to 40 lower-case letters without accents, digits and hyphens",
        "Tên tài khoản gồm 2 đến 40 chữ thường không dấu, chữ số, dấu gạch nối.",
    ),
    "taken": ("there is an account of that name already", "Đã có tài khoản mang tên này."),
    "role": (f"no such role; one of: {', '.join(ROLES)}", "Hãy chọn quyền của tài khoản."),
    "agency": (
        "an account of role agency, and no other, names its agency",
        "Tài khoản đầu mối cơ quan phải ghi cơ quan nào; tài khoản khác thì không.",
    ),
    "post": (
        f"name the post with --post, in {LONGEST_POST} characters: the history shows it, and no person",
        f"Hãy ghi chức danh (không quá {LONGEST_POST} ký tự); nhật ký ghi chức danh, không ghi tên người.",
    ),
    "short": (
        f"the password needs at least {passwords.SHORTEST} characters",
        f"Mật khẩu phải có ít nhất {passwords.SHORTEST} ký tự; nên dùng vài từ dễ nhớ, có dấu cách.",
    ),
    "long": (
        f"the password has more than {passwords.LONGEST} characters",
        f"Mật khẩu dài quá {passwords.LONGEST} ký tự.",
    ),
    "common": (
        "the password is one of the most common ones, or easily guessed",
        "Mật khẩu này quá phổ biến hoặc dễ đoán. Hãy chọn mật khẩu khác.",
    ),
    "own": (
        "the password is the account's name or post",
        "Mật khẩu không được là tên tài khoản hay chức danh. Hãy chọn mật khẩu khác.",
    ),
    "closed": ("the account is closed: open it first", "Tài khoản đã đóng; hãy mở lại trước."),
    "absent": ("there is no such account", "Không có tài khoản này."),
    "oneself": (
        "nobody closes or changes the account that he is working with",
        "Không tự đóng hoặc đổi quyền tài khoản đang dùng; nhờ người vận hành khác.",
    ),
    "another": (
        "an account that bears an agency's key as its name must be that agency's",
        "Tên tài khoản này là mã của một cơ quan khác. Hãy chọn tên khác.",
    ),
    "sso": (
        "another account has that name in single sign-on",
        "Đã có tài khoản khác mang tên đăng nhập một lần này.",
    ),
}


class AccountError(Exception):
    """Something that cannot be done with an account; a key of REFUSALS."""

    def __init__(self, key: str) -> None:
        super().__init__(REFUSALS[key][0])
        self.in_vietnamese = REFUSALS[key][1]


@dataclass(frozen=True)
class Description:
    """What an account is, as whoever makes it says. Raises AccountError for what none can be."""

    post: str
    role: str
    agency_key: str | None = None
    sso_name: str | None = None
    """what single sign-on calls it, where that is not the account's name; only its SHA-256 is kept"""

    def __post_init__(self) -> None:
        if self.role not in ROLES:
            raise AccountError("role")
        if (self.role == AGENCY) != (self.agency_key is not None):
            raise AccountError("agency")
        if not 0 < len(self.post.strip()) <= LONGEST_POST:
            raise AccountError("post")

    @property
    def told(self) -> dict[str, Any]:
        """As the history tells it."""
        agency = {"agency": self.agency_key} if self.agency_key else {}
        return {"post": keepable(self.post).strip(), "role": self.role} | agency


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
            _describe(session, user, described)
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
            _describe(session, user, described)
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
        code = "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(4))
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


def _describe(session: Session, user: User, described: Description) -> None:
    user.post, user.role, user.agency_key = (
        keepable(described.post).strip(),
        described.role,
        described.agency_key,
    )
    if described.sso_name is not None:
        wanted = sso_hash(described.sso_name) if described.sso_name else None
        other = select(User.id).where(User.sso_name_hash == wanted, User.id != user.id)
        if wanted is not None and session.scalar(other) is not None:
            raise AccountError("sso")
        if wanted != user.sso_name_hash:
            user.sso_name_hash, user.sso_subject = wanted, None


def _hashed(password: str, name: str, post: str) -> str:
    if weak := passwords.weakness(password, name, post):
        raise AccountError(weak)
    return passwords.hashed(password)


def _end_sessions(session: Session, user: User) -> None:
    session.execute(delete(OpenSession).where(OpenSession.user_id == user.id))


def unlike_other_agencies(settings: Settings, name: str, described: Description) -> None:
    """In the history "agency:so-y-te" is that agency: an account of another must not be taken for it."""
    if name != described.agency_key and any(name == agency.key for agency in settings.agencies):
        raise AccountError("another")


def plain_code(written: str) -> str:
    """A code as it is compared: however it was typed from paper."""
    return "".join(sign for sign in written.upper() if sign.isalnum())


def sso_hash(name: str) -> str:
    return hash_of(name.strip().casefold())


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
