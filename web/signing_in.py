"""From a name and a password, or from single sign-on, to a session; each told in the history."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select
from starlette.requests import Request

from store.history import record
from store.models import Attempt, KnownBrowser, User
from web import cookies
from web.accounts import Accounts, check_code, check_password
from web.callers import caller
from web.desk import Desk
from web.passwords import LONGEST, NONE_SET, Busy, is_right
from web.second_factor import WRONG_CODE, SecondFactor
from web.sessions import SignedIn, hash_of

BROWSER_IS_KNOWN = timedelta(days=180)
VISITOR = "visitor:desk"
# The first sign that is found decides: Edge calls itself Chrome and Safari, too.
_BROWSERS = (
    ("Edg", "Edge"),
    ("coc_coc", "Cốc Cốc"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@dataclass(frozen=True)
class Entered:
    token: str
    awaits_code: bool = False
    browser: str | None = None
    """a token by which this browser is known from now on"""


class Wrong(Exception):
    """Name and password, or code, do not fit; which of them is not told."""


class GuessedAt(Wrong):
    """No code from the telephone is taken any more."""


class TooOften(Exception):
    pass


class SigningIn:
    """One request's try."""

    def __init__(self, desk: Desk, request: Request) -> None:
        self._desk = desk
        self._address = caller(request)
        self._browser = cookies.read(request, desk, cookies.KNOWN)
        self._device = device_of(request.headers.get("user-agent", ""))

    def by_password(self, name: str, password: str) -> Entered:
        """Where a code is still to come, this try stays counted until the code is right: who knows the
        password must not be able to guess codes, begin anew and guess on."""
        known = self._admit(name)
        with self._given_back(name, known):
            user_id = check_password(self._desk.store, name, password) if len(password) <= LONGEST else None
        if user_id is None:
            self._failed(name)
            raise Wrong
        entered = self.open(user_id, "password")
        if not entered.awaits_code:
            self._desk.throttle.succeeded(name, self._address, known)
        return entered

    def set_password(self, name: str, code: str, password: str) -> None:
        """With a one-time code. Raises AccountError for a password that may be none."""
        known = self._admit(name)
        # As long for a name that there is as for another.
        with self._given_back(name, known):
            is_right(NONE_SET, code)
        user_id = check_code(self._desk.store, self._desk.clock, name, code)
        if user_id is None:
            self._failed(name)
            raise Wrong
        accounts = Accounts(self._desk.store, self._desk.clock, VISITOR)
        try:
            if not accounts.set_password_by_code(user_id, code, password):
                raise Wrong
        finally:
            # The code was right, whatever is to be said of the password.
            self._desk.throttle.succeeded(name, self._address, known)

    def asks_again(self, user: SignedIn, secret: str) -> None:
        """Before what would give the account away: who holds an open session may know no more than that.

        `secret` is the password; of an account that has none, a code from the telephone, if that is set up.
        """
        if not (user.has_password or user.has_second_factor):
            return
        known = self._admit(user.name)
        if user.has_password:
            with self._given_back(user.name, known):
                kept = check_password(self._desk.store, user.name, secret) if len(secret) <= LONGEST else None
            right = kept is not None
        else:
            right = SecondFactor(self._desk.store, self._desk.clock).accepts(user.id, secret)
        if not right:
            raise Wrong
        self._desk.throttle.succeeded(user.name, self._address, known)

    def second_step(self, token: str, code: str) -> Entered:
        """With the token of a session that awaits the code; it is worth nothing afterwards."""
        waiting = self._desk.sessions.find(token, awaits_code=True)
        if waiting is None:
            raise Wrong
        known = self._admit(waiting.name)
        factor = SecondFactor(self._desk.store, self._desk.clock)
        if not factor.accepts(waiting.id, code):
            self._failed(waiting.name, WRONG_CODE)
            raise GuessedAt if factor.is_guessed_at(waiting.id) else Wrong
        self._desk.throttle.succeeded(waiting.name, self._address, known, tries=2)
        self._desk.sessions.close(token)
        return self._open_whole(waiting.id, "second_factor")

    def open(
        self, user_id: int, way: str, *, second_factor_given: bool = False, vouched: bool = False
    ) -> Entered:
        """`vouched`: the provider of single sign-on has asked for a second factor itself."""
        with self._desk.store.read() as session:
            has_second = session.scalar(select(User.totp_secret).where(User.id == user_id)) is not None
        if has_second and not second_factor_given:
            token = self._desk.sessions.open(user_id, self._device, awaits_code=True)
            return Entered(token, awaits_code=True)
        return self._open_whole(user_id, way, vouched=vouched)

    def _open_whole(self, user_id: int, way: str, *, vouched: bool = False) -> Entered:
        token = self._desk.sessions.open(user_id, self._device, vouched=vouched)
        now = self._desk.clock()
        browser = None
        with self._desk.store.begin() as session:
            user = session.get_one(User, user_id)
            session.execute(delete(KnownBrowser).where(KnownBrowser.expires_at <= now))
            if self._known(user.name) is None:
                browser = secrets.token_urlsafe(32)
                until = now + BROWSER_IS_KNOWN
                session.add(KnownBrowser(user_id=user_id, token_hash=hash_of(browser), expires_at=until))
            record(
                session,
                at=now,
                actor=f"{user.role}:{user.name}",
                entity="session",
                entity_id=user_id,
                action="signed_in",
                after={"way": way, "device": self._device},
            )
        return Entered(token, browser=browser)

    def _admit(self, name: str) -> str | None:
        """The known browser's token, where it is one. Raises TooOften."""
        known = self._known(name)
        if not self._desk.throttle.admits(name, self._address, known, self._desk.clock()):
            raise TooOften
        return known

    @contextmanager
    def _given_back(self, name: str, known: str | None) -> Iterator[None]:
        """A try that could not be looked at is none: it counts no more."""
        try:
            yield
        except Busy:
            self._desk.throttle.take_back(name, self._address, known)
            raise

    def _known(self, name: str) -> str | None:
        if not self._browser:
            return None
        query = (
            select(KnownBrowser.id)
            .join(User, User.id == KnownBrowser.user_id)
            .where(
                User.name == name,
                KnownBrowser.token_hash == hash_of(self._browser),
                KnownBrowser.expires_at > self._desk.clock(),
            )
        )
        with self._desk.store.read() as session:
            return self._browser if session.scalar(query) is not None else None

    def _failed(self, name: str, action: str = "sign_in_failed") -> None:
        """Told of accounts that there are; what else is typed there may be a password."""
        with self._desk.store.begin() as session:
            user_id = session.scalar(select(User.id).where(User.name == name))
            if user_id is None:
                # As much work as for an account that there is: the time must not tell.
                session.add(Attempt(key_hash=hash_of(VISITOR), at=self._desk.clock()))
            else:
                record(
                    session,
                    at=self._desk.clock(),
                    actor=VISITOR,
                    entity="session",
                    entity_id=user_id,
                    action=action,
                )


def device_of(agent: str) -> str:
    """Kind of browser and system, no more: "Chrome, Windows"."""
    found = [next((name for sign, name in kinds if sign in agent), "") for kinds in (_BROWSERS, _SYSTEMS)]
    return ", ".join(filter(None, found)) or "không rõ"
