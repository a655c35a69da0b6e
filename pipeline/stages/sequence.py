"""Every stage that is due, once, in the order of the flow: what cron and the scheduler call."""

import logging
from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import DBAPIError

from pipeline.clock import Clock
from pipeline.settings import Settings
from pipeline.stages import collect, crawl, deliver, digest, expire, group, refer, remind, report, tag
from pipeline.stages.summary import Progress, Summary, keep
from store import Store

log = logging.getLogger(__name__)
Stage = Callable[[Store, Settings, Clock, Progress], Summary]

DAILY_FLOW: tuple[tuple[str, Stage], ...] = (
    ("crawl", crawl.run),
    ("tag", tag.run),
    ("group", group.run),
    # What came back by mail first: a letter to a mended address, no reminder of what was answered unseen.
    ("collect", collect.run),
    ("refer", refer.run),
    ("remind", remind.run),
    # Before the digest, which tells what was sent; and after it, to send the digest itself.
    ("deliver", deliver.run),
    ("digest", digest.run),
    ("deliver", deliver.run),
    ("report", report.run),
    ("expire", expire.run),
)
HOURS: dict[str, Callable[[Store, Settings, datetime], bool]] = {
    "digest": digest.is_due,
    "remind": remind.is_due,
    "report": report.is_due,
}
"""Stages that wait for their hour; the others do whatever is pending."""


def run_due(store: Store, settings: Settings, clock: Clock, progress: Progress) -> list[Summary]:
    summaries = []
    for name, stage in DAILY_FLOW:
        try:
            due = name not in HOURS or HOURS[name](store, settings, clock())
        except Exception as error:
            summaries.append(_stopped(Summary(name), error, store))
            continue
        if due:
            summaries.append(run_stage(name, stage, store, settings, clock, progress))
    return summaries


def run_stage(
    name: str, stage: Stage, store: Store, settings: Settings, clock: Clock, progress: Progress
) -> Summary:
    """Runs one stage and keeps its summary. Whatever goes wrong in it stops this stage only."""
    started_at = clock()
    progress(f"{name}: started")
    try:
        summary = stage(store, settings, clock, progress)
    except Exception as error:
        summary = _stopped(Summary(name), error, store)
    try:
        keep(store, summary, started_at, clock())
    except Exception as error:
        summary = _stopped(summary, error, store)
    return summary


def _stopped(summary: Summary, error: Exception, store: Store) -> Summary:
    """The summary with what went wrong, told once: a full disk takes neither work nor account."""
    if isinstance(error, OSError | DBAPIError):
        reason = str(error.orig) if isinstance(error, DBAPIError) else str(error)
        remedy = _remedy(reason, store)
    else:
        log.error("%s was stopped by an error", summary.stage, exc_info=error)
        reason = f"{type(error).__name__}: {error}"
        remedy = (
            "report this fault of dansinh with the lines on standard error; the other stages go on, "
            "and the next run tries this one again"
        )
    if reason not in [failure.why for failure in summary.failures]:
        summary.fail(summary.stage, reason, remedy)
    return summary


def _remedy(reason: str, store: Store) -> str:
    if "full" in reason or "No space" in reason:
        return f"free space on the disk of {store.data_dir}; nothing is lost, the next run goes on from here"
    return "see `dansinh check`; nothing is lost, the next run goes on from here"
