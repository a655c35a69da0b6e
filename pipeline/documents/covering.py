"""The letter that goes with another document (công văn gửi kèm)."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.documents.issuing import Head
from pipeline.documents.printable import printable
from pipeline.documents.stable import stable_docx
from pipeline.documents.templating import filled


@dataclass(frozen=True)
class Covering:
    subject: str
    addressees: tuple[str, ...]
    programme: str
    enclosed: str
    """what goes with it, as it stands inside a sentence: "Báo cáo số 3-BC/… về …" """
    request: str
    contact: str


@dataclass(frozen=True)
class CoveringContext:
    head: Head
    covering: Covering


def covering_docx(head: Head, covering: Covering, template: Path, made_at: datetime) -> bytes:
    """The same content and template always give the same bytes."""
    context = printable(CoveringContext(head, covering))
    document = filled(template, lambda _: context)
    return stable_docx(document, title=covering.subject, author=head.office, made_at=made_at)
