"""When a page that was read is looked at again."""

from collections.abc import Sequence
from datetime import datetime, timedelta

ASKED_FOR = 3
"""Visits of one page that its source may ask for, beyond those by the clock: some sitemaps give every page
a new time each night."""
NOT_AGAIN_WITHIN = timedelta(hours=1)
"""An editor who mends a text does so several times in the first minutes."""
LOOK_AGAIN = timedelta(hours=1)
"""When a page that was not found is looked for once more."""
LAST_LOOK = timedelta(days=1)
"""When a page whose text has been given up at its last visit is looked at once more."""


def next_visit(hours: Sequence[int], done: int, now: datetime) -> datetime | None:
    """When a page read now is looked at again; `done`: how often that was done before.

    Counted from one visit to the next, not from the first reading: after a pause of the whole crawler a page
    is not visited three times in a row.
    """
    if done >= len(hours):
        return None
    before = hours[done - 1] if done else 0
    return now + timedelta(hours=max(1, hours[done] - before))


def may_be_asked_for(read_at: datetime | None, done: int, hours: Sequence[int], now: datetime) -> bool:
    """Whether a source's word is enough for a visit; `read_at` None: the page is not looked at."""
    return read_at is not None and done < len(hours) + ASKED_FOR and now - read_at >= NOT_AGAIN_WITHIN


def most_changed(named: int) -> int:
    """Of how many known pages a source may say at once that they changed: more is a habit of its program."""
    return max(5, named // 2)
