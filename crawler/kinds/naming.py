"""What a source says: the addresses it names."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime


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
class Reading:
    """What one answer of a source holds."""

    named: Sequence[Named]
    children: Sequence[str] = ()
    """further sitemaps that an index names"""
    broken_encoding: bool = False


class UnreadableSource(Exception):
    """The source is not what the configuration calls it."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy
