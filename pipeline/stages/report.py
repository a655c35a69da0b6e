"""The accounts of periods that have ended, each written once; others are asked for by `dansinh report`."""

from datetime import datetime

from pipeline.clock import Clock, local
from pipeline.documents.report import Period, ended
from pipeline.documents.templating import TemplateMistake
from pipeline.reporting import is_written, write_report
from pipeline.settings import Settings
from pipeline.stages.summary import Progress, Summary
from store import Store


def is_due(store: Store, settings: Settings, now: datetime) -> bool:
    """From the digest's hour on, until every account of a period that has ended lies in its folder."""
    return local(now).time() >= settings.digest.at and bool(_missing(store, settings, now))


def _missing(store: Store, settings: Settings, now: datetime) -> list[Period]:
    periods = ended(settings, local(now).date())
    return [period for period in periods if not is_written(store, period.key)]


def run(store: Store, settings: Settings, clock: Clock, progress: Progress) -> Summary:
    """Asked for outside its hour, it writes the week's again."""
    now, summary = clock(), Summary("report")
    for period in _missing(store, settings, now) or list(ended(settings, local(now).date())):
        try:
            _, files = write_report(store, settings, period, now)
        except TemplateMistake as error:
            summary.fail(f"report of {period.key}", str(error), "mend it; `dansinh check` tells more")
            continue
        summary.count("files", len(files))
        progress(f"report of {period.key} lies in {files[0].parent}")
    return summary
