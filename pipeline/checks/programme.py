"""Is a programme in force, today and in the coming year?"""

from collections.abc import Iterator
from datetime import date, timedelta

from pipeline.checks.problem import Problem, since
from pipeline.checks.spans import spans, stretches
from pipeline.routing import programme_on
from pipeline.settings import Programme, Settings

RENEWAL_DAYS = 90
"""Drafting, agreeing and signing a renewal takes a quarter."""


def check_programmes(settings: Settings, today: date) -> Iterator[Problem]:
    yield from _gaps(settings, today)
    for programme in settings.programmes:
        if programme.valid_to is None or programme.valid_to >= today:
            yield from _deadlines(programme)


def _gaps(settings: Settings, today: date) -> Iterator[Problem]:
    def in_force(day: date) -> bool:
        return programme_on(settings, day) is not None

    for is_in_force, span in stretches(spans(settings.programmes, today), in_force):
        if is_in_force or span.first > today + timedelta(days=RENEWAL_DAYS):
            continue
        ended = _last_before(settings.programmes, span.first)
        yield Problem(
            since(span.first, today),
            f"no programme is in force {span}" + (f": {ended.key!r} has ended by then" if ended else ""),
            "add the signed renewal under programmes in config.yaml, with its valid_from and valid_to; "
            "without it nothing found on those days can be referred",
        )


def _last_before(programmes: tuple[Programme, ...], day: date) -> Programme | None:
    ended = [(one.valid_to, one) for one in programmes if one.valid_to is not None and one.valid_to < day]
    return max(ended, key=lambda pair: pair[0])[1] if ended else None


def _deadlines(programme: Programme) -> Iterator[Problem]:
    missing = [str(urgency) for urgency in (4, 3, 2, 1) if urgency not in programme.deadlines]
    if missing:
        yield Problem(
            "warning",
            f"programme {programme.key!r} sets no deadline for urgency {', '.join(missing)}: "
            "such referrals are never overdue",
            f"add the working days under deadlines of programme {programme.key!r} in config.yaml",
        )
