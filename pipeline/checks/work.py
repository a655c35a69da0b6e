"""What has piled up: stuck deliveries, ailing sources, a desk without accounts, a cron that stopped."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crawler.health import SourceHealth, ailing
from pipeline.checks.problem import Problem
from pipeline.clock import local
from pipeline.settings import Settings
from pipeline.watching import watched
from store.models import Delivery, Mailbox, Source, StageRun, User
from store.queries.inbox import to_be_seen
from store.queries.outbox import stuck

QUIET_HOURS = 24
"""A day without any work done means that cron or the scheduler is not running."""


def check_work(session: Session, settings: Settings, now: datetime) -> Iterator[Problem]:
    for delivery in session.scalars(stuck()):
        yield _delivery(delivery)
    yield from _mails(session)
    yield from _sources(session, settings, now)
    yield from _accounts(session)
    yield from _last_run(session, now)


def _delivery(delivery: Delivery) -> Problem:
    name = f"delivery {delivery.id} to {delivery.recipient}"
    reason = delivery.last_error or "interrupted"
    if delivery.state == "failed":
        return Problem(
            "error",
            f"{name} came back: {reason}",
            "correct the agency's email in config.yaml, then send it again at the desk",
        )
    if delivery.state == "quarantined":
        return Problem(
            "error",
            f"{name} was given up after {delivery.attempts} tries: {reason}",
            "correct the agency's email in config.yaml or the mail server, then send it again at the desk",
        )
    return Problem(
        "warning",
        f"{name} has failed {delivery.attempts} times: {reason}",
        "nothing yet, if the reason passes: the next try is at "
        f"{local(delivery.next_attempt_at):%Y-%m-%d %H:%M}",
    )


def _mails(session: Session) -> Iterator[Problem]:
    for mailbox in session.scalars(select(Mailbox).where(Mailbox.failing_since.is_not(None))):
        yield Problem(
            "error",
            f"mailbox {mailbox.key} fails since {_when(mailbox.failing_since)}: {mailbox.last_error}",
            "correct its entry under inboxes in config.yaml or its password; no mail is lost meanwhile",
        )
    waiting = len(session.scalars(to_be_seen()).all())
    if waiting:
        yield Problem(
            "warning",
            f"mails in the office's mailbox that wait for a person: {waiting} (from an agency but about no "
            "letter that could be told, or unreadable)",
            "look at them in the mailbox, then mark them as seen at the desk",
        )


def _sources(session: Session, settings: Settings, now: datetime) -> Iterator[Problem]:
    for health in ailing(watched(session, settings, now)):
        # What was never polled is new, or `dansinh run` is not: that is told elsewhere.
        if health.state != "unread" and health.row is not None:
            what, remedy = _ailment(health, health.row)
            yield Problem(
                "warning", f"source {health.source.url} of {health.source.outlet.name} {what}", remedy
            )


def _ailment(health: SourceHealth, row: Source) -> tuple[str, str]:
    """What ails the source, and what to do about it."""
    url = health.source.url
    if health.state == "paused":
        what = f"is paused: it has failed {row.failures} times in a row: {row.last_error}"
        again = f"`dansinh sources resume {url}` asks it now, else it is tried on {_when(row.next_poll_at)}"
        return what, f"look at {url} and mend its address or take it out; {again}"
    if health.state == "layout":
        return (
            f"has a new layout since {_when(row.layout_changed_at)}: its texts are read by guess",
            f"compare a page with the outlet's `layouts` in config.yaml: `dansinh sources test {url}`",
        )
    remedy = f"look at {url}; `dansinh sources find` names the site's sources of today"
    if health.state == "unreadable":
        return f"named {health.unreadable_pages} new pages of which none could be read as an article", remedy
    if health.state == "silent":
        since = f"since {_when(row.last_new_at)}" if row.last_new_at else "ever"
        return f"has named nothing new {since}", remedy
    return f"has failed {row.failures} times in a row: {row.last_error}", remedy


def _when(moment: datetime | None) -> str:
    return f"{local(moment):%Y-%m-%d %H:%M}" if moment else "the next run"


def _accounts(session: Session) -> Iterator[Problem]:
    if not session.scalar(select(func.count()).select_from(User).where(User.active)):
        yield Problem(
            "warning",
            "the desk has no account: nobody can confirm, approve or close",
            "make one: dansinh desk --add-user NAME --post POST --role analyst",
        )


def _last_run(session: Session, now: datetime) -> Iterator[Problem]:
    last = session.scalar(select(func.max(StageRun.finished_at)))
    if last is not None and last < now - timedelta(hours=QUIET_HOURS):
        yield Problem(
            "warning",
            f"no stage has done anything since {local(last):%Y-%m-%d %H:%M}",
            "see that cron calls `dansinh run` every five minutes, or that `dansinh schedule` is running",
        )
