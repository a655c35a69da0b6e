"""referrals and digests → mailboxes: an outbox that loses nothing and sends nothing twice.

A delivery is marked `sending` before the server hears of it and `sent` after it has taken it. A kill
between the two leaves `sending`: the same bytes go again under the same Message-ID, which mail systems
take for the same message.
"""

import smtplib
from datetime import timedelta

from pipeline.clock import Clock
from pipeline.settings import Settings
from pipeline.smtp import MailServer, MissingSecret
from pipeline.stages.summary import Progress, Summary
from pipeline.states import allowed, change
from store import Store
from store.models import Delivery
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
    recipient, message = _claim(store, clock, delivery_id)
    try:
        if out_of_reach is None:
            server.send(recipient, message)
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = next(iter(error.recipients.values()))
        why = f"{recipient} refused: {code} {answer.decode(errors='replace')}"
        _failed(store, settings, clock, delivery_id, why, summary, final=code >= PERMANENT)
        return None
    except smtplib.SMTPResponseException as error:
        why = f"{error.smtp_code} {error.smtp_error!r}"
        _failed(store, settings, clock, delivery_id, why, summary, final=False)
        return None
    except (OSError, smtplib.SMTPException, MissingSecret) as error:
        out_of_reach = f"{settings.mail.host}:{settings.mail.port} cannot be used: {error}"
    if out_of_reach is not None:
        _failed(store, settings, clock, delivery_id, out_of_reach, summary, final=False)
        return out_of_reach
    _sent(store, clock, delivery_id)
    summary.count("sent")
    return None


def _claim(store: Store, clock: Clock, delivery_id: int) -> tuple[str, bytes]:
    with store.begin() as session:
        delivery = session.get_one(Delivery, delivery_id)
        if delivery.state != "sending":
            change(session, delivery, "sending", at=clock(), actor=ACTOR, attempts=delivery.attempts + 1)
        return delivery.recipient, delivery.message


def _sent(store: Store, clock: Clock, delivery_id: int) -> None:
    now = clock()
    with store.begin() as session:
        delivery = session.get_one(Delivery, delivery_id)
        change(session, delivery, "sent", at=now, actor=ACTOR, sent_at=now, last_error=None)
        referral = delivery.referral
        if referral is None or not allowed(referral, "sent"):
            return
        change(session, referral, "sent", at=now, actor=ACTOR, sent_at=now)
        if allowed(referral.issue, "referred"):
            change(session, referral.issue, "referred", at=now, actor=ACTOR)


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
