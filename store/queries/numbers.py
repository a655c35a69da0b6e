"""Running numbers of letters, without gaps: a number is taken in the transaction that uses it."""

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from store.models import Referral


def next_number(session: Session, year: int) -> int:
    """The next letter number of `year`; held until the caller's transaction ends."""
    if session.get_bind().dialect.name == "postgresql":
        # SQLite's writers already take turns; here two must not read the same maximum.
        session.execute(text("SELECT pg_advisory_xact_lock(hashtext('dansinh letter number'))"))
    highest = session.scalar(select(func.max(Referral.number)).where(Referral.number_year == year))
    return (highest or 0) + 1
