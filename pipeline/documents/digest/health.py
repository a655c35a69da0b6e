"""Which sources were read, and which fell silent or failed, mailboxes too: silence must not pass for calm."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from crawler.health import SourceHealth as Health
from crawler.health import ailing
from pipeline.clock import local
from pipeline.documents.digest.content import MailboxTrouble, SourceHealth, SourceTrouble
from pipeline.settings import Settings
from pipeline.watching import in_words
from store.models import Mailbox


def source_health(
    watched: Sequence[Health], mailboxes: tuple[MailboxTrouble, ...], since: datetime
) -> SourceHealth:
    """Of the sources that the configuration names today."""
    rows = [health.row for health in watched if health.row is not None]
    troubles = [_trouble(health) for health in ailing(watched)]
    return SourceHealth(
        configured=len(watched),
        read=sum(row.last_ok_at is not None and row.last_ok_at > since for row in rows),
        failed=sum(row.failures > 0 for row in rows),
        troubles=tuple(sorted(troubles, key=lambda trouble: (trouble.outlet, trouble.url))),
        mailboxes=mailboxes,
    )


def failing_mailboxes(session: Session, settings: Settings) -> tuple[MailboxTrouble, ...]:
    """Of those that the configuration names today."""
    rows = {
        row.key: row for row in session.scalars(select(Mailbox).where(Mailbox.failing_since.is_not(None)))
    }
    failing = ((account, rows[account.key]) for account in settings.inboxes if account.key in rows)
    return tuple(
        MailboxTrouble(account.username, local(row.failing_since), row.read_at and local(row.read_at))
        for account, row in failing
        if row.failing_since
    )


def _trouble(health: Health) -> SourceTrouble:
    source = health.source
    return SourceTrouble(source.outlet.name, source.url, health.state, in_words(health))
