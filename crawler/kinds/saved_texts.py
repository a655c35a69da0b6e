"""What a file in a folder holds."""

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True)
class SavedText:
    """One article that lies in a folder: a page as its outlet answered it, or what a line of JSON tells."""

    url: str
    origin: str
    """where it lies: "2026-11/tin.jsonl:12"."""
    html: bytes | None = None
    """the page, to be read as a fetched one is; None: title, summary, body and published are all there is"""
    title: str | None = None
    summary: str | None = None
    body: str | None = None
    """paragraphs, one a line"""
    published: datetime | None = None
    piece: str = field(default="", compare=False)
    """by which the folder's mark calls it, if it is to be read again"""
