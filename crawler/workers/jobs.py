"""What goes to a reading process, and what comes back besides a page or a source read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    # The process that only waits for the crawl loads none of what reads.
    from crawler.kinds.reading import Answer
    from crawler.kinds.saved_texts import SavedText


@dataclass(frozen=True)
class PageJob:
    """A page to be extracted and masked; answered with an Extracted."""

    source_key: str
    body: bytes
    url: str
    content_type: str | None
    robots_tag: str | None
    """the header X-Robots-Tag, several of them a line each"""

    @property
    def weight(self) -> int:
        return len(self.body)


@dataclass(frozen=True)
class SourceJob:
    """An answer of a source; answered with a Reading."""

    source_key: str
    answer: Answer

    @property
    def weight(self) -> int:
        return len(self.answer.body)


@dataclass(frozen=True)
class ToldJob:
    """An article that is there without its page, to be masked; answered with an Extracted."""

    text: SavedText


Job = PageJob | SourceJob | ToldJob


@dataclass(frozen=True)
class Unreadable:
    """The answer is not what the configuration calls it."""

    what: str
    remedy: str


@dataclass(frozen=True)
class Broken:
    """Reading met an error that no one foresaw; its name."""

    error: str


@dataclass(frozen=True)
class Ready:
    """The process has loaded what it needs."""


class CannotRead(Exception):
    """The process that read it came to an end over it, or none can be started."""

    def __init__(self, what: str, remedy: str, *, tried: bool = True) -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy
        self.tried = tried
        """False: nobody has looked at it"""
