"""Folders of what an office already has: saved pages and JSON Lines."""

import gzip
import os
import stat
import zlib
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from pathlib import Path

from crawler.kinds.naming import Notice, UnreadableSource
from crawler.kinds.saved_lines import read_lines
from crawler.kinds.saved_pages import PAGE_ENDINGS, SIDECAR, read_page
from crawler.kinds.saved_texts import SavedText

__all__ = ["SavedBatch", "SavedText", "read_folder"]

_LINE_ENDINGS = (".jsonl", ".jsonl.gz")
_STILL_WRITTEN = timedelta(seconds=5)
"""A file changed less long ago may be half there; the next poll finds it whole."""
_AT_ONCE = 100
"""texts in a batch: one transaction of the store"""
_HEAVY = 20_000_000
"""bytes of pages after which a batch is full"""
_SIGNATURE = 8
"""letters for each file in the mark: of a million files two are confused with a chance of one in 500"""


@dataclass(frozen=True)
class SavedBatch:
    """Some of a folder's texts."""

    texts: tuple[SavedText, ...]
    notices: tuple[Notice, ...]
    """what could not be read, by file and line"""
    mark: str
    """to be remembered once the texts are kept; with it the next reading begins where this one ended"""


@dataclass(frozen=True)
class _File:
    path: Path
    name: str
    """relative to the folder"""
    signature: str


def read_folder(path: Path, mark: str | None, now: datetime) -> Iterator[SavedBatch]:
    """What has come into the folder since `mark`, a hundred texts at a time; raises UnreadableSource.

    `mark`: of the last batch that was kept; None: everything. A file that has changed is read again as a
    whole, one that is being written right now is left alone.
    """
    if not path.is_dir():
        raise UnreadableSource(
            f"cannot be read: there is no folder {path}", "make it, or correct `path` in config.yaml"
        )
    known = _signatures(mark or "")
    files = list(_files(path, now))
    # Only of files that are there: a folder that is emptied each month has a short mark each month.
    done = {file.signature for file in files if file.signature in known}
    texts: list[SavedText] = []
    notices: list[Notice] = []
    weight = 0
    for file in files:
        if file.signature in known:
            continue
        for item in _read(file):
            if isinstance(item, Notice):
                notices.append(item)
            else:
                texts.append(item)
                weight += len(item.html or b"")
            if len(texts) >= _AT_ONCE or weight >= _HEAVY:
                yield SavedBatch(tuple(texts), tuple(notices), _mark(done))
                texts, notices, weight = [], [], 0
        done.add(file.signature)
    if texts or notices or done != known:
        yield SavedBatch(tuple(texts), tuple(notices), _mark(done))


def _signatures(mark: str) -> set[str]:
    return {mark[start : start + _SIGNATURE] for start in range(0, len(mark), _SIGNATURE)}


def _mark(signatures: set[str]) -> str:
    return "".join(sorted(signatures))


def _files(folder: Path, now: datetime) -> Iterator[_File]:
    """By name; hidden ones and what is no file are left out."""
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if name.startswith(".") or not name.lower().endswith((*PAGE_ENDINGS, *_LINE_ENDINGS)):
                continue
            path = Path(parent, name)
            if signature := _signature(path, folder, now):
                yield _File(path, str(path.relative_to(folder)), signature)


def _signature(path: Path, folder: Path, now: datetime) -> str | None:
    """By which a file is known as it is now; None for one that is gone, no file, or being written."""
    known_by = str(path.relative_to(folder))
    for part in (path, path.with_name(path.name + SIDECAR)):
        try:
            found = part.stat()
        except OSError:
            if part is path:
                return None
            continue
        changed = datetime.fromtimestamp(found.st_mtime, UTC)
        if not stat.S_ISREG(found.st_mode) or abs(now - changed) < _STILL_WRITTEN:
            return None
        known_by += f"\0{found.st_size} {found.st_mtime_ns}"
    digest = blake2b(known_by.encode(errors="surrogateescape"), digest_size=_SIGNATURE * 6 // 8).digest()
    return b64encode(digest).decode()


def _read(file: _File) -> Iterator[SavedText | Notice]:
    try:
        if not file.name.lower().endswith(_LINE_ENDINGS):
            yield read_page(file.path, file.name)
        elif file.name.lower().endswith(".gz"):
            with gzip.open(file.path) as packed:
                yield from read_lines(packed, file.name)
        else:
            with file.path.open("rb") as lines:
                yield from read_lines(lines, file.name)
    except FileNotFoundError:
        return
    except (OSError, EOFError, zlib.error) as error:
        # gzip reports a broken file as OSError or as its end.
        yield Notice(
            f"holds {file.name}, which cannot be read: {error}", "mend the file's rights, or copy it anew"
        )
