"""What one mail changes: a delivery that came back, a reply that is proposed, or nothing at all.

All in the caller's transaction, in which also stands how far the mailbox has been read.
"""

import re
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from nlp.privacy import mask_text
from pipeline.answering.proposals import propose_reply
from pipeline.inbox.bounces import Bounce
from pipeline.inbox.incoming import Incoming
from pipeline.inbox.matching import agency_named, delivery_named, match, numbers_in
from pipeline.settings import Settings
from pipeline.states import allowed, change
from store.history import record
from store.models import Delivery, ReceivedMail
from store.queries.issues import locked
from store.texts import keepable

ACTOR = "stage:collect"
NOT_OURS, KNOWN = "not_ours", "known"
_DOCUMENT_NUMBER = re.compile(r"\b[Ss]ố\s{0,5}:?\s{0,5}(\d{1,6}\s?[-/]\s?[^\W\d_][^\s,;:()]{1,40})")
LONGEST_SUBJECT = 200


def take(
    session: Session,
    settings: Settings,
    data_dir: Path,
    mail: Incoming,
    *,
    received_at: datetime,
    left_out_bytes: int,
    at: datetime,
) -> str:
    """The kind of ReceivedMail that it was kept as, or NOT_OURS or KNOWN: then nothing was kept.

    Raises OSError where the disk refuses an attachment.
    """
    if session.scalar(select(ReceivedMail.id).where(ReceivedMail.identity == mail.identity)) is not None:
        return KNOWN
    if mail.message_id and delivery_named(session, [mail.message_id]):
        return NOT_OURS  # a copy of our own, such as the digest
    kept = ReceivedMail(identity=mail.identity, received_at=received_at, read_at=at)
    if mail.bounce is not None:
        _take_bounce(session, mail.bounce, mail, kept, at)
    elif mail.automatic:
        _take_automatic(session, mail, kept, at)
    else:
        _take_reply(session, settings, data_dir, mail, kept, left_out_bytes)
    if kept.kind is None:
        return NOT_OURS
    session.add(kept)
    return kept.kind


def _take_bounce(session: Session, bounce: Bounce, mail: Incoming, kept: ReceivedMail, at: datetime) -> None:
    named = [*bounce.message_ids, *mail.answers]
    if bounce.envelope_id:
        named.insert(0, f"<{bounce.envelope_id}>")
    delivery = delivery_named(session, named)
    if delivery is None or bounce.outcome == "other":
        return
    why = mask_text(keepable(f"{bounce.status or ''} {bounce.reason}".strip()))
    kept.kind = "bounce" if bounce.outcome == "failed" else "delay"
    kept.delivery_id, kept.note = delivery.id, why
    _hold(session, delivery)
    if bounce.outcome == "failed" and allowed(delivery, "failed"):
        change(session, delivery, "failed", at=at, actor=ACTOR, why=why, last_error=why)
    else:
        # Late is not lost; and one that is being sent again may still arrive.
        _note(session, delivery, "delayed" if bounce.outcome == "delayed" else "returned", why, at)


def _take_automatic(session: Session, mail: Incoming, kept: ReceivedMail, at: datetime) -> None:
    """That there is an answering machine is told; what it says of who is away is not kept."""
    delivery = delivery_named(session, mail.answers)
    if delivery is None:
        return
    kept.kind, kept.delivery_id = "automatic", delivery.id
    _hold(session, delivery)
    _note(session, delivery, "answered_by_machine", None, at)


def _take_reply(
    session: Session,
    settings: Settings,
    data_dir: Path,
    mail: Incoming,
    kept: ReceivedMail,
    left_out_bytes: int,
) -> None:
    found = match(session, settings.office, mail, kept.received_at)
    if found is None:
        agency = agency_named(session, mail)
        if agency is not None:
            kept.kind, kept.agency_name = "unmatched", agency
            kept.subject = mask_text(mail.subject)[:LONGEST_SUBJECT]
        return
    sent = found.referral.sent_at
    kept.kind, kept.agency_name = "reply", found.referral.agency_name
    propose_reply(
        session,
        settings,
        data_dir,
        referral_id=found.referral.id,
        channel="mail",
        external_id=mail.identity,
        # Two clocks: an answer to a letter came after it, whatever they say.
        received_at=max(kept.received_at, sent) if sent else kept.received_at,
        text=_text(mail, left_out_bytes),
        origin=found.why,
        attachments=mail.attachments,
        document_number=document_number(mail.text, settings.office.symbol),
        at=max(kept.read_at, sent) if sent else kept.read_at,
        actor=ACTOR,
    )


def _text(mail: Incoming, left_out_bytes: int) -> str:
    if left_out_bytes:
        size = f"{left_out_bytes / 1_000_000:.0f} MB"
        return f"(Thư lớn {size}, quá giới hạn đọc; hãy xem nguyên văn trong hộp thư.)"
    return mail.text or ("" if mail.attachments else "(Thư không có chữ nào.)")


def document_number(text: str, own_symbol: str) -> str | None:
    """The number of the agency's own document, where the mail names one: "Số: 1234/SXD-QLHT"."""
    for number in _DOCUMENT_NUMBER.findall(text):
        if not numbers_in(number, own_symbol):
            return mask_text(re.sub(r"\s", "", number).rstrip("."))
    return None


def _hold(session: Session, delivery: Delivery) -> None:
    if delivery.referral is not None:
        locked(session, delivery.referral.issue_id)
    session.refresh(delivery)


def _note(session: Session, delivery: Delivery, action: str, why: str | None, at: datetime) -> None:
    record(session, at=at, actor=ACTOR, entity="delivery", entity_id=delivery.id, action=action, why=why)
