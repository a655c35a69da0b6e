"""Issues and referrals that a stage still has to deal with."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import Session

from store.models import Delivery, Event, Issue, Referral, UndoneEvent
from store.queries.undone import stands


def detected_ids(session: Session) -> list[int]:
    return list(session.scalars(select(Issue.id).where(Issue.state == "detected").order_by(Issue.id)))


def locked(session: Session, issue_id: int) -> Issue:
    """The issue as it stands now, held until the transaction ends.

    Whoever changes an issue or one of its referrals takes this lock first, so that desk and stages never
    decide on what the other has just changed. (SQLite's writers take turns anyway.) Rows that only name the
    issue may be written meanwhile: who writes one may hold what this transaction is going to wait for.
    Raises NoResultFound.
    """
    return session.get_one(Issue, issue_id, with_for_update={"key_share": True}, populate_existing=True)


def closed_at(session: Session, issue_id: int) -> datetime | None:
    """When it was closed for the last time."""
    at: datetime | None = session.scalar(
        select(func.max(Event.at)).where(
            Event.entity == "issue", Event.entity_id == issue_id, Event.action == "closed", stands()
        )
    )
    return at


class Turn(NamedTuple):
    at: datetime
    closed: bool
    """else it was opened again"""


def turns(session: Session, issue_id: int) -> list[Turn]:
    """When it was closed and reopened, in order; what was taken back is left out."""
    query = select(Event.at, Event.action).where(
        Event.entity == "issue",
        Event.entity_id == issue_id,
        Event.action.in_(("closed", "reopened")),
        stands(),
    )
    return [Turn(at, action == "closed") for at, action in session.execute(query.order_by(Event.id))]


def unrouted_ids(session: Session) -> list[int]:
    """Open concerns to which nothing has been drafted in their present round.

    What was refused or withdrawn in it is left out: it waits for a person's choice.
    """
    drafted = _of_round()
    query = (
        select(Issue.id)
        .where(Issue.kind == "concern", Issue.state.in_(("confirmed", "reopened")), ~drafted.exists())
        .order_by(Issue.id)
    )
    return list(session.scalars(query))


def _of_round() -> Select[int]:
    """Referrals of an issue's present round; a draft that went with an undone decision was never there."""
    undone = (
        select(Event.entity_id)
        .join(UndoneEvent, UndoneEvent.event_id == Event.id)
        .where(Event.entity == "referral", Event.action == "drafted")
    )
    return (
        select(Referral.id)
        .where(Referral.issue_id == Issue.id, Referral.round == Issue.round, Referral.id.not_in(undone))
        .correlate(Issue)
    )


def without_co_ids(session: Session) -> list[int]:
    """Open concerns that have gone to their lead, and of which a routing problem tells of another agency.

    What was refused or withdrawn in the round waits for a person's choice, and an approved letter that
    waits for an address is told by itself.
    """
    of_round = _of_round()
    by_person = of_round.where(Referral.state.in_(("refused", "withdrawn")))
    waiting = of_round.where(Referral.state == "approved", Referral.letter_path.is_(None))
    query = (
        select(Issue.id)
        .where(
            Issue.kind == "concern",
            Issue.state.in_(("confirmed", "reopened", "referred")),
            Issue.routing_problem.is_not(None),
            of_round.exists(),
            ~by_person.exists(),
            ~waiting.exists(),
        )
        .order_by(Issue.id)
    )
    return list(session.scalars(query))


def approved_without_letter(session: Session, referral_id: int | None = None) -> Sequence[Referral]:
    """All, or that one if it is among them."""
    # One that came back, whose agency's address has been mended since.
    came_back = and_(
        Referral.state == "sent",
        Referral.deliveries.any(Delivery.kind == "referral"),
        ~Referral.deliveries.any(and_(Delivery.kind == "referral", Delivery.state != "cancelled")),
    )
    query = (
        select(Referral)
        .join(Referral.issue)
        .where(
            or_(Referral.state == "approved", came_back),
            Referral.letter_path.is_(None),
            Issue.state.in_(("confirmed", "referred", "reopened")),
        )
        .order_by(Referral.number_year, Referral.number)
    )
    if referral_id is not None:
        query = query.where(Referral.id == referral_id)
    return session.scalars(query).all()
