"""referrals and digests → their recipients: an outbox that loses nothing and sends nothing twice.

A delivery is marked `sending` before anybody outside hears of it and `sent` after it has been taken. A kill
between the two leaves `sending`: the same bytes go again under the same Message-ID, which mail systems
take for the same message.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from nlp.privacy import mask_text
from pipeline.channels.carriers import Carriers
from pipeline.channels.parcel import NotTaken, OutOfReach, Parcel
from pipeline.clock import Clock
from pipeline.clocks import programme_deadline
from pipeline.settings import Settings
from pipeline.stages.summary import Progress, Summary
from pipeline.states import allowed, change
from store import Store
from store.history import record
from store.models import Delivery, Referral
from store.queries.issues import locked
from store.queries.outbox import LONGEST_WAIT, due_ids, stuck
from store.queries.reminders import SENT_AGAIN
from store.texts import keepable

ACTOR = "stage:deliver"
LONGEST_WHY = 500
LETTER = "referral"
"""The kind of delivery that brings a referral to its agency; others speak of one that it has."""
INTERRUPTED = "interrupted at every try: whether it was taken is not known"


@dataclass(frozen=True)
class _Tour:
    """What one run over the outbox works with."""

    store: Store
    settings: Settings
    clock: Clock
    carriers: Carriers
    summary: Summary


def run(store: Store, settings: Settings, clock: Clock, progress: Progress) -> Summary:
    summary = Summary("deliver")
    with store.read() as session:
        delivery_ids = due_ids(session, clock())
    with Carriers(settings, clock) as carriers:
        tour = _Tour(store, settings, clock, carriers, summary)
        for delivery_id in delivery_ids:
            _deliver(tour, delivery_id)
            progress(f"sent {summary.counts.get('sent', 0)} of {len(delivery_ids)}")
    with store.read() as session:
        waiting = len(session.scalars(stuck()).all())
    if waiting:
        summary.count("stuck", waiting)
    return summary


def _deliver(tour: _Tour, delivery_id: int) -> None:
    parcel = _claim(tour, delivery_id)
    if parcel is None:
        return
    try:
        tour.carriers.carry(parcel)
    except OutOfReach as error:
        _failed(tour, delivery_id, NotTaken(str(error), final=False))
    except NotTaken as error:
        _failed(tour, delivery_id, error)
    except Exception as error:
        # A fault of ours with this one message must not hold those behind it; it is stuck, and told.
        logging.getLogger(__name__).exception("delivery %d", delivery_id)
        _failed(tour, delivery_id, NotTaken(f"fault of dansinh: {type(error).__name__}", final=True))
    else:
        _sent(tour, delivery_id)
        tour.summary.count("sent")


def _claim(tour: _Tour, delivery_id: int) -> Parcel | None:
    """Marks it `sending`; None when it has been cancelled since it was listed, or has had its tries."""
    now = tour.clock()
    with tour.store.begin() as session:
        delivery = _hold(session, delivery_id)
        if delivery.state != "sending":
            if not allowed(delivery, "sending"):
                return None
            change(session, delivery, "sending", at=now, actor=ACTOR, attempts=delivery.attempts + 1)
        elif delivery.attempts >= tour.settings.mail.max_attempts:
            _quarantine(session, delivery, INTERRUPTED, now, tour.summary)
            return None
        else:
            # The last try was cut short. It counts, so that a message at which every run dies ends too.
            delivery.attempts += 1
        return Parcel(delivery.channel, delivery.recipient, delivery.message_id, delivery.message)


def _hold(session: Session, delivery_id: int) -> Delivery:
    """The delivery as it stands now, behind its issue's lock where it has one."""
    delivery = session.get_one(Delivery, delivery_id)
    if delivery.referral is not None:
        locked(session, delivery.referral.issue_id)
        session.refresh(delivery.referral)
    session.refresh(delivery)
    return delivery


def _sent(tour: _Tour, delivery_id: int) -> None:
    now = tour.clock()
    with tour.store.begin() as session:
        delivery = _hold(session, delivery_id)
        change(session, delivery, "sent", at=now, actor=ACTOR, sent_at=now, last_error=None)
        referral = delivery.referral
        if referral is None or delivery.kind != LETTER:
            return
        deadline = _deadline(tour.settings, referral, now)
        if allowed(referral, "sent"):
            change(session, referral, "sent", at=now, actor=ACTOR, sent_at=now, deadline_at=deadline)
            if allowed(referral.issue, "referred"):
                change(session, referral.issue, "referred", at=now, actor=ACTOR)
        elif referral.state == "sent" and deadline != referral.deadline_at:
            _give_its_days(session, referral, deadline, now)


def _give_its_days(session: Session, referral: Referral, deadline: datetime | None, now: datetime) -> None:
    """The first letter came back: the agency's days run from the one that reached it."""
    before = referral.deadline_at
    referral.deadline_at = deadline
    record(
        session,
        at=now,
        actor=ACTOR,
        entity="referral",
        entity_id=referral.id,
        action=SENT_AGAIN,
        before={"deadline_at": before and before.isoformat()},
        after={"deadline_at": deadline and deadline.isoformat()},
    )


def _deadline(settings: Settings, referral: Referral, now: datetime) -> datetime | None:
    """As printed; later where the letter left so late that the agency would not have its days."""
    programme = next((one for one in settings.programmes if one.key == referral.programme_key), None)
    urgency = referral.issue.urgency if referral.urgency is None else referral.urgency
    counted = programme_deadline(settings, programme, urgency, now) if programme else None
    known = [moment for moment in (referral.deadline_at, counted) if moment is not None]
    return max(known, default=None)


def _failed(tour: _Tour, delivery_id: int, error: NotTaken) -> None:
    # What the other side says may hold anything, a resident's name or what no database keeps.
    now, mail, why = tour.clock(), tour.settings.mail, mask_text(keepable(str(error)))[:LONGEST_WHY]
    with tour.store.begin() as session:
        delivery = session.get_one(Delivery, delivery_id)
        if error.final or delivery.attempts >= mail.max_attempts:
            _quarantine(session, delivery, why, now, tour.summary)
            return
        usual = timedelta(minutes=mail.first_retry_minutes) * 2 ** min(delivery.attempts - 1, 20)
        again = now + min(max(usual, error.wait or usual), LONGEST_WAIT)
        change(
            session,
            delivery,
            "retry",
            at=now,
            actor=ACTOR,
            why=why,
            last_error=why,
            next_attempt_at=again,
        )
        tour.summary.count("retry")
        what = f"{delivery.kind} to {delivery.recipient}"
        tour.summary.fail(what, why, f"it is tried again from {again:%H:%M %d/%m/%Y}")


def _quarantine(session: Session, delivery: Delivery, why: str, now: datetime, summary: Summary) -> None:
    change(session, delivery, "quarantined", at=now, actor=ACTOR, why=why, last_error=why)
    summary.count("quarantined")
    summary.fail(
        f"{delivery.kind} to {delivery.recipient}",
        why,
        "mend the address or the server, then send it again at the desk",
    )
