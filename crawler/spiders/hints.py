"""What the head of an answer says of when to ask again, and by which mark."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from scrapy.http import Response

from crawler.fetching.waits import retry_after
from crawler.polling import Hints

_MAX_AGE = re.compile(r"(?:^|[\s,])(?:s-maxage|max-age)\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_NEVER_FRESH = re.compile(r"(?:^|[\s,])(?:no-cache|no-store)\b", re.IGNORECASE)


def header(response: Response, name: str) -> str | None:
    """Several headers of the name as one, parted by commas (RFC 9110, 5.3)."""
    values = response.headers.getlist(name)
    return ", ".join(value.decode("latin-1") for value in values) or None


def lines(response: Response, name: str) -> str | None:
    """Several headers of the name as one, a line each."""
    return "\n".join(value.decode("latin-1") for value in response.headers.getlist(name)) or None


def hints_of(response: Response, now: datetime) -> Hints:
    return Hints(
        etag=header(response, "ETag"),
        last_modified=header(response, "Last-Modified"),
        max_age=_max_age(response, now),
        retry_after=retry_after(header(response, "Retry-After"), now),
    )


def _max_age(response: Response, now: datetime) -> timedelta | None:
    """Before Expires goes Cache-Control (RFC 9111, 5.3), less the age the answer had already (5.1)."""
    control = header(response, "Cache-Control")
    if control is not None:
        if _NEVER_FRESH.search(control):
            return None
        if told := _MAX_AGE.search(control):
            age = header(response, "Age") or "0"
            return _positive(timedelta(seconds=int(told[1]) - (int(age[:9]) if age.isdecimal() else 0)))
    expires = _moment(header(response, "Expires"))
    # Both by the host's own clock: it may be wrong.
    return _positive(expires - (_moment(header(response, "Date")) or now)) if expires else None


def _moment(text: str | None) -> datetime | None:
    try:
        moment = parsedate_to_datetime(text or "")
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _positive(time: timedelta) -> timedelta | None:
    return time if time > timedelta(0) else None
