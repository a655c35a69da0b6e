"""What `dansinh check` finds: everything that an operator would have to mend, with where and how."""

from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import datetime

from crawler.discovery import probe
from crawler.fetching.fetcher import Fetcher, LeftAlone, WaitsUntil
from crawler.fetching.memory import HostMemory
from crawler.settings import CrawlerSettings, OutletSettings
from crawler.sources import configured_sources
from pipeline.checks.agency_page import check_agency_page
from pipeline.checks.calendar import check_calendar
from pipeline.checks.channels import check_channels
from pipeline.checks.machine import check_data_dir, check_database, check_secrets, open_checked
from pipeline.checks.mail import check_inboxes, check_mail
from pipeline.checks.problem import Problem
from pipeline.checks.programme import check_programmes
from pipeline.checks.routes import check_agencies, check_places, check_routes
from pipeline.checks.templates import check_templates
from pipeline.checks.work import check_work
from pipeline.clock import Clock
from pipeline.settings import Settings
from store import Store
from store.files import private_folder

__all__ = ["Problem", "check"]

PROBES_AT_ONCE = 8
"""Outlets; the sources of one are asked one after the other, with the crawler's own pause between."""

Progress = Callable[[str], None]


def check(
    settings: Settings,
    store: Store | None,
    clock: Clock,
    env: Mapping[str, str],
    progress: Progress,
    *,
    network: bool = True,
) -> list[Problem]:
    """Errors first. `store` None: it is opened here, and what hinders that is among the problems.

    With `network` false neither sources nor the mail server are asked.
    """
    # Before anything below makes a folder in it, as open as this machine makes folders; whether it is to be
    # had is looked at in its turn.
    with suppress(OSError):
        private_folder(settings.data_dir)
    today = clock().date()
    progress("configuration")
    problems = [
        *check_programmes(settings, today),
        *check_routes(settings, today),
        *check_agencies(settings, today),
        *check_places(settings),
        *check_calendar(settings, today),
        *check_templates(settings),
        *_outlets_without_sources(settings.crawler),
        *check_secrets(settings, env),
        *check_channels(settings, env),
        *check_agency_page(settings, env),
    ]
    progress("disk and database")
    problems += check_data_dir(settings.data_dir)
    with _usable(settings, store, problems) as usable:
        if usable:
            with usable.read() as session:
                problems += check_work(session, settings, clock())
        if network:
            progress("mail server")
            problems += check_mail(settings.mail, env)
            problems += check_inboxes(settings)
            waits_until = HostMemory(usable, clock).waits_until if usable else None
            problems += _wrong_sources(settings.crawler, clock(), progress, waits_until)
    return sorted(problems, key=lambda problem: problem.severity)


@contextmanager
def _usable(settings: Settings, store: Store | None, problems: list[Problem]) -> Iterator[Store | None]:
    """The store; None, and why is added to the problems, where it cannot be worked with."""
    opened = store or open_checked(settings)
    if isinstance(opened, Problem):
        problems.append(opened)
        yield None
        return
    try:
        wrong = list(check_database(settings, opened))
        problems += wrong
        yield None if wrong else opened
    finally:
        if store is None:
            opened.close()


def _outlets_without_sources(settings: CrawlerSettings) -> Iterator[Problem]:
    for number, outlet in enumerate(settings.outlets):
        if not outlet.sources:
            yield Problem(
                "warning",
                f"outlet {outlet.key!r} has no sources: its home page is read as a listing",
                f"run `dansinh sources find {outlet.home}` and put what it prints under "
                f"crawler.outlets[{number}] in config.yaml",
            )


def _wrong_sources(
    settings: CrawlerSettings, now: datetime, progress: Progress, waits_until: WaitsUntil | None
) -> Iterator[Problem]:
    with ThreadPoolExecutor(PROBES_AT_ONCE) as pool:
        answers = pool.map(lambda outlet: _probe_outlet(outlet, settings, now, waits_until), settings.outlets)
        for number, (outlet, problems) in enumerate(zip(settings.outlets, answers, strict=True), start=1):
            progress(f"sources: {outlet.name} ({number} of {len(settings.outlets)})")
            yield from problems


def _probe_outlet(
    outlet: OutletSettings, settings: CrawlerSettings, now: datetime, waits_until: WaitsUntil | None
) -> list[Problem]:
    problems, fetcher = [], Fetcher(settings, waits_until=waits_until)
    for source in configured_sources(settings, outlet.key):
        name = f"source {source.path or source.url} of {outlet.name}"
        try:
            wrong = probe(source, settings, now, fetcher)
        except LeftAlone as left:
            problems.append(Problem("warning", f"{name} {left}", left.remedy))
            continue
        if wrong is not None:
            problems.append(
                Problem(
                    "error",
                    f"{name} {wrong.what}",
                    f"{wrong.remedy}; it stands under outlet {outlet.key!r} in config.yaml",
                )
            )
    return problems
