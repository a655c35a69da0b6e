"""How long a source usually keeps silent: what a longer silence is held against."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from store.queries import sources

_SINCE = timedelta(days=28)
"""Four weekends, and no holiday of last year."""
_KNOWN_WELL = timedelta(days=14)
"""From then on two weekends have been seen, and the longest silence may be a breakdown: the second counts."""
_ENOUGH_ITEMS = 10
"""With fewer a habit is not known."""


def usual_silence(session: Session, source_id: int, now: datetime) -> timedelta | None:
    """The longest that is usual between two items; None: too few have been named to tell."""
    habit = sources.habit(session, source_id, now - _SINCE)
    if habit.items < _ENOUGH_ITEMS:
        return None
    return habit.second_longest if habit.known_for >= _KNOWN_WELL else habit.longest
