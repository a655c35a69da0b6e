"""Does the table of swapped days reach as far as the deadlines do?"""

from collections.abc import Iterator
from datetime import date

from pipeline.checks.problem import Problem
from pipeline.settings import Settings

ANNOUNCED_FROM_MONTH = 10
"""The Government announces the coming year's days off and swaps in the last quarter."""


def check_calendar(settings: Settings, today: date) -> Iterator[Problem]:
    table = settings.calendar
    entered = {day.year for day in (*table.extra_days_off, *table.extra_working_days)}
    year = today.year + (today.month >= ANNOUNCED_FROM_MONTH)
    if year not in entered:
        yield Problem(
            "warning",
            f"the calendar has no extra days off or swapped working days for {year}",
            f"when the holidays of {year} are announced, write the swaps under calendar in config.yaml "
            "(extra_days_off, extra_working_days); until then deadlines count the legal holidays only",
        )
    for day in table.extra_working_days:
        if day in table.extra_days_off:
            yield Problem(
                "error",
                f"{day} stands in the calendar both as a day off and as a working day",
                "remove it from extra_days_off or from extra_working_days in config.yaml",
            )
