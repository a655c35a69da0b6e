"""A day of two hundred invented sources: when each publishes what.

Only the pace is taken from life: how a day's items spread over its hours, as counted on the feeds of three
large papers in a month, and that few outlets publish much and most publish little.
"""

import random
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Mark = Literal["etag", "date", "none"]
"""by which a source lets itself be asked whether there is anything new"""

BY_HOUR = (
    17, 5, 2, 2, 2, 10, 8, 13, 29, 20, 21, 33, 26, 18, 26, 27, 34, 29, 24, 27, 25, 19, 17, 9,
)  # fmt: skip
"""items of a day by the hour of their publication, local time, three large papers together"""
_MEDIAN, _SPREAD, _MOST = 6.0, 1.2, 180.0
"""items a day: half of the sources publish fewer than 6, one in ten more than 28; the large papers' main
feeds have 120 to 180"""
_MARKS: tuple[Mark, ...] = ("etag",) * 7 + ("date",) * 2 + ("none",)
"""seven in ten give an ETag, two only a date, one nothing"""


@dataclass(frozen=True)
class Source:
    number: int
    mark: Mark
    items: tuple[datetime, ...]
    """times of publication, oldest first"""

    def published(self, now: datetime) -> int:
        """How many of them are out."""
        return bisect_right(self.items, now)


def sources(number: int, begin: datetime, end: datetime, seed: int = 1) -> list[Source]:
    """What each publishes from `begin` to `end`."""
    chance = random.Random(seed)
    return [
        Source(count, _MARKS[count % len(_MARKS)], tuple(_times(chance, begin, end)))
        for count in range(number)
    ]


def _times(chance: random.Random, begin: datetime, end: datetime) -> list[datetime]:
    a_day = min(_MOST, chance.lognormvariate(0, _SPREAD) * _MEDIAN)
    times = []
    moment = begin
    while moment < end:
        until = moment + timedelta(hours=1)
        rate = a_day * BY_HOUR[moment.hour] / sum(BY_HOUR)
        times += sorted(moment + timedelta(hours=1) * chance.random() for _ in range(_drawn(chance, rate)))
        moment = until
    return times


def _drawn(chance: random.Random, rate: float) -> int:
    """How often what happens `rate` times on average happens (Poisson)."""
    number, passed = 0, chance.expovariate(1)
    while passed < rate:
        number += 1
        passed += chance.expovariate(1)
    return number


def total(sources: Sequence[Source]) -> int:
    return sum(len(source.items) for source in sources)
