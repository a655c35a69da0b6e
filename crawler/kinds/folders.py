"""Folders of what an office already has: saved pages and JSON Lines."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from crawler.kinds.naming import Notice


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
    published: datetime | None = None


@dataclass(frozen=True)
class SavedBatch:
    """Some of a folder's texts."""

    texts: tuple[SavedText, ...]
    notices: tuple[Notice, ...]
    """what could not be read, by file and line"""
    mark: str
    """to be remembered once the texts are kept; with it the next reading begins where this one ended"""


def read_folder(path: Path, mark: str | None, now: datetime) -> Iterator[SavedBatch]:
    """What has come into the folder since `mark`, a hundred texts at a time; raises UnreadableSource.

    `mark`: of the last batch that was kept; None: everything. Files being written right now are left alone.
    """
    raise NotImplementedError
