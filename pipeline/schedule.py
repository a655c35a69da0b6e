"""The long-running scheduler: calls the daily flow every few minutes and once at the digest's hour."""

from apscheduler.schedulers.blocking import BlockingScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from pipeline.clock import LOCAL, Clock
from pipeline.settings import Settings
from pipeline.stages.sequence import run_due
from pipeline.stages.summary import Progress
from store import Store
from store.lock import Busy, only_runner


def serve(store: Store, settings: Settings, clock: Clock, every_minutes: int, progress: Progress) -> None:
    """Returns when interrupted."""
    scheduler = scheduler_of(store, settings, clock, every_minutes, progress)
    progress(f"every {every_minutes} minutes, digest at {settings.digest.at:%H:%M}; stop with Ctrl-C")
    try:
        scheduler.start()
    except (KeyboardInterrupt, SystemExit):
        progress("stopped")


def scheduler_of(
    store: Store, settings: Settings, clock: Clock, every_minutes: int, progress: Progress
) -> BlockingScheduler:
    scheduler = BlockingScheduler(timezone=LOCAL)

    def tick() -> None:
        run_once(store, settings, clock, progress)

    # max_instances and coalesce: a run that takes longer than the interval is not started twice,
    # and a machine that slept does not make up for every missed minute.
    scheduler.add_job(
        tick,
        IntervalTrigger(minutes=every_minutes, timezone=LOCAL),
        id="every",
        next_run_time=Clock()(),
        max_instances=1,
        coalesce=True,
    )
    at = settings.digest.at
    scheduler.add_job(
        tick,
        CronTrigger(hour=at.hour, minute=at.minute, timezone=LOCAL),
        id="digest",
        max_instances=1,
        coalesce=True,
        misfire_grace_time=3600,
    )
    return scheduler


def run_once(store: Store, settings: Settings, clock: Clock, progress: Progress) -> None:
    try:
        with only_runner(store):
            summaries = run_due(store, settings, clock, progress)
    except Busy as busy:
        progress(f"{busy}: skipped")
        return
    for summary in summaries:
        for failure in summary.failures:
            progress(f"{summary.stage}: {failure.what}: {failure.why} → {failure.remedy}")
