"""The second factor: codes from the telephone (RFC 6238), and recovery codes for when it is lost."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest

import pyotp
from sqlalchemy import delete, func, or_, select, text, update
from sqlalchemy.orm import Session

from pipeline.clock import Clock
from store import Store
from store.history import record
from store.models import Event, RecoveryCode, User
from store.models import Session as OpenSession
from web.accounts import plain_code
from web.seal import Seal, Unreadable
from web.sessions import SignedIn, hash_of

STEP_SECONDS = 30
DRIFT = 1
"""steps that a telephone's clock may be off, either way"""
OFFER_STANDS = timedelta(minutes=10)
RECOVERY_CODES = 10
WRONG_CODE = "code_failed"
"""as the history tells it"""
MOST_WRONG_CODES = 100
"""since somebody last came in (NIST SP 800-63B-4, 3.2.2): guessed at slowly, from ever other addresses, six
digits are found in the end"""
_RECOVERY_BYTES = 10


@dataclass(frozen=True)
class Offer:
    """A secret to be taken into the telephone, as text and as the address that its QR code holds."""

    secret: str
    address: str


class SecondFactor:
    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._seal = Seal(store.data_dir)

    def offer(self, user: SignedIn) -> None:
        """A new secret, for this session alone; it counts once a code made with it has come back."""
        kept = self._seal.close(pyotp.random_base32())
        with self._store.begin() as session:
            here = session.get_one(OpenSession, user.session_id)
            here.totp_offered, here.totp_offered_at = kept, self._clock()

    def offered(self, user: SignedIn, issuer: str) -> Offer | None:
        with self._store.read() as session:
            secret = self._opened(self._offered(session, user))
        if secret is None:
            return None
        return Offer(secret, pyotp.TOTP(secret).provisioning_uri(name=user.name, issuer_name=issuer))

    def confirm(self, user: SignedIn, code: str) -> list[str] | None:
        """Takes the offered secret where the code was made with it; the recovery codes, shown this once."""
        with self._store.begin() as session:
            account = session.get_one(User, user.id)
            kept = self._offered(session, user)
            step = self._step_of(kept, code)
            if step is None:
                return None
            account.totp_secret, account.totp_step = kept, step
            session.get_one(OpenSession, user.session_id).totp_offered = None
            self._tell(session, user, "second_factor_added")
            return _new_recovery_codes(session, user.id)

    def renew_recovery_codes(self, user: SignedIn) -> list[str]:
        with self._store.begin() as session:
            self._tell(session, user, "recovery_codes_renewed")
            return _new_recovery_codes(session, user.id)

    def codes_left(self, user: SignedIn) -> int:
        with self._store.read() as session:
            query = select(func.count()).select_from(RecoveryCode).where(RecoveryCode.user_id == user.id)
            return session.scalar(query) or 0

    def accepts(self, user_id: int, code: str) -> bool:
        """A code from the telephone or a recovery code; each is good once, also of two browsers at once."""
        with self._store.begin() as session:
            kept = session.scalar(select(User.totp_secret).where(User.id == user_id))
            step = None if _guessed_at(session, user_id) else self._step_of(kept, code)
            if step is not None:
                later = or_(User.totp_step.is_(None), User.totp_step < step)
                used = update(User).where(User.id == user_id, later).values(totp_step=step)
                return session.execute(used.returning(User.id)).first() is not None
            recovery = delete(RecoveryCode).where(
                RecoveryCode.user_id == user_id, RecoveryCode.code_hash == hash_of(plain_code(code))
            )
            return session.execute(recovery.returning(RecoveryCode.id)).first() is not None

    def is_guessed_at(self, user_id: int) -> bool:
        """So many codes were wrong that none from the telephone is taken any more; recovery codes are."""
        with self._store.read() as session:
            return _guessed_at(session, user_id)

    def _offered(self, session: Session, user: SignedIn) -> str | None:
        return session.scalar(
            select(OpenSession.totp_offered).where(
                OpenSession.id == user.session_id,
                OpenSession.totp_offered_at > self._clock() - OFFER_STANDS,
            )
        )

    def _opened(self, kept: str | None) -> str | None:
        """None, too, where no key is here that opens it: recovery codes are good still."""
        try:
            return None if kept is None else self._seal.open(kept)
        except Unreadable:
            return None

    def _step_of(self, kept: str | None, code: str) -> int | None:
        """The time step that the code was made in, where it is one of those around now."""
        typed, secret = "".join(code.split()), self._opened(kept)
        if secret is None or not (typed.isascii() and typed.isdigit()):
            return None
        now = _step_at(self._clock())
        made = pyotp.TOTP(secret)
        steps = range(now - DRIFT, now + DRIFT + 1)
        return next((step for step in steps if compare_digest(made.generate_otp(step), typed)), None)

    def _tell(self, session: Session, user: SignedIn, action: str) -> None:
        record(session, at=self._clock(), actor=user.actor, entity="user", entity_id=user.id, action=action)


def _guessed_at(session: Session, user_id: int) -> bool:
    """By what the history tells, which nobody takes back."""
    of_account = (Event.entity == "session", Event.entity_id == user_id)
    came_in = select(func.max(Event.id)).where(*of_account, Event.action == "signed_in").scalar_subquery()
    wrong = select(func.count()).where(
        *of_account, Event.action == WRONG_CODE, Event.id > func.coalesce(came_in, 0)
    )
    return (session.scalar(wrong) or 0) >= MOST_WRONG_CODES


def seal_all(store: Store) -> list[str]:
    """Seals with today's key what was kept in the clear or by an older one.

    Names of the accounts whose secret no key here opens. Raises MissingSecret.
    """
    seal, lost = Seal(store.data_dir), []
    with store.begin() as session:
        if store.is_sqlite:
            # What is overwritten must not stay behind in the file.
            session.execute(text("PRAGMA secure_delete = ON"))
        for user in session.scalars(select(User).where(User.totp_secret.is_not(None)).order_by(User.name)):
            kept = user.totp_secret or ""
            if seal.is_by_todays_key(kept):
                continue
            try:
                user.totp_secret = seal.close(seal.open(kept))
            except Unreadable:
                lost.append(user.name)
    return lost


def _step_at(moment: datetime) -> int:
    return int(moment.timestamp()) // STEP_SECONDS


def _new_recovery_codes(session: Session, user_id: int) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    codes = [_readable(secrets.token_hex(_RECOVERY_BYTES)) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(user_id=user_id, code_hash=hash_of(plain_code(code))) for code in codes)
    return codes


def _readable(code: str) -> str:
    return "-".join(code[start : start + 5] for start in range(0, len(code), 5)).upper()
