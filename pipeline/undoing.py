"""For how long a decision can be undone, and what waits for that."""

from datetime import datetime, timedelta

from pipeline.settings import Settings


def undo_until(settings: Settings, at: datetime) -> datetime | None:
    """Until when what was decided `at` can be undone; a letter approved `at` leaves after it.

    None where the office allows no undoing.
    """
    minutes = settings.review.undo_minutes
    return at + timedelta(minutes=minutes) if minutes else None


def undoable_since(settings: Settings, now: datetime) -> datetime:
    """What was decided after this moment can still be undone."""
    return now - timedelta(minutes=settings.review.undo_minutes)
