"""Every stage that is due, once, in the order of the flow: what cron and the scheduler call."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.exc import DBAPIError

from pipeline.clock import Clock
from pipeline.settings import Settings
from pipeline.stages import crawl, deliver, digest, expire, group, refer, report, tag
from pipeline.stages.summary import Progress, Summary, keep
from store import Store

Stage = Callable[[Store, Settings, Clock, Progress], Summary]

DAILY_FLOW: tuple[tuple[str, Stage], ...] = (
    ("crawl", crawl.run),
    ("tag", tag.run),
    ("group", group.run),
    ("refer", refer.run),
    # Before the digest, which tells what was sent; and after it, to send the digest itself.
    ("deliver", deliver.run),
    ("digest", digest.run),
    ("deliver", deliver.run),
    ("report", report.run),
    ("expire", expire.run),
)
HOURS: dict[str, Callable[[Store, Settings, datetime], bool]] = {
    "digest": digest.is_due,
    "report": report.is_due,
}
"""Stages that wait for their hour; the others do whatever is pending."""


def run_due(store: Store, settings: Settings, clock: Clock, progress: Progress) -> list[Summary]:
    summaries = []
    for name, stage in DAILY_FLOW:
        if name in HOURS and not HOURS[name](store, settings, clock()):
            continue
        summaries.append(run_stage(name, stage, store, settings, clock, progress))
    return summaries


def run_stage(
    name: str, stage: Stage, store: Store, settings: Settings, clock: Clock, progress: Progress
) -> Summary:
    """Runs one stage and keeps its summary. A full disk or a lost database stops this stage only."""
    started_at = clock()
    progress(f"{name}: started")
    try:
        summary = stage(store, settings, clock, progress)
        keep(store, summary, started_at, clock())
    except (OSError, DBAPIError) as error:
        summary = Summary(name)
        reason = str(error.orig) if isinstance(error, DBAPIError) else str(error)
        summary.fail(name, reason, _remedy(reason, store))
    return summary


def _remedy(reason: str, store: Store) -> str:
    if "full" in reason or "No space" in reason:
        return f"free space on the disk of {store.data_dir}; nothing is lost, the next run goes on from here"
    return "see `dansinh check`; nothing is lost, the next run goes on from here"
