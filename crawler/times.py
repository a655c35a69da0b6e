"""Times as outlets write them."""

import re
from datetime import UTC, date, datetime, timedelta, timezone

LOCAL = timezone(timedelta(hours=7), "Asia/Ho_Chi_Minh")
"""Vietnam has kept +07:00 all year since 1975; a time written without a zone is local."""

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}
_YEARS = range(1980, 2100)
"""of anything that stands on the web; others are the zero of some clock or a slip of the pen"""
_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})(?=\D|$)")
_RFC822 = re.compile(r"(?P<day>\d{1,2})[ -](?P<name>[A-Za-z]{3})[a-z]*[ -](?P<year>\d{4})")
_SLASHED = re.compile(r"(?<!\d)(?P<day>\d{1,2})[/.-](?P<month>\d{1,2})[/.-](?P<year>\d{4})(?!\d)")
_WORDS = re.compile(
    r"ngày\s+(?P<day>\d{1,2})\s+tháng\s+(?P<month>\d{1,2})\s+năm\s+(?P<year>\d{4})", re.IGNORECASE
)
_PATTERNS = (_ISO, _RFC822, _WORDS, _SLASHED)
_CLOCK = re.compile(
    r"(?<![\d:+-])(?P<hour>\d{1,2})(?::|\s?[hg]\s?)(?P<minute>\d{2})(?::\d{2})?(?:[.,]\d+)?\s*(?P<half>[AaPp]\.?[Mm]\b)?"
)
_OFFSET = re.compile(
    r"(?:GMT|UTC)?\s*(?P<sign>[+-])(?P<hours>\d{1,2})(?::?(?P<minutes>\d{2}))?\s*\)?\s*$", re.IGNORECASE
)
_LOOSE_ZONE = re.compile(r"\b(GMT|UTC)\s*([+-])\s*", re.IGNORECASE)
_UTC = re.compile(r"(?<![A-Za-z])(?:Z|GMT|UTC|UT)\)?\s*$|\dZ\s*$")


def parse_time(text: str | None) -> datetime | None:
    """The first date in `text` with its time of day, to the minute, with a zone; None without a date.

    A date alone is that day's midnight. Day comes before month, unless AM or PM tells an American program.
    """
    if not text:
        return None
    for pattern in _PATTERNS:
        if found := pattern.search(text):
            return _assemble(text, found)
    return None


def parse_times(text: str) -> list[datetime]:
    """Every date in `text`, each day once, in their order."""
    found = sorted(match.span() for pattern in _PATTERNS for match in pattern.finditer(text))
    times: dict[date, datetime] = {}
    for number, (start, _) in enumerate(found):
        before = found[number - 1][1] if number else 0
        behind = found[number + 1][0] if number + 1 < len(found) else len(text)
        # What belongs to the date before or behind stays outside.
        if start >= before and (time := parse_time(text[before:behind])):
            times.setdefault(time.date(), time)
    return list(times.values())


def names_hour(time: datetime) -> bool:
    """Whether it is more than a day: a date alone is that day's midnight, here or as programs write it."""
    return (0, 0) not in {(zoned.hour, zoned.minute) for zoned in (time, time.astimezone(LOCAL))}


def most_exact(*times: datetime | None) -> datetime | None:
    """The first that names its hour, else the first."""
    known = [time for time in times if time is not None]
    return next((time for time in known if names_hour(time)), known[0] if known else None)


def _assemble(text: str, found: re.Match[str]) -> datetime | None:
    before, after = text[: found.start()], text[found.end() :]
    clock = _CLOCK.search(after.replace("T", " ", 1)) or _CLOCK.search(before)
    parts = found.groupdict()
    month = _MONTHS.get(parts["name"].lower()) if "name" in parts else int(parts["month"])
    day = int(parts["day"])
    if month is None or int(parts["year"]) not in _YEARS:
        return None
    half = (clock["half"] or "").lower() if clock else ""
    if found.re is _SLASHED and (month > 12 or (half and day <= 12)):
        day, month = month, day
    try:
        return datetime(int(parts["year"]), month, day, *_hour_and_minute(clock, half), tzinfo=_zone(after))
    except ValueError:
        return None


def _hour_and_minute(clock: re.Match[str] | None, half: str) -> tuple[int, int]:
    if clock is None:
        return 0, 0
    hour = int(clock["hour"])
    if half.startswith("p") and hour < 12:
        hour += 12
    elif half.startswith("a") and hour == 12:
        hour = 0
    return hour, int(clock["minute"])


def _zone(after_date: str) -> timezone:
    text = _LOOSE_ZONE.sub(r"\1\2", after_date.strip())
    if ":" in text or re.search(r"\d\s?[hg]", text):
        if found := _OFFSET.search(text):
            offset = timedelta(hours=int(found["hours"]), minutes=int(found["minutes"] or 0))
            return timezone(-offset if found["sign"] == "-" else offset)
        if _UTC.search(text):
            return UTC
    return LOCAL
