"""referrals and digests → mailboxes: an outbox that loses nothing and sends nothing twice.

A delivery is marked `sending` before the server hears of it and `sent` after it has taken it. A kill
between the two leaves `sending`: the same bytes go again under the same Message-ID, which mail systems
take for the same message.
"""

import smtplib
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from pipeline.clock import Clock
from pipeline.clocks import programme_deadline
from pipeline.settings import Settings
from pipeline.smtp import MailServer, MissingSecret
from pipeline.stages.summary import Progress, Summary
from pipeline.states import allowed, change
from store import Store
from store.models import Delivery, Referral
from store.queries.issues import locked
from store.queries.outbox import due_ids, stuck

ACTOR = "stage:deliver"
LONGEST_WAIT = timedelta(days=1)
PERMANENT = 500
"""SMTP replies from 500 on are final (RFC 5321, section 4.2.1)."""


def run(store: Store, settings: Settings, clock: Clock, progress: Progress) -> Summary:
    summary = Summary("deliver")
    with store.read() as session:
        delivery_ids = due_ids(session, clock())
    with MailServer(settings.mail) as server:
        out_of_reach = None
        for delivery_id in delivery_ids:
            out_of_reach = _deliver(store, settings, clock, server, delivery_id, summary, out_of_reach)
            progress(f"sent {summary.counts.get('sent', 0)} of {len(delivery_ids)}")
    with store.read() as session:
        waiting = len(session.scalars(stuck()).all())
    if waiting:
        summary.count("stuck", waiting)
    return summary


def _deliver(
    store: Store,
    settings: Settings,
    clock: Clock,
    server: MailServer,
    delivery_id: int,
    summary: Summary,
    out_of_reach: str | None,
) -> str | None:
    """Tries one delivery; returns why the server is out of reach, once it is."""
    claimed = _claim(store, clock, delivery_id)
    if claimed is None:
        return out_of_reach
    out_of_reach = out_of_reach or _reach(settings, server)
    if out_of_reach is not None:
        _failed(store, settings, clock, delivery_id, out_of_reach, summary, final=False)
        return out_of_reach
    refusal = _offer(server, *claimed)
    if refusal is not None:
        why, final = refusal
        _failed(store, settings, clock, delivery_id, why, summary, final=final)
        return None
    _sent(store, settings, clock, delivery_id)
    summary.count("sent")
    return None


def _reach(settings: Settings, server: MailServer) -> str | None:
    """None when there is a connection; else why there is none."""
    try:
        server.connect()
    except (OSError, smtplib.SMTPException, MissingSecret) as error:
        return f"{settings.mail.host}:{settings.mail.port} cannot be used: {error}"
    return None


def _offer(server: MailServer, recipient: str, message: bytes) -> tuple[str, bool] | None:
    """None when the server has taken the message; else why not, and whether that is final."""
    try:
        server.send(recipient, message)
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()))
        return f"{recipient} refused: {code} {answer.decode(errors='replace')}", code >= PERMANENT
    except smtplib.SMTPResponseException as error:
        return f"{error.smtp_code} {error.smtp_error!r}", False
    except UnicodeError as error:
        return f"{recipient} is no address that mail can carry: {error}", True
    except (OSError, smtplib.SMTPException) as error:
        return f"the server hung up: {error}", False
    return None


def _claim(store: Store, clock: Clock, delivery_id: int) -> tuple[str, bytes] | None:
    """Marks it `sending`; None when it has been cancelled since it was listed."""
    with store.begin() as session:
        delivery = _hold(session, delivery_id)
        if delivery.state != "sending":
            if not allowed(delivery, "sending"):
                return None
            change(session, delivery, "sending", at=clock(), actor=ACTOR, attempts=delivery.attempts + 1)
        return delivery.recipient, delivery.message


def _hold(session: Session, delivery_id: int) -> Delivery:
    """The delivery as it stands now, behind its issue's lock where it has one."""
    delivery = session.get_one(Delivery, delivery_id)
    if delivery.referral is not None:
        locked(session, delivery.referral.issue_id)
        session.refresh(delivery.referral)
    session.refresh(delivery)
    return delivery


def _sent(store: Store, settings: Settings, clock: Clock, delivery_id: int) -> None:
    now = clock()
    with store.begin() as session:
        delivery = _hold(session, delivery_id)
        change(session, delivery, "sent", at=now, actor=ACTOR, sent_at=now, last_error=None)
        referral = delivery.referral
        if referral is None or not allowed(referral, "sent"):
            return
        deadline = _deadline(settings, referral, now)
        change(session, referral, "sent", at=now, actor=ACTOR, sent_at=now, deadline_at=deadline)
        if allowed(referral.issue, "referred"):
            change(session, referral.issue, "referred", at=now, actor=ACTOR)


def _deadline(settings: Settings, referral: Referral, now: datetime) -> datetime | None:
    """As printed; later where the letter left so late that the agency would not have its days."""
    programme = next((one for one in settings.programmes if one.key == referral.programme_key), None)
    urgency = referral.issue.urgency
    counted = programme_deadline(settings, programme, urgency, now) if programme else None
    known = [moment for moment in (referral.deadline_at, counted) if moment is not None]
    return max(known, default=None)


def _failed(
    store: Store,
    settings: Settings,
    clock: Clock,
    delivery_id: int,
    why: str,
    summary: Summary,
    *,
    final: bool,
) -> None:
    now = clock()
    with store.begin() as session:
        delivery = session.get_one(Delivery, delivery_id)
        what = f"{delivery.kind} to {delivery.recipient}"
        if final or delivery.attempts >= settings.mail.max_attempts:
            change(session, delivery, "quarantined", at=now, actor=ACTOR, why=why, last_error=why)
            summary.count("quarantined")
            summary.fail(what, why, "mend the address or the server, then send it again at the desk")
            return
        wait = min(
            timedelta(minutes=settings.mail.first_retry_minutes) * 2 ** (delivery.attempts - 1), LONGEST_WAIT
        )
        change(
            session,
            delivery,
            "retry",
            at=now,
            actor=ACTOR,
            why=why,
            last_error=why,
            next_attempt_at=now + wait,
        )
        summary.count("retry")
        summary.fail(what, why, f"it is tried again from {now + wait:%H:%M %d/%m/%Y}")
