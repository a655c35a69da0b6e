"""Messages taken for an agency's reply: stored once, shown to an analyst, never taken as they are."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from nlp.privacy import mask_text
from pipeline.answering.attachments import Received, keep_what_may_be
from pipeline.answering.receiving import LONGEST_TEXT, receive_reply
from pipeline.formats import vn_datetime
from pipeline.reasons import reason_given
from pipeline.settings import Settings
from pipeline.states import NotAllowed
from store.history import record, record_of_referral
from store.models import ProposedReply, Referral, Reply
from store.queries.issues import locked
from store.texts import keepable

TAKEN, SET_ASIDE = "taken", "set_aside"


def propose_reply(
    session: Session,
    settings: Settings,
    data_dir: Path,
    *,
    referral_id: int,
    channel: str,
    external_id: str,
    received_at: datetime,
    text: str,
    origin: str,
    at: datetime,
    actor: str,
    attachments: Sequence[Received] = (),
    document_number: str | None = None,
) -> int | None:
    """Id of the proposed reply; None where `external_id` was stored before.

    Changes nothing of the referral. A file outside the limits is left out and named with the reason.
    Raises OSError where the disk refuses a file: try again later.
    """
    referral = session.get_one(Referral, referral_id)
    locked(session, referral.issue_id)
    if session.scalar(select(ProposedReply.id).where(ProposedReply.external_id == external_id)) is not None:
        return None
    kept, left_out = keep_what_may_be(attachments, settings.attachments, data_dir)
    proposed = ProposedReply(
        referral=referral,
        channel=channel,
        external_id=external_id,
        origin=keepable(origin),
        received_at=received_at,
        recorded_at=at,
        document_number=document_number,
        text=mask_text(keepable(text).strip())[:LONGEST_TEXT],
        left_out=left_out,
        attachments=[file.row() for file in kept],
    )
    session.add(proposed)
    session.flush()
    record_of_referral(
        session,
        referral.id,
        "reply_proposed",
        at=at,
        actor=actor,
        after={"proposed_reply": proposed.id, "channel": channel, "received_at": received_at.isoformat()},
    )
    return proposed.id


def take(session: Session, proposed: ProposedReply, *, at: datetime, actor: str) -> int:
    """Makes it the agency's reply, received when it came; returns the reply's id.

    Where a reply waits to be judged already, it is a supplement to that one.
    """
    _undecided(proposed)
    waiting = next((one for one in proposed.referral.replies if one.judgement is None), None)
    if waiting is not None:
        return _supplement(session, waiting, proposed, at=at, actor=actor)
    reply = receive_reply(
        session,
        proposed.referral,
        text=proposed.text,
        received_at=proposed.received_at,
        at=at,
        actor=actor,
        channel=proposed.channel,
        document_number=proposed.document_number,
        attachments=list(proposed.attachments),
    )
    proposed.decision, proposed.reply_id = TAKEN, reply.id
    return reply.id


def _supplement(session: Session, reply: Reply, proposed: ProposedReply, *, at: datetime, actor: str) -> int:
    """What the reply said stays as it was, and so does when it was received."""
    heading = f"Bổ sung, nhận lúc {vn_datetime(proposed.received_at)}:"
    reply.text = f"{reply.text}\n\n{heading}\n{proposed.text}"
    for file in proposed.attachments:
        # By its column, which tells what it was before it is written.
        file.reply_id = reply.id
    proposed.decision, proposed.reply_id = TAKEN, reply.id
    record(
        session,
        at=at,
        actor=actor,
        entity="reply",
        entity_id=reply.id,
        action="supplemented",
        after={"proposed_reply": proposed.id, "received_at": proposed.received_at.isoformat()},
    )
    return reply.id


def set_aside(session: Session, proposed: ProposedReply, why: str, *, at: datetime, actor: str) -> None:
    """Not a reply: the message stays where it is, and is asked about no more."""
    reason = reason_given(why, "Hãy ghi lý do.")
    _undecided(proposed)
    proposed.decision = SET_ASIDE
    record_of_referral(
        session,
        proposed.referral_id,
        "proposal_set_aside",
        at=at,
        actor=actor,
        after={"proposed_reply": proposed.id},
        why=reason,
    )


def _undecided(proposed: ProposedReply) -> None:
    if proposed.decision is not None:
        raise NotAllowed("Thư này đã được xem.")
