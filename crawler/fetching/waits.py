"""How long a host asks to be left alone."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST_WAIT = timedelta(days=1)
"""a host that asks for more is asked once a day whether it still means it"""
WAIT_AFTER_429 = timedelta(minutes=15)
"""where it does not say how long: longer than the pause between two runs, shorter than news can wait"""


def retry_after(value: str | None, now: datetime) -> timedelta | None:
    """Of a header Retry-After: seconds or an HTTP date (RFC 9110, 10.2.3); None: it says nothing readable."""
    if value is None:
        return None
    text = value.strip()
    if re.fullmatch(r"[0-9]{1,10}", text):
        return min(timedelta(seconds=int(text)), LONGEST_WAIT)
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    # "-0000" gives a time without a zone; HTTP dates are GMT.
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(max(moment - now, timedelta(0)), LONGEST_WAIT)


def wait_of(status: int, value: str | None, now: datetime) -> timedelta | None:
    """How long an answer asks the crawler to wait with its next request; None: not at all."""
    if status not in {429, 503}:
        return None
    told = retry_after(value, now)
    return WAIT_AFTER_429 if told is None and status == 429 else told
