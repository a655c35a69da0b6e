"""The account of the week that has ended, written once; other periods are asked for by `dansinh report`."""

from datetime import date, datetime, timedelta

from pipeline.clock import Clock, local
from pipeline.documents.report import parse_period
from pipeline.reporting import is_written, write_report
from pipeline.settings import Settings
from pipeline.stages.summary import Progress, Summary
from store import Store


def last_week(day: date) -> str:
    """The ISO week that ended before the week of `day`: "2026-W46"."""
    year, week, _ = (day - timedelta(days=7)).isocalendar()
    return f"{year}-W{week:02d}"


def is_due(store: Store, settings: Settings, now: datetime) -> bool:
    """From the digest's hour on, until the report of last week lies in its folder."""
    today = local(now)
    return today.time() >= settings.digest.at and not is_written(store, last_week(today.date()))


def run(store: Store, settings: Settings, clock: Clock, progress: Progress) -> Summary:
    now = clock()
    period = last_week(local(now).date())
    start, end = parse_period(period)
    _, files = write_report(store, settings, period, start, end, now)
    progress(f"report of {period} lies in {files[0].parent}")
    return Summary("report", {"files": len(files)})
