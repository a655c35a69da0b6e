"""Numbers given to documents that are no referral's."""

from datetime import datetime

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from store.models.base import Base


class IssuedNumber(Base):
    """A document keeps its number however often it is written; referrals keep their own."""

    __tablename__ = "issued_number"
    id: Mapped[int] = mapped_column(primary_key=True)
    series: Mapped[str]
    """dispatch | digest | report"""
    year: Mapped[int]
    """whose numbers these are: a calendar year's, or a term's that began in it"""
    number: Mapped[int]
    key: Mapped[str] = mapped_column(unique=True)
    """which document it is: "report 2026-Q4" """
    given_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("series", "year", "number"),)
