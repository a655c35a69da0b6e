"""Folders of what an office already has: saved pages and JSON Lines."""

import gzip
import os
import stat
import zlib
from base64 import b64encode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from io import BufferedIOBase
from itertools import islice
from pathlib import Path

from crawler.kinds.naming import Notice, UnreadableSource
from crawler.kinds.saved_lines import Place, read_lines
from crawler.kinds.saved_pages import PAGE_ENDINGS, SIDECAR, read_page
from crawler.kinds.saved_texts import SavedText

__all__ = ["SavedBatch", "SavedText", "pieces_again", "read_folder", "with_pieces"]

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


@dataclass
class _Filling:
    """A batch that is being filled."""

    texts: list[SavedText] = field(default_factory=list)
    notices: list[Notice] = field(default_factory=list)
    weight: int = 0

    def add(self, item: SavedText | Notice) -> None:
        if isinstance(item, Notice):
            self.notices.append(item)
        else:
            self.texts.append(item)
            self.weight += len(item.html or b"")

    @property
    def full(self) -> bool:
        return len(self.texts) >= _AT_ONCE or self.weight >= _HEAVY

    def batch(self, mark: str) -> SavedBatch:
        return SavedBatch(tuple(self.texts), tuple(self.notices), mark)


def read_folder(path: Path, mark: str | None, now: datetime) -> Iterator[SavedBatch]:
    """What has come into the folder since `mark`, a hundred texts at a time; raises UnreadableSource.

    `mark`: of the last batch that was kept; None: everything. A file of lines goes on where that batch ended.
    A file that has changed is read again as a whole, one that is being written right now is left alone. Last
    come the pieces that the mark says are to be read again (`with_pieces`).
    """
    if not path.is_dir():
        raise UnreadableSource(
            f"cannot be read: there is no folder {path}", "make it, or correct `path` in config.yaml"
        )
    known, begun = _told(mark or "")
    files = list(_files(path, now))
    by_signature = {file.signature: file for file in files}
    again = {piece: tries for piece, tries in pieces_again(mark).items() if _signed(piece)[0] in by_signature}
    # Only of files that are there: a folder that is emptied each month has a short mark each month.
    done = {file.signature: None for file in files if file.signature in known}
    filling = _Filling()
    for file in files:
        if file.signature in known:
            continue
        place = begun.get(file.signature, Place())
        for item in _read(file, place):
            filling.add(item)
            if filling.full:
                yield filling.batch(_mark(done, again, file, place))
                filling = _Filling()
        done[file.signature] = None
    for piece in list(again):
        signature, line = _signed(piece)
        for item in _read_piece(by_signature[signature], line):
            filling.add(item)
        del again[piece]
        if filling.full:
            yield filling.batch(_mark(done, again))
            filling = _Filling()
    if filling.texts or filling.notices or begun or done.keys() != known:
        yield filling.batch(_mark(done, again))


def pieces_again(mark: str | None) -> dict[str, int]:
    """The pieces that are to be read again, with the times that this was tried already: ` PIECE:TRIES …`."""
    told = (part.rpartition(":") for part in (mark or "").split(" ") if ":" in part)
    return {piece: int(tries) for piece, _, tries in told}


def with_pieces(mark: str, again: Mapping[str, int]) -> str:
    """The mark of a batch of which these pieces are to be read again."""
    return " ".join([mark, *(f"{piece}:{tries}" for piece, tries in again.items())])


def _signed(piece: str) -> tuple[str, int]:
    """The signature of its file, and its line; of a page, which is the whole file, 0."""
    signature, _, line = piece.partition(".")
    return signature, int(line)


def _told(mark: str) -> tuple[set[str], dict[str, Place]]:
    """Which files were read, and the one that was read in part: `SIGNATURES[ SIGNATURE LINES BYTES]`."""
    whole, *part = (part for part in mark.split(" ") if ":" not in part)
    known = {whole[start : start + _SIGNATURE] for start in range(0, len(whole), _SIGNATURE)}
    return known, {part[0]: Place(int(part[1]), int(part[2]))} if part else {}


def _mark(
    done: Iterable[str], again: Mapping[str, int], file: _File | None = None, place: Place | None = None
) -> str:
    whole = "".join(done)
    if file is not None and place is not None and place.lines:
        whole = f"{whole} {file.signature} {place.lines} {place.bytes}"
    return with_pieces(whole, again)


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


def _read(file: _File, place: Place) -> Iterator[SavedText | Notice]:
    try:
        if not file.name.lower().endswith(_LINE_ENDINGS):
            yield _piece(read_page(file.path, file.name), file, place)
        else:
            with _opened(file) as lines:
                lines.seek(place.bytes)
                for item in read_lines(lines, file.name, place):
                    yield _piece(item, file, place)
    except FileNotFoundError:
        return
    except (OSError, EOFError, zlib.error) as error:
        # gzip reports a broken file as OSError or as its end.
        yield Notice(
            f"holds {file.name}, which cannot be read: {error}", "mend the file's rights, or copy it anew"
        )


def _piece(item: SavedText | Notice, file: _File, place: Place) -> SavedText | Notice:
    if isinstance(item, Notice):
        return item
    return replace(item, piece=f"{file.signature}.{place.lines}")


def _read_piece(file: _File, line: int) -> Iterator[SavedText]:
    """Nothing where it is not there any more."""
    items = (item for item in _read(file, Place()) if isinstance(item, SavedText))
    yield from islice((item for item in items if _signed(item.piece)[1] == line), 1)


def _opened(file: _File) -> BufferedIOBase:
    return gzip.open(file.path) if file.name.lower().endswith(".gz") else file.path.open("rb")
