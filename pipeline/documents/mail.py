"""One mail as bytes: the same arguments always give the same message."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address, UniqueAddressHeader
from email.message import EmailMessage, MIMEPart
from email.policy import EmailPolicy
from email.utils import format_datetime

from pipeline.documents.printable import printable
from pipeline.settings import Settings


class _WholeWords(EmailPolicy):
    """Folds headers with Vietnamese letters as RFC 2047 asks.

    The library's own folding loses the space between two words where one is plain and the other
    encoded and a line ends between them: "khó khăn" would arrive as "khókhăn".
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        if name not in ("Subject", "From") or str(value).isascii():
            return super().fold_binary(name, value)
        header = Header(header_name=name)
        if isinstance(value, UniqueAddressHeader):
            (address,) = value.addresses
            header.append(address.display_name, "utf-8")
            header.append(f"<{address.addr_spec}>", "us-ascii")
        else:
            header.append(str(value), "utf-8")
        return f"{name}: {header.encode(linesep=self.linesep)}{self.linesep}".encode("ascii")


POLICY = _WholeWords(linesep="\r\n", max_line_length=78, cte_type="7bit")
"""SMTP's line ends, and 7 bits, since not every relay on the way takes 8."""


DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@dataclass(frozen=True)
class Attachment:
    filename: str
    media_type: str
    content: bytes


def compose(
    settings: Settings,
    *,
    recipient: str,
    subject: str,
    text: str,
    html: str,
    message_id: str,
    date: datetime,
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """RFC 5322 bytes with CRLF line ends; `message_id` with its angle brackets, `date` zone-aware."""
    message = EmailMessage(policy=POLICY)
    message["From"] = Address(settings.mail.sender_name, addr_spec=settings.mail.sender)
    message["To"] = recipient
    # Spaces first: a line end within a title parts two words.
    message["Subject"] = printable(" ".join(subject.split()))
    message["Date"] = format_datetime(date)
    message["Message-ID"] = message_id
    # Answers go to the contact unit, not to the mailbox that only sends.
    message["Reply-To"] = settings.office.email
    # Out-of-office robots stay quiet (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(printable(text))
    message.add_alternative(printable(html), subtype="html")
    for attachment in attachments:
        main, _, sub = attachment.media_type.partition("/")
        message.add_attachment(attachment.content, maintype=main, subtype=sub, filename=attachment.filename)
    _set_boundaries(message, hashlib.sha256(message_id.encode()).hexdigest()[:32])
    return message.as_bytes()


def _set_boundaries(message: EmailMessage, seed: str) -> None:
    """The library would draw them at random, and a second try must be the same message."""
    multiparts: list[MIMEPart] = [part for part in message.walk() if part.is_multipart()]
    for number, part in enumerate(multiparts):
        part.set_boundary(f"dansinh-{number}-{seed}")
