"""the office's mailboxes → failed deliveries and proposed replies.

The mailbox itself is only looked at. How far it has been read stands in the transaction that keeps what a
mail said, so a kill at any instruction leaves each mail either wholly taken or wholly unread.
"""

import logging
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError, InterfaceError, InternalError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session

from pipeline.clock import Clock
from pipeline.inbox.imap import TROUBLES, Inbox, RawMail
from pipeline.inbox.incoming import Incoming, read
from pipeline.inbox.taking import KNOWN, NOT_OURS, take
from pipeline.settings import InboxAccount, Settings
from pipeline.stages.summary import Progress, Summary
from store import Store
from store.models import Delivery, Mailbox, ReceivedMail

log = logging.getLogger(__name__)
EARLIER = timedelta(days=1)
"""A mail is not older than our first letter; but two clocks never agree."""
_NOT_THE_MAILS_FAULT = (OperationalError, InterfaceError, InternalError, IntegrityError, NoConnection)
"""The database is away, full or busy, or another run took the same mail: the next run reads it again."""


class NotKept(Exception):
    """The disk refused a file that came with a mail."""


def run(store: Store, settings: Settings, clock: Clock, progress: Progress) -> Summary:
    summary = Summary("collect")
    with store.read() as session:
        first = session.scalar(select(func.min(Delivery.queued_at)))
    if first is None:
        return summary
    for account in settings.inboxes:
        progress(f"reading {account.key}")
        try:
            _read(store, settings, account, clock, first - EARLIER, summary)
        except NotKept as error:
            remedy = f"free space in {store.data_dir}; the mail is read again at the next run"
            summary.fail(account.key, str(error), remedy)
        except TROUBLES as error:
            _remember_trouble(store, account, str(error) or type(error).__name__, clock())
            remedy = "see `dansinh check`; the mails stay where they are and are read at the next run"
            summary.fail(account.key, str(error) or type(error).__name__, remedy)
    return summary


def _read(
    store: Store, settings: Settings, account: InboxAccount, clock: Clock, since: datetime, summary: Summary
) -> None:
    with Inbox(account) as inbox:
        last_uid = _begin(store, account, inbox.uid_validity)
        listed = inbox.after(last_uid)
        wanted = [one for one in listed if one.received_at is None or one.received_at >= since]
        for raw in inbox.fetch(wanted):
            kind = _keep(store, settings, account, raw, clock())
            if kind not in (KNOWN, NOT_OURS):
                summary.count(kind)
        # Also past those that were too old, or were deleted while they were read.
        _end(store, account, max((one.uid for one in listed), default=last_uid), clock())


def _keep(store: Store, settings: Settings, account: InboxAccount, raw: RawMail, now: datetime) -> str:
    """Takes what the mail says and moves on past it, in one transaction.

    Whatever is wrong with one mail must not hold up those behind it: a person is told to look at it instead.
    """
    received_at = min(raw.received_at or now, now)
    mail = _understood(raw, account)
    if mail is not None:
        try:
            return _taken(store, settings, account, raw, mail, received_at, now)
        except (NotKept, *_NOT_THE_MAILS_FAULT):
            raise
        except Exception:
            log.exception("mail %s of %s cannot be taken", raw.uid, account.key)
    with store.begin() as session:
        _row(session, account).last_uid = raw.uid
        return _unreadable(session, account, raw, received_at, now)


def _taken(
    store: Store,
    settings: Settings,
    account: InboxAccount,
    raw: RawMail,
    mail: Incoming,
    received_at: datetime,
    now: datetime,
) -> str:
    with store.begin() as session:
        _row(session, account).last_uid = raw.uid
        try:
            return take(
                session,
                settings,
                store.data_dir,
                mail,
                received_at=received_at,
                left_out_bytes=raw.left_out_bytes,
                at=now,
            )
        except OSError as error:
            raise NotKept(f"an attachment could not be stored: {error}") from error


def _understood(raw: RawMail, account: InboxAccount) -> Incoming | None:
    """None for what cannot be read."""
    try:
        return read(raw.content, raw.left_out_bytes)
    except Exception:
        log.exception("mail %s of %s cannot be read", raw.uid, account.key)
        return None


def _unreadable(
    session: Session, account: InboxAccount, raw: RawMail, received_at: datetime, now: datetime
) -> str:
    identity = f"unreadable {account.key} {raw.uid} {len(raw.content)}"
    if session.scalar(select(ReceivedMail.id).where(ReceivedMail.identity == identity)) is not None:
        return KNOWN
    session.add(ReceivedMail(identity=identity, kind="unreadable", received_at=received_at, read_at=now))
    return "unreadable"


def _begin(store: Store, account: InboxAccount, uid_validity: int) -> int:
    """The last UID that has been read. The server may have numbered its mails anew: then from the first,
    and what is known already is passed over."""
    with store.begin() as session:
        row = session.scalar(select(Mailbox).where(Mailbox.key == account.key))
        if row is None:
            row = Mailbox(key=account.key, uid_validity=uid_validity, last_uid=0)
            session.add(row)
        if row.uid_validity != uid_validity:
            row.uid_validity, row.last_uid = uid_validity, 0
        return row.last_uid


def _end(store: Store, account: InboxAccount, last_uid: int, now: datetime) -> None:
    with store.begin() as session:
        row = _row(session, account)
        row.last_uid = last_uid
        row.read_at, row.failing_since, row.last_error = now, None, None


def _remember_trouble(store: Store, account: InboxAccount, why: str, now: datetime) -> None:
    with store.begin() as session:
        row = session.scalar(select(Mailbox).where(Mailbox.key == account.key))
        if row is None:
            row = Mailbox(key=account.key, uid_validity=0, last_uid=0)
            session.add(row)
        row.failing_since, row.last_error = row.failing_since or now, why


def _row(session: Session, account: InboxAccount) -> Mailbox:
    return session.scalars(select(Mailbox).where(Mailbox.key == account.key)).one()
