"""One mail as bytes: the same arguments always give the same message."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from email.utils import format_datetime

from pipeline.settings import Settings


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
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(settings.mail.sender_name, addr_spec=settings.mail.sender)
    message["To"] = recipient
    message["Subject"] = " ".join(subject.split())
    message["Date"] = format_datetime(date)
    message["Message-ID"] = message_id
    # Answers go to the contact unit, not to the mailbox that only sends.
    message["Reply-To"] = settings.office.email
    # Out-of-office robots stay quiet (RFC 3834).
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text)
    message.add_alternative(html, subtype="html")
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
