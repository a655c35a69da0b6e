"""Times whose zone is a lie: UTC called +07:00, or the local clock called GMT.

Both come from programs that write a fixed label behind whatever their clock says. The clock itself is right,
so the label is off by exactly seven hours, and for a whole feed. An outlet that is right must never be
shifted: a wrong shift hides news or dates it falsely, while a false label does little harm (a time to come
is taken for the moment of reading, an early one is seven hours old). So a shift needs proof from a time that
can only be "now", or from several items at once; whatever contradicts it stops it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

ZONE = timedelta(hours=7)
_SLACK = timedelta(minutes=10)
"""clocks that differ, and the time an answer takes"""
_SAME_MOMENT = timedelta(minutes=5)
_SEVERAL = 3
"""One or two items to come are notices with a date ahead, or articles published early by mistake."""


def false_zone(
    built: datetime | None,
    published: Sequence[datetime | None],
    now: datetime,
    last_modified: datetime | None = None,
) -> tuple[timedelta, timedelta]:
    """What to add to a feed's times, as (offset of the label that lies, what to add); twice zero: nothing.

    `built`: when the feed says that it was made; `published`: its items' times; `last_modified`: the header.
    """
    times = [time for time in published if time is not None]
    if _local_called_utc(built, times, now):
        return timedelta(), -ZONE
    if _utc_called_local(built, times, now, last_modified):
        return ZONE, ZONE
    return timedelta(), timedelta()


def _local_called_utc(built: datetime | None, times: list[datetime], now: datetime) -> bool:
    """No feed is made in the future, and none names several articles that are still to come."""
    labelled = {time for time in times if time.utcoffset() == timedelta()}
    ahead = {time for time in labelled if time > now + _SLACK}
    if any(time > now + ZONE + _SLACK for time in labelled):
        return False  # A shift of seven hours would leave it in the future: something else is wrong.
    # Atom's `updated` is often that of the newest item, and then no witness of its own.
    if built is not None and built.utcoffset() == timedelta() and built not in labelled:
        return now + _SLACK < built <= now + ZONE + _SLACK
    return len(ahead) >= _SEVERAL


def _utc_called_local(
    built: datetime | None, times: list[datetime], now: datetime, last_modified: datetime | None
) -> bool:
    """The feed says that it was made exactly seven hours ago: it was made now, to be sent.

    A file that was really written seven hours ago has a header that agrees; without that header it would be
    misjudged in ten minutes of a day, when all that it names has long been known.
    """
    labelled = [time for time in times if time.utcoffset() == ZONE]
    if built is None or built.utcoffset() != ZONE or not labelled or built in labelled:
        return False
    if last_modified is not None and abs(last_modified - built) <= _SLACK:
        return False
    made_now = abs(now - built - ZONE) <= _SAME_MOMENT
    return made_now and all(time <= built + _SAME_MOMENT for time in labelled)
