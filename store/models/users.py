"""Who may work at the desk."""

from datetime import datetime

from sqlalchemy import ForeignKey
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
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]


class Session(Base):
    """A signed-in browser; the cookie holds a random token, this row its SHA-256."""

    __tablename__ = "session"
    id: Mapped[int] = mapped_column(primary_key=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    csrf_token: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]

    user: Mapped[User] = relationship()
