"""What a source says: the addresses it names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

MAX_ITEMS = 1000
"""items of one answer that are looked at, the newest; no outlet publishes more between two polls"""
SITEMAP_DEPTH = 2
"""An index may name indexes (outlet → years → months); deeper ones are archives or a circle."""


@dataclass(frozen=True)
class Named:
    """One address that a source names, with what it says of it."""

    url: str
    title: str | None = None
    summary: str | None = None
    published: datetime | None = None
    changed: datetime | None = None
    """when the page was last changed: no time of publication, but nothing was published after it"""

    @property
    def newest(self) -> datetime | None:
        """The latest time at which the page can have been published, as far as the source tells."""
        return self.published or self.changed


@dataclass(frozen=True)
class Notice:
    """Something odd that does not stop the reading, and what to do about it."""

    what: str
    """the end of a sentence that begins with the source's address"""
    remedy: str


@dataclass(frozen=True)
class Reading:
    """What one answer of a source holds."""

    named: Sequence[Named]
    children: Sequence[str] = ()
    """further sitemaps that an index names; theirs are asked too, SITEMAP_DEPTH steps from the first"""
    broken_encoding: bool = False
    ttl: timedelta | None = None
    """how long the document says that it stays as it is"""
    skip_hours: frozenset[int] = frozenset()
    """hours in UTC in which the outlet says that it publishes nothing"""
    skip_days: frozenset[int] = frozenset()
    """days of the week on which it publishes nothing, Monday = 0"""
    next_page: str | None = None
    """of a board: the page after this one. Whoever polls asks for it while what was named here held
    something new, `max_pages` of the source at most; None: there is none, or it cannot be asked for."""
    notices: Sequence[Notice] = ()


class UnreadableSource(Exception):
    """The source is not what the configuration calls it."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy
