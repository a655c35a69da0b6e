"""Who may work at the desk."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from store.models.base import Base


class User(Base):
    """An account of the desk, named after a post."""

    __tablename__ = "user"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    post: Mapped[str]
    """the post shown on screen: "Chuyên viên Phòng Nghiệp vụ" """
    role: Mapped[str]
    """operator | analyst | lead | reader | agency"""
    agency_key: Mapped[str | None]
    """the one agency whose referrals an account of role agency sees; None for every other role"""
    password_hash: Mapped[str]
    """empty: no password has been set, and none opens the account"""
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    code_hash: Mapped[str | None]
    """SHA-256 of the one-time code with which a new password may be set"""
    code_expires_at: Mapped[datetime | None]
    totp_secret: Mapped[str | None]
    """sealed by web/seal.py; None: no second factor"""
    totp_step: Mapped[int | None]
    """the last time step whose code was used: no code is good twice"""
    sso_name_hash: Mapped[str | None]
    """SHA-256 of the name that single sign-on knows it by, where it is another than `name`"""
    sso_subject: Mapped[str | None]
    """issuer and subject of the first single sign-on: no other may come under that name later"""
    __table_args__ = (
        Index("uq_user_sso_name_hash", "sso_name_hash", unique=True),
        Index("uq_user_sso_subject", "sso_subject", unique=True),
    )


class Session(Base):
    """A signed-in browser; the cookie holds a random token, this row its SHA-256."""

    __tablename__ = "session"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    csrf_token: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    """within some minutes: not every look at a page is written down"""
    expires_at: Mapped[datetime]
    awaits_code: Mapped[bool] = mapped_column(default=False)
    """the password was right, the second factor is not given yet: nothing is open"""
    vouched: Mapped[bool] = mapped_column(default=False, server_default=false())
    """the provider of single sign-on has asked for a second factor itself"""
    totp_offered: Mapped[str | None]
    """a sealed secret that is not yet confirmed with a first code; shown to this session and to no other"""
    totp_offered_at: Mapped[datetime | None]
    device: Mapped[str]
    """kind of browser and system, so that the account's holder can tell the sessions apart"""

    user: Mapped[User] = relationship()


class RecoveryCode(Base):
    """Opens the second factor once, where the telephone is lost."""

    __tablename__ = "recovery_code"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    code_hash: Mapped[str]


class KnownBrowser(Base):
    """A browser that has signed in before: guesses from elsewhere do not shut it out."""

    __tablename__ = "known_browser"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    expires_at: Mapped[datetime]


class Attempt(Base):
    """A failed sign-in, until it is a quarter of an hour old; counted under several keys."""

    __tablename__ = "attempt"
    id: Mapped[int] = mapped_column(primary_key=True)
    key_hash: Mapped[str]
    """SHA-256 of what is counted: people type passwords into the field for names"""
    at: Mapped[datetime] = mapped_column(index=True)
    __table_args__ = (Index("ix_attempt_key", "key_hash", "at"),)
