"""Puts a message into the outbox: whole, once, under an identity that every later try keeps."""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.channels.composing import compose_for
from pipeline.channels.document import Document
from pipeline.documents.mail import Attachment
from pipeline.settings import Settings
from store.history import record
from store.models import Delivery


def queue(
    session: Session,
    settings: Settings,
    *,
    key: str,
    kind: str,
    recipient: str,
    subject: str,
    text: str,
    html: str,
    attachments: Sequence[Attachment],
    at: datetime,
    actor: str,
    referral_id: int | None = None,
    digest_id: int | None = None,
    channel: str = "mail",
    document: Document | None = None,
) -> Delivery | None:
    """Queues a message in the caller's transaction; None when `key` has been queued before.

    `recipient` is what the channel leads to; `document` tells a program what the letter is.
    """
    if session.scalar(select(Delivery.id).where(Delivery.key == key)) is not None:
        return None
    domain = settings.mail.sender.partition("@")[2]
    # Short, so that the header fits its line: some mail systems do not unfold this one.
    message_id = f"<{uuid.uuid4().hex}@{domain}>"
    message = compose_for(
        channel,
        settings,
        kind=kind,
        recipient=recipient,
        subject=subject,
        text=text,
        html=html,
        message_id=message_id,
        date=at,
        attachments=attachments,
        document=document,
    )
    delivery = Delivery(
        key=key,
        kind=kind,
        referral_id=referral_id,
        digest_id=digest_id,
        channel=channel,
        recipient=recipient,
        subject=subject,
        message_id=message_id,
        message=message,
        queued_at=at,
        next_attempt_at=at,
        state="queued",
    )
    session.add(delivery)
    session.flush()
    record(
        session,
        at=at,
        actor=actor,
        entity="delivery",
        entity_id=delivery.id,
        action="queued",
        after={"key": key},
    )
    return delivery
