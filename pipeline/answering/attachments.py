"""Files that come with replies: what they are is read from their content, their names are made harmless.

A file is kept under its hash and never opened, unpacked or run here; the desk hands it out as a download.
"""

import hashlib
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import filetype

from nlp.privacy import mask_text
from pipeline.settings import Attachments
from pipeline.states import NotAllowed
from store.files import write_whole
from store.models import Attachment
from store.texts import keepable

FOLDER = "attachments"
MOST_ENTRIES = 5_000
MOST_UNPACKED_BYTES = 500_000_000
"""No written answer unpacks to so much: an official's word processor would choke on it."""
LONGEST_NAME = 80
MOST_TOLD = 10
"""sentences on what was left out of one message: it may come with thousands of parts"""
IN_WORDS = {
    "pdf": "PDF",
    "docx": "Word (.docx)",
    "xlsx": "Excel (.xlsx)",
    "pptx": "PowerPoint (.pptx)",
    "odt": "OpenDocument (.odt)",
    "ods": "OpenDocument (.ods)",
    "jpg": "ảnh JPEG",
    "png": "ảnh PNG",
    "tif": "ảnh TIFF",
}
_PLAIN = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png", "image/tiff": "tif"}
_OFFICE = {"word/document.xml": "docx", "xl/workbook.xml": "xlsx", "ppt/presentation.xml": "pptx"}
_OPEN = {
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)
_ENDING = re.compile(r"[^.]\.([a-z][a-z0-9]{1,4})$", re.IGNORECASE | re.ASCII)
_SHA256 = re.compile(r"[0-9a-f]{64}")
_DAMAGED = (
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    NotImplementedError,
    OSError,
    RuntimeError,
    EOFError,
)
_UNPACKED_HERE = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""OpenDocument has its `mimetype` stored; a careless program deflates it as it does the rest."""


class Unwanted(NotAllowed):
    """A file that is not taken, with the reason for who sent it."""


@dataclass(frozen=True)
class Received:
    """A file as it came."""

    name: str
    content: bytes


@dataclass(frozen=True)
class Kept:
    """A file that lies below data_dir."""

    name: str
    kind: str
    size: int
    sha256: str

    def row(self) -> Attachment:
        return Attachment(name=self.name, kind=self.kind, size=self.size, sha256=self.sha256)


def keep_all(received: Sequence[Received], limits: Attachments, data_dir: Path) -> list[Kept]:
    """All or none. Raises Unwanted, or OSError where the disk refuses."""
    kept = looked_at(received, limits)
    write(received, data_dir)
    return kept


def looked_at(received: Sequence[Received], limits: Attachments) -> list[Kept]:
    """What would be kept; nothing is written yet. Raises Unwanted where any is not taken."""
    if len(received) > limits.max_files:
        raise Unwanted(f"Nhiều hơn {limits.max_files} tệp; hãy gộp lại hoặc gửi phần còn lại bằng thư.")
    kinds = [_kind_wanted(file, limits) for file in received]
    return [
        Kept(neutral_name(file.name, kind), kind, len(file.content), _sha256(file))
        for file, kind in zip(received, kinds, strict=True)
    ]


def write(received: Sequence[Received], data_dir: Path) -> None:
    """Raises OSError where the disk refuses."""
    for file in received:
        path = path_of(data_dir, _sha256(file))
        if path.is_file():
            path.touch()  # else it may be swept as one that lies unnamed since long ago
        else:
            write_whole(path, file.content)


def lying_since(data_dir: Path, before: datetime) -> list[Path]:
    """All files that nobody has brought again since then, the torn ones of a kill among them."""
    return sorted(path for path in (data_dir / FOLDER).glob("*/*") if lies_since(path, before))


def lies_since(path: Path, before: datetime) -> bool:
    return path.is_file() and path.stat().st_mtime < before.timestamp()


def keep_what_may_be(
    received: Sequence[Received], limits: Attachments, data_dir: Path
) -> tuple[list[Kept], list[str]]:
    """What is kept, and a sentence for each file that is not: a message is not lost for its attachment.
    Of more than a few only their number is said."""
    kept: list[Kept] = []
    left_out: list[str] = []
    for file in received:
        try:
            kept += keep_all([file], limits, data_dir) if len(kept) < limits.max_files else _too_many(file)
        except Unwanted as unwanted:
            left_out.append(str(unwanted))
    if (more := len(left_out) - MOST_TOLD) > 0:
        left_out[MOST_TOLD:] = [f"Và {more} tệp khác."]
    return kept, left_out


def path_of(data_dir: Path, sha256: str) -> Path:
    """Where the content lies. Raises ValueError for what is no hash."""
    if not _SHA256.fullmatch(sha256):
        raise ValueError(f"{sha256!r} is no SHA-256")
    return data_dir / FOLDER / sha256[:2] / sha256


def neutral_name(name: str, kind: str) -> str:
    """No path, nothing invisible, no second ending; the last ending is that of the content."""
    base = unicodedata.normalize("NFC", keepable(name)).replace("\\", "/").rpartition("/")[2]
    shown = "".join(char for char in base if unicodedata.category(char)[0] != "C")
    stem = shown.rpartition(".")[0] or shown
    stem = re.sub(r"[^\w \-()\[\],]", "-", mask_text(stem))
    stem = re.sub(r"\s+", " ", stem).strip(" -")[:LONGEST_NAME].rstrip()
    if _RESERVED.fullmatch(stem):
        stem = f"tep {stem}"
    return f"{stem or 'tep dinh kem'}.{kind}"


def kind_of(content: bytes) -> str | None:
    """What the content is; None for what is of no known kind. Raises Unwanted for what may do harm."""
    if content.startswith(b"PK"):
        return _kind_in_zip(content)
    found = filetype.guess(content[:8192])
    return _PLAIN.get(found.mime) if found else None


def _name_as_sent(file: Received) -> str:
    """Made harmless, with the ending by which its sender knows it, whatever the content is."""
    ending = _ENDING.search(keepable(file.name))
    return neutral_name(file.name, ending[1]) if ending else neutral_name(file.name, "x").removesuffix(".x")


def _kind_wanted(file: Received, limits: Attachments) -> str:
    shown = _name_as_sent(file)
    if not file.content:
        raise Unwanted(f"Tệp “{shown}” rỗng.")
    if len(file.content) > limits.max_bytes:
        raise Unwanted(f"Tệp “{shown}” lớn quá {limits.max_bytes // 1_000_000 or 1} MB.")
    try:
        kind = kind_of(file.content)
    except Unwanted as unwanted:
        raise Unwanted(f"Tệp “{shown}” {unwanted}.") from unwanted
    if kind not in limits.types:
        taken = ", ".join(IN_WORDS[one] for one in limits.types)
        raise Unwanted(f"Tệp “{shown}” không thuộc loại được nhận, xét theo nội dung tệp. Chỉ nhận: {taken}.")
    return kind


def _kind_in_zip(content: bytes) -> str | None:
    """Reads the table of contents only."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            kind = _kind_of_entries(archive, {entry.filename for entry in entries})
    except _DAMAGED:
        return None
    if len(entries) > MOST_ENTRIES or sum(entry.file_size for entry in entries) > MOST_UNPACKED_BYTES:
        raise Unwanted("khi mở ra lớn bất thường")
    if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
        raise Unwanted("có chứa mã lệnh (macro)")
    return kind


def _kind_of_entries(archive: zipfile.ZipFile, names: set[str]) -> str | None:
    if "[Content_Types].xml" in names:
        return next((kind for name, kind in _OFFICE.items() if name in names), None)
    if "mimetype" not in names:
        return None
    entry = archive.getinfo("mimetype")
    if entry.file_size > 100 or entry.compress_type not in _UNPACKED_HERE:
        return None
    with archive.open("mimetype") as file:
        return _OPEN.get(file.read(100).strip())


def _sha256(file: Received) -> str:
    return hashlib.sha256(file.content).hexdigest()


def _too_many(file: Received) -> list[Kept]:
    raise Unwanted(f"Tệp “{_name_as_sent(file)}” vượt quá số tệp được nhận.")
