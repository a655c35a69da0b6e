"""What an agency does behind its link. Each form is taken once; each call is one transaction."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from pipeline.answering.attachments import Received, looked_at, write
from pipeline.answering.links import Links, NoEntry
from pipeline.answering.receiving import ask_for_time, receive_refusal, receive_reply
from pipeline.review.decision import Decisions
from pipeline.settings import Settings
from pipeline.states import NotAllowed, change
from store import Store
from store.models import Referral, Submission

CHANNEL = "page"
_FORM = re.compile(r"[\w-]{16,64}", re.ASCII)


class AlreadyTaken(Exception):
    """This very form was taken before; nothing was done now."""


def actor_of(referral: Referral) -> str:
    """As events name who acted: the agency, never a person."""
    return f"agency:{referral.agency_key}"


def opened(session: Session, links: Links, token: str, now: datetime) -> Referral:
    """The one referral the link is for. Raises NoEntry."""
    ticket = links.read(token, now)
    referral = session.get(Referral, ticket.referral_id, populate_existing=True)
    if referral is None:
        raise NoEntry("forged")
    if referral.link_serial != ticket.serial:
        raise NoEntry("revoked")
    if referral.state == "withdrawn":
        raise NoEntry("withdrawn")
    if referral.issue.state in ("closed", "dismissed"):
        raise NoEntry("ended")
    return referral


class AgencyAnswers(Decisions):
    """Every method raises NoEntry, AlreadyTaken, or NotAllowed with a sentence for the agency."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], datetime], links: Links) -> None:
        super().__init__(store, settings, clock)
        self._links = links

    def acknowledge(self, token: str, form: str) -> None:
        with self._taking(token, form) as (session, referral):
            change(session, referral, "acknowledged", at=self._clock(), actor=actor_of(referral))

    def answer(
        self, token: str, form: str, *, text: str, document_number: str, files: Sequence[Received]
    ) -> None:
        """The reply counts as received now."""
        with self._taking(token, form) as (session, referral):
            now = self._clock()
            kept = looked_at(files, self._settings.attachments)
            receive_reply(
                session,
                referral,
                text=text,
                received_at=now,
                at=now,
                actor=actor_of(referral),
                channel=CHANNEL,
                document_number=document_number,
                attachments=[file.row() for file in kept],
            )
            # Last: of a form that is refused nothing stays on the disk.
            write(files, self._store.data_dir)

    def refuse(self, token: str, form: str, *, body: str, why: str) -> None:
        with self._taking(token, form) as (session, referral):
            receive_refusal(session, referral, body, why, at=self._clock(), actor=actor_of(referral))

    def ask_for_time(self, token: str, form: str, *, until: date | None, why: str) -> None:
        if until is None:
            raise NotAllowed("Hãy ghi ngày xin gia hạn đến.")
        with self._taking(token, form) as (session, referral):
            actor = actor_of(referral)
            ask_for_time(session, self._settings, referral, until, why, at=self._clock(), actor=actor)

    @contextmanager
    def _taking(self, token: str, form: str) -> Iterator[tuple[Session, Referral]]:
        if not _FORM.fullmatch(form):
            raise NotAllowed("Biểu mẫu không đúng. Hãy mở lại liên kết trong thư và làm lại.")
        with self._transaction() as session:
            now = self._clock()
            self._lock(session, opened(session, self._links, token, now).id)
            # Again, behind the lock: the link may have been replaced while this waited.
            referral = opened(session, self._links, token, now)
            if session.scalar(select(Submission.id).where(Submission.form == form)) is not None:
                raise AlreadyTaken
            session.add(Submission(form=form, referral_id=referral.id, at=now))
            yield session, referral
