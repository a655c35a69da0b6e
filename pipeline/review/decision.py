"""What every decision has in common: one transaction, the issue's lock, a word to who came second."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

from sqlalchemy.exc import IntegrityError, NoResultFound
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from pipeline.review.faster import who_was_faster
from pipeline.review.remembering import Remembering
from pipeline.settings import Settings
from pipeline.states import NotAllowed
from store import Store
from store.models import Base, Issue, Referral
from store.queries.issues import locked

NOT_FOUND = "Không tìm thấy mục này."
Row = TypeVar("Row", bound=Base)


class Conflict(NotAllowed):
    """Somebody else has decided in the meantime."""


class Decisions:
    def __init__(self, store: Store, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._settings = settings
        self._clock = clock

    @contextmanager
    def _transaction(
        self, undoable: str | None = None, *, issue_id: int | None = None, referral_id: int | None = None
    ) -> Iterator[Session]:
        """`undoable`: the action's name where what this transaction does can be undone for a while."""
        try:
            with self._store.begin() as session:
                watch = Remembering(session) if undoable and self._settings.review.undo_minutes else None
                yield session
                if watch and undoable:
                    watch.keep(undoable, issue_id=issue_id, referral_id=referral_id)
        except StaleDataError as error:
            raise Conflict("Có người vừa cập nhật mục này; hãy tải lại trang.") from error
        except IntegrityError as error:
            raise Conflict("Việc này vướng với việc vừa làm; hãy tải lại trang.") from error

    @contextmanager
    def _issue(
        self, issue_id: int, seen_version: int | None, undoable: str | None = None
    ) -> Iterator[tuple[Session, Issue]]:
        with self._transaction(undoable, issue_id=issue_id) as session:
            issue = locked_or_refused(session, issue_id)
            if seen_version is not None and issue.version != seen_version:
                raise Conflict(who_was_faster(session, issue))
            yield session, issue

    @contextmanager
    def _referral(self, referral_id: int, undoable: str | None = None) -> Iterator[tuple[Session, Referral]]:
        with self._transaction(undoable, referral_id=referral_id) as session:
            yield session, self._lock(session, referral_id)

    def _lock(self, session: Session, referral_id: int) -> Referral:
        """The referral as it stands now, behind its issue's lock."""
        referral: Referral = get(session, Referral, referral_id)
        locked_or_refused(session, referral.issue_id)
        session.refresh(referral)
        return referral


def get(session: Session, model: type[Row], key: int) -> Row:
    row = session.get(model, key)
    if row is None:
        raise NotAllowed(NOT_FOUND)
    return row


def locked_or_refused(session: Session, issue_id: int) -> Issue:
    try:
        return locked(session, issue_id)
    except NoResultFound as error:
        raise NotAllowed(f"Không có vấn đề số {issue_id}.") from error
