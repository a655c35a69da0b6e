"""A document as the files of its package, and these as one file."""

import io
import zipfile
from collections.abc import Sequence
from typing import Any

from docx.document import Document
from docx.opc.packuri import PackURI
from docx.opc.pkgwriter import PackageWriter

EPOCH = (1980, 1, 1, 0, 0, 0)
"""the earliest time a zip entry can bear"""
_WRITER: Any = PackageWriter
Files = Sequence[tuple[str, bytes]]
"""by name, in the order in which the package names them"""


class _Kept:
    """Takes what python-docx writes, in the place of its zip file: packed, it would be unpacked again."""

    def __init__(self) -> None:
        self.files: list[tuple[str, bytes]] = []

    def write(self, name: PackURI, content: bytes) -> None:
        self.files.append((name.membername, content))


def files_of(document: Document) -> Files:
    package = document.part.package
    assert package is not None  # noqa: S101 - of a document that was opened
    kept, parts, writer = _Kept(), package.parts, _WRITER
    for part in parts:
        part.before_marshal()
    # As its write() does.
    writer._write_content_types_stream(kept, parts)  # noqa: SLF001
    writer._write_pkg_rels(kept, package.rels)  # noqa: SLF001
    writer._write_parts(kept, parts)  # noqa: SLF001
    return kept.files


def packed(files: Files, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The same files always give the same bytes: no time of the machine is in them."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as written:
        for name, content in files:
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = compression
            entry.external_attr = 0o600 << 16
            written.writestr(entry, content)
    return packed.getvalue()
