"""What had come of every referral at past moments: read once, told of as many moments as are asked for."""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import ColumnElement, ScalarSelect, and_, case, exists, func, or_, select
from sqlalchemy.orm import Session

from store.models import Event, Referral, Reply
from store.models.referrals import TAKEN_BACK
from store.queries.past import Past, among
from store.queries.undone import stands

CAME = ("acknowledged", "refused", "ended")
"""what is told of a referral by the first event of its kind"""


class ReferralRow(NamedTuple):
    referral: int
    issue: int
    agency_key: str
    agency_name: str
    topic: str
    province_code: str | None
    commune_code: str | None
    sent_at: datetime
    deadline_at: datetime | None
    acknowledged_at: datetime | None
    answered_at: datetime | None
    """when the first reply that was not returned came in"""
    refused_at: datetime | None
    ended_at: datetime | None
    """when its issue was closed, dismissed or merged, or its letter given up; None where the issue is open"""

    @property
    def is_waiting(self) -> bool:
        return self.answered_at is None and self.refused_at is None and self.ended_at is None


class Sent(NamedTuple):
    referral: int
    issue: int
    agency_key: str
    agency_name: str
    sent_at: datetime
    deadline_at: datetime | None
    """as it is now"""


class Answer(NamedTuple):
    received_at: datetime
    known_at: datetime
    """when it had come in and the office knew of it"""
    returned_at: datetime | None


@dataclass(frozen=True)
class Referrals:
    sent: Sequence[Sent]
    """in the order of their numbers"""
    came: Mapping[str, Mapping[int, datetime]]
    """for each of CAME when it was so first, by referral"""
    answers: Mapping[int, Sequence[Answer]]

    def at(
        self, past: Past, ended: Mapping[int, datetime], start: datetime, until: datetime
    ) -> Iterator[ReferralRow]:
        """Those sent from `start` until before `until`, and those sent before that were waiting still.

        `ended`: when each issue that was open no more then had come to its end.
        """
        for one in self.sent:
            # Most have been sent before and have come to their end: no row is made of them.
            if one.sent_at < until and (one.sent_at >= start or one.issue not in ended):
                row = self._row(one, past, ended.get(one.issue))
                if one.sent_at >= start or row.is_waiting:
                    yield row

    def _row(self, one: Sent, past: Past, ended: datetime | None) -> ReferralRow:
        key, then = one.referral, past.issues[one.issue]
        acknowledged, refused, given_up = (_by(past.as_of, self.came[name].get(key)) for name in CAME)
        return ReferralRow(
            key,
            one.issue,
            one.agency_key,
            one.agency_name,
            then.topic,
            then.province_code,
            then.commune_code,
            one.sent_at,
            past.deadlines.get(key, one.deadline_at),
            acknowledged,
            _answered_at(self.answers.get(key, ()), past.as_of),
            refused,
            given_up or ended,
        )


def _by(as_of: datetime, at: datetime | None) -> datetime | None:
    return at if at is not None and at <= as_of else None


def _answered_at(answers: Sequence[Answer], as_of: datetime) -> datetime | None:
    """Of the replies that the office knew of then; one returned later was an answer still."""
    return min(
        (
            one.received_at
            for one in answers
            if one.known_at <= as_of and (one.returned_at is None or one.returned_at > as_of)
        ),
        default=None,
    )


def referrals(session: Session, start: datetime, since: datetime, until: datetime) -> Referrals:
    """Those sent from `start` until before `until`, and those sent before that waited still at `since`."""
    which = and_(Referral.sent_at < until, or_(Referral.sent_at >= start, ~_was_answered(since)))
    rows = session.execute(
        select(
            Referral.id,
            Referral.issue_id,
            Referral.agency_key,
            Referral.agency_name,
            Referral.sent_at,
            Referral.deadline_at,
        )
        .where(which)
        .order_by(Referral.id)
    )
    return Referrals([Sent._make(row) for row in rows], first_events(session, CAME), _answers(session, which))


def _was_answered(since: datetime) -> ColumnElement[bool]:
    """For good: by what was never returned."""
    return (
        exists()
        .where(Reply.referral_id == Referral.id, Reply.received_at <= since, Reply.recorded_at <= since)
        .where(func.coalesce(Reply.judgement, "").not_in(("returned", TAKEN_BACK)))
        .correlate(Referral)
    )


def first_events(session: Session, actions: Collection[str]) -> dict[str, dict[int, datetime]]:
    """For each of the actions when it was done first, by referral; what was taken back does not count."""
    rows = session.execute(
        select(Event.action, Event.entity_id, func.min(Event.at))
        .where(Event.entity == "referral", Event.action.in_(actions), stands())
        .group_by(Event.action, Event.entity_id)
    )
    first: dict[str, dict[int, datetime]] = {action: {} for action in actions}
    for action, referral, at in rows:
        first[action][referral] = at
    return first


def _answers(session: Session, which: ColumnElement[bool]) -> dict[int, list[Answer]]:
    returned_at = case((Reply.judgement == "returned", _first_return()))
    rows = session.execute(
        select(Reply.referral_id, Reply.received_at, Reply.recorded_at, Reply.judgement, returned_at)
        .join(Referral, Referral.id == Reply.referral_id)
        .where(which, func.coalesce(Reply.judgement, "") != TAKEN_BACK)
    )
    answers = defaultdict(list)
    for referral, received, recorded, judgement, returned in rows:
        if judgement != "returned" or returned is not None:
            answers[referral].append(Answer(received, max(received, recorded), returned))
    return answers


def agencies_of_issues(session: Session, issues: Collection[int], until: datetime) -> set[tuple[int, str]]:
    """Issue and agency's name: whom these had been referred to before `until`."""
    return {
        (issue, name)
        for which in among(Referral.issue_id, issues)
        for issue, name in session.execute(
            select(Referral.issue_id, Referral.agency_name).where(which, Referral.sent_at < until)
        )
    }


def _first_return() -> ScalarSelect[datetime]:
    """A referral has one reply to be judged at a time: the first return after it came is its own."""
    return (
        select(func.min(Event.at))
        .where(Event.entity == "referral", Event.entity_id == Reply.referral_id, Event.action == "returned")
        .where(Event.at >= Reply.recorded_at, stands())
        .correlate(Reply)
        .scalar_subquery()
    )
