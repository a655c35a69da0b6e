"""What has piled up: stuck deliveries, ailing sources, a desk without accounts, a cron that stopped."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from crawler.sources import configured_sources
from pipeline.checks.problem import Problem
from pipeline.clock import local
from pipeline.settings import Settings
from store.models import Delivery, Source, StageRun, User
from store.queries.outbox import stuck

FAILED_POLLS = 3
"""One failed poll is weather; three in a row are a changed address or a block."""
QUIET_HOURS = 24
"""A day without any work done means that cron or the scheduler is not running."""


def check_work(session: Session, settings: Settings, now: datetime) -> Iterator[Problem]:
    for delivery in session.scalars(stuck()):
        yield _delivery(delivery)
    yield from _sources(session, settings, now)
    yield from _accounts(session)
    yield from _last_run(session, now)


def _delivery(delivery: Delivery) -> Problem:
    name = f"delivery {delivery.id} to {delivery.recipient}"
    reason = delivery.last_error or "interrupted"
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


def _sources(session: Session, settings: Settings, now: datetime) -> Iterator[Problem]:
    configured = {(source.outlet.key, source.url) for source in configured_sources(settings.crawler)}
    silent_since = now - timedelta(hours=settings.digest.silent_hours)
    for source in session.scalars(select(Source).order_by(Source.id)):
        if (source.outlet_key, source.url) not in configured:
            continue
        remedy = f"look at {source.url}; `dansinh sources find` names the site's sources of today"
        if source.failures >= FAILED_POLLS:
            yield Problem(
                "warning",
                f"source {source.url} of {source.outlet_name} has failed {source.failures} times in a row: "
                f"{source.last_error}",
                remedy,
            )
        elif source.last_polled_at is not None and (source.last_new_at or silent_since) <= silent_since:
            last = f"since {local(source.last_new_at):%Y-%m-%d %H:%M}" if source.last_new_at else "ever"
            yield Problem(
                "warning", f"source {source.url} of {source.outlet_name} has named nothing new {last}", remedy
            )


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
            "see that cron calls `dansinh run` every ten minutes, or that `dansinh schedule` is running",
        )
