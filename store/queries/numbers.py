"""Running numbers of documents, without gaps: a number is taken in the transaction that uses it."""

from datetime import datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from store.models import IssuedNumber, Referral


def next_number(session: Session, year: int) -> int:
    """The next letter number of `year`; held until the caller's transaction ends."""
    _hold(session)
    highest = session.scalar(select(func.max(Referral.number)).where(Referral.number_year == year))
    return (highest or 0) + 1


def issued(session: Session, key: str) -> IssuedNumber | None:
    """What was given to the document of that key."""
    return session.scalar(select(IssuedNumber).where(IssuedNumber.key == key))


def issue_number(session: Session, series: str, year: int, key: str, at: datetime) -> int:
    """The number of the document of that key: given now, or the one it has."""
    _hold(session)
    if (before := issued(session, key)) is not None:
        return before.number
    highest = session.scalar(
        select(func.max(IssuedNumber.number)).where(IssuedNumber.series == series, IssuedNumber.year == year)
    )
    given = IssuedNumber(series=series, year=year, number=(highest or 0) + 1, key=key, given_at=at)
    session.add(given)
    session.flush()
    return given.number


def _hold(session: Session) -> None:
    """Two must not read the same maximum; on SQLite writers already take turns."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext('dansinh letter number'))"))
