"""What one way of reading found on a page."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from crawler.extraction.leads import Lead
from crawler.extraction.paragraphs import Line
from crawler.times import most_exact, names_hour

_ZONE = timedelta(hours=7)


@dataclass(frozen=True)
class Reading:
    title: str | None
    published: datetime | None
    lines: Sequence[Line]
    """of the box of the text, before names and captions are taken out"""
    find_lead: Callable[[Sequence[Line]], Lead]
    """in the page around the running text that it is given"""


def time_of(stated: datetime | None, printed: datetime | None) -> datetime | None:
    """The time told to machines, but the printed one where just the zone parts them: some programs name local
    time UTC, others UTC local."""
    if stated and printed and names_hour(printed) and abs(stated - printed) == _ZONE:
        return printed
    return most_exact(stated, printed)
