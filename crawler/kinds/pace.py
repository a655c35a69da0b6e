"""How often a feed says that it changes."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

_TTL = re.compile(r"<ttl\b[^>]*>\s*(?:<!\[CDATA\[\s*)?(\d{1,6})(?:\.\d+)?\s*[\]<]", re.IGNORECASE)
_PERIOD = re.compile(r"<sy:updatePeriod\b[^>]*>\s*(?:<!\[CDATA\[\s*)?(\w+)", re.IGNORECASE)
_FREQUENCY = re.compile(r"<sy:updateFrequency\b[^>]*>\s*(?:<!\[CDATA\[\s*)?(\d{1,4})\s*[\]<]", re.IGNORECASE)
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True)
class Pace:
    """In a feed's own words, which are to be taken with salt: programs write them, people forget them."""

    ttl: timedelta | None = None
    skip_hours: frozenset[int] = frozenset()
    """in UTC: RSS 2.0 counts them in GMT"""
    skip_days: frozenset[int] = frozenset()
    """Monday = 0"""


def read_pace(channel: str) -> Pace:
    """`channel`: an RSS document without its items."""
    # RSS 0.91 counts hours from 1 to 24, RSS 2.0 from 0 to 23.
    hours = frozenset(int(hour) % 24 for hour in _listed(channel, "skipHours", "hour") if hour.isdigit())
    days = frozenset(
        _DAYS.index(day.lower()) for day in _listed(channel, "skipDays", "day") if day.lower() in _DAYS
    )
    return Pace(
        ttl=_ttl(channel) or _syndication(channel),
        # Whoever skips every hour or every day has misread the format, and would never be read.
        skip_hours=hours if len(hours) < 24 else frozenset(),
        skip_days=days if len(days) < 7 else frozenset(),
    )


def _ttl(channel: str) -> timedelta | None:
    found = _TTL.search(channel)
    return timedelta(minutes=int(found[1])) or None if found else None


def _syndication(channel: str) -> timedelta | None:
    """http://purl.org/rss/1.0/modules/syndication/: so many times a period, once if it does not say."""
    period = _PERIOD.search(channel)
    length = _PERIODS.get(period[1].lower()) if period else None
    if length is None:
        return None
    frequency = _FREQUENCY.search(channel)
    return length / max(1, int(frequency[1]) if frequency else 1)


def _listed(channel: str, group: str, member: str) -> Iterator[str]:
    block = re.search(rf"<{group}\b[^>]*>(.{{0,2000}}?)</{group}", channel, re.IGNORECASE | re.DOTALL)
    if block:
        for found in re.finditer(rf"<{member}\b[^>]*>\s*(\w+)", block[1], re.IGNORECASE):
            yield found[1]
