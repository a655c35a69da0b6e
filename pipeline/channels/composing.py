"""The message as it leaves: for each channel the same words and files in its own container.

Mail and folder take a mail (RFC 5322); edxml takes a mail whose one attachment is the edXML file; webhook
takes JSON. Composed once, when it is queued: every try carries the same bytes.
"""

import base64
import json
from collections.abc import Sequence
from datetime import datetime

from pipeline.channels.document import Document
from pipeline.channels.edxml import edxml
from pipeline.clock import local
from pipeline.documents.mail import Attachment, compose
from pipeline.settings import Settings

EDXML = "application/xml"


def compose_for(
    channel: str,
    settings: Settings,
    *,
    kind: str,
    recipient: str,
    subject: str,
    text: str,
    html: str,
    message_id: str,
    date: datetime,
    attachments: Sequence[Attachment],
    document: Document | None,
) -> bytes:
    if channel == "webhook":
        return _json(settings, kind, subject, text, message_id, date, attachments, document)
    if channel == "edxml" and document is not None:
        content = edxml(settings.office, document, message_id, date, attachments)
        stem = attachments[0].filename.rpartition(".")[0] if attachments else kind
        attachments = [Attachment(f"{stem}.edxml", EDXML, content)]
    return compose(
        settings,
        # A folder's name is no mailbox.
        recipient=recipient if channel == "mail" else settings.mail.sender,
        subject=subject,
        text=text,
        html=html,
        message_id=message_id,
        date=date,
        attachments=attachments,
    )


def _json(
    settings: Settings,
    kind: str,
    subject: str,
    text: str,
    message_id: str,
    date: datetime,
    attachments: Sequence[Attachment],
    document: Document | None,
) -> bytes:
    body = {
        "version": 1,
        "id": message_id,
        "kind": kind,
        "queued_at": local(date).isoformat(),
        "office": settings.office.name,
        "subject": subject,
        "text": text,
        "document": document and _facts(document),
        "attachments": [
            {
                "name": attachment.filename,
                "media_type": attachment.media_type,
                "base64": base64.b64encode(attachment.content).decode(),
            }
            for attachment in attachments
        ],
    }
    return json.dumps(body, ensure_ascii=False).encode()


def _facts(document: Document) -> dict[str, str | int | None]:
    return {
        "number": document.number,
        "symbol": document.symbol,
        "day": document.day.isoformat(),
        "subject": document.subject,
        "agency": document.agency_key,
        "due": local(document.due).isoformat() if document.due else None,
    }
