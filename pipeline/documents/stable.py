"""DOCX files of which the same content always gives the same bytes."""

import io
import zipfile
from datetime import UTC, datetime

from docx.document import Document

EPOCH = (1980, 1, 1, 0, 0, 0)
"""the earliest time a zip entry can bear"""


def stable_docx(document: Document, *, title: str, author: str, made_at: datetime) -> bytes:
    """The document's bytes: properties from the arguments, no time of the machine anywhere."""
    properties = document.core_properties
    moment = made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    properties.title, properties.author, properties.last_modified_by = title, author, author
    properties.created = properties.modified = moment
    properties.language, properties.comments, properties.revision = "vi-VN", "", 1
    packed = io.BytesIO()
    document.save(packed)
    return _without_times(packed.getvalue())


def _without_times(packed: bytes) -> bytes:
    bare = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(packed)) as read, zipfile.ZipFile(bare, "w") as written:
        for name in read.namelist():
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            written.writestr(entry, read.read(name))
    return bare.getvalue()
