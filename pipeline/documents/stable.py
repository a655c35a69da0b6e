"""DOCX files of which the same content always gives the same bytes."""

from datetime import UTC, datetime

from docx.document import Document

from pipeline.documents.packing import files_of, packed


def stable_docx(document: Document, *, title: str, author: str, made_at: datetime) -> bytes:
    """The document's bytes: properties from the arguments, no time of the machine anywhere."""
    properties = document.core_properties
    moment = made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0)
    properties.title, properties.author, properties.last_modified_by = title, author, author
    properties.created = properties.modified = moment
    properties.language, properties.comments, properties.revision = "vi-VN", "", 1
    return packed(files_of(document))
