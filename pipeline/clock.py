"""Time, passed in. Nothing else in the project asks what time it is."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

LOCAL = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""Viet Nam has had no daylight saving since 1975, so a fixed offset is exact for every date handled here."""


@dataclass(frozen=True)
class Clock:
    """The computer's time moved by `offset`; picklable, so that a child process reads the same hour.

    A rehearsal (`--now`, the demo) starts at another hour and goes on from there.
    """

    offset: timedelta = timedelta(0)

    @classmethod
    def starting_at(cls, moment: datetime) -> "Clock":
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=LOCAL)
        return cls(moment - datetime.now(UTC))

    def __call__(self) -> datetime:
        return (datetime.now(UTC) + self.offset).astimezone(LOCAL)


def local(moment: datetime) -> datetime:
    """The same moment as an official's watch shows it."""
    return moment.astimezone(LOCAL)
