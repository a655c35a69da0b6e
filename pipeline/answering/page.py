"""What an agency does with a referral of its own. Each form is taken once; each call is one transaction."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload, undefer

from pipeline.answering.attachments import Received, looked_at, write
from pipeline.answering.links import Links, NoEntry
from pipeline.answering.receiving import ask_for_time, receive_refusal, receive_reply
from pipeline.review.decision import Decisions
from pipeline.settings import Settings
from pipeline.states import NotAllowed, change
from store import Store
from store.models import Issue, IssueArticle, Referral, Reply, Submission

OVER = ("closed", "dismissed")
"""states of an issue to which no answer is asked for any more"""
LETTER = undefer(Referral.letter)
"""what the letter says is shown beside the forms"""
_FORM = re.compile(r"[\w-]{16,64}", re.ASCII)


class AlreadyTaken(Exception):
    """This very form was taken before; nothing was done now."""


def actor_of(referral: Referral) -> str:
    """As events name who acted: the agency, never a person."""
    return f"agency:{referral.agency_key}"


def opened(session: Session, links: Links, token: str, now: datetime) -> Referral:
    """The one referral the link is for. Raises NoEntry."""
    ticket = links.read(token, now)
    shown = (
        selectinload(Referral.replies).selectinload(Reply.attachments),
        joinedload(Referral.issue).selectinload(Issue.articles).joinedload(IssueArticle.article),
        LETTER,
    )
    referral = session.get(Referral, ticket.referral_id, options=shown, populate_existing=True)
    if referral is None:
        raise NoEntry("forged")
    if referral.link_serial != ticket.serial:
        raise NoEntry("revoked")
    if referral.state == "withdrawn":
        raise NoEntry("withdrawn")
    if referral.issue.state in OVER:
        raise NoEntry("ended")
    return referral


class Door(Protocol):
    """How somebody who speaks for an agency comes to one referral."""

    @property
    def channel(self) -> str:
        """As replies name it."""

    def open(self, session: Session, now: datetime) -> Referral:
        """Raises NoEntry."""

    def actor(self, referral: Referral) -> str:
        """As events name who acted."""


@dataclass(frozen=True)
class LinkDoor:
    """By the signed link in a letter: who holds it is the agency."""

    links: Links
    token: str
    channel: str = "page"

    def open(self, session: Session, now: datetime) -> Referral:
        return opened(session, self.links, self.token, now)

    def actor(self, referral: Referral) -> str:
        return actor_of(referral)


@dataclass(frozen=True)
class AccountDoor:
    """By an account of the agency's unit, to what has been sent to that agency and to nothing else."""

    referral_id: int
    agency_key: str
    account: str
    """as events name it"""
    channel: str = "account"

    def open(self, session: Session, now: datetime) -> Referral:  # noqa: ARG002 - a link ends, this does not
        referral = session.get(Referral, self.referral_id, options=[LETTER], populate_existing=True)
        if referral is None or referral.agency_key != self.agency_key or referral.sent_at is None:
            raise NoEntry("forged")
        return referral

    def actor(self, referral: Referral) -> str:  # noqa: ARG002 - the account is the agency's
        return self.account


class AgencyAnswers(Decisions):
    """What an agency does with one referral, whichever door it came by.

    Every method raises NoEntry, AlreadyTaken, or NotAllowed with a sentence for the agency.
    """

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], datetime], door: Door) -> None:
        super().__init__(store, settings, clock)
        self._door = door

    def acknowledge(self, form: str) -> None:
        with self._taking(form) as (session, referral):
            actor = self._door.actor(referral)
            change(session, referral, "acknowledged", at=self._clock(), actor=actor)

    def answer(self, form: str, *, text: str, document_number: str, files: Sequence[Received]) -> None:
        """The reply counts as received now."""
        with self._taking(form) as (session, referral):
            now = self._clock()
            kept = looked_at(files, self._settings.attachments)
            receive_reply(
                session,
                referral,
                text=text,
                received_at=now,
                at=now,
                actor=self._door.actor(referral),
                channel=self._door.channel,
                document_number=document_number,
                attachments=[file.row() for file in kept],
            )
            # Last: of a form that is refused nothing stays on the disk.
            write(files, self._store.data_dir)

    def refuse(self, form: str, *, body: str, why: str) -> None:
        with self._taking(form) as (session, referral):
            actor = self._door.actor(referral)
            receive_refusal(session, referral, body, why, at=self._clock(), actor=actor)

    def ask_for_time(self, form: str, *, until: date | None, why: str) -> None:
        if until is None:
            raise NotAllowed("Hãy ghi ngày xin gia hạn đến.")
        with self._taking(form) as (session, referral):
            actor = self._door.actor(referral)
            ask_for_time(session, self._settings, referral, until, why, at=self._clock(), actor=actor)

    @contextmanager
    def _taking(self, form: str) -> Iterator[tuple[Session, Referral]]:
        if not _FORM.fullmatch(form):
            raise NotAllowed("Biểu mẫu không đúng. Hãy mở lại trang này và làm lại.")
        with self._transaction() as session:
            now = self._clock()
            self._lock(session, self._door.open(session, now).id)
            # Again, behind the lock: the link may have been replaced while this waited.
            referral = self._door.open(session, now)
            if referral.issue.state in OVER:
                raise NotAllowed("Vấn đề đã kết thúc; cơ quan không phải trả lời phiếu này nữa.")
            if session.scalar(select(Submission.id).where(Submission.form == form)) is not None:
                raise AlreadyTaken
            session.add(Submission(form=form, referral_id=referral.id, at=now))
            yield session, referral
