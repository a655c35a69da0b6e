"""What articles tell of each other beside their words: place, topic and time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import numpy as np

DAY = timedelta(days=1)
Array = np.ndarray[Any, np.dtype[Any]]


class Told(Protocol):
    @property
    def published_at(self) -> datetime | None: ...
    @property
    def topic(self) -> str | None: ...
    @property
    def province(self) -> str | None: ...
    @property
    def communes(self) -> frozenset[str]: ...


@dataclass(frozen=True)
class Relation:
    """Of rows to columns, a matrix each."""

    apart: Array
    """they name different places"""
    place: Array
    """they name the same commune"""
    topic: Array
    """of one topic"""
    days: Array
    """between them; 0 where one of the two has no date"""

    def of_groups(self, starts: Array) -> "Relation":
        """Columns from each start to the next as one: one member that is elsewhere keeps apart, one of the
        same place or topic is enough, the nearest in time counts."""
        if not len(starts):
            none = np.zeros((len(self.apart), 0), bool)
            return Relation(none, none, none, np.zeros(none.shape))
        either = np.logical_or.reduceat
        return Relation(
            either(self.apart, starts, axis=1),
            either(self.place, starts, axis=1),
            either(self.topic, starts, axis=1),
            np.minimum.reduceat(self.days, starts, axis=1),
        )

    def beside(self, other: "Relation") -> "Relation":
        return Relation(
            np.concatenate([self.apart, other.apart], axis=1),
            np.concatenate([self.place, other.place], axis=1),
            np.concatenate([self.topic, other.topic], axis=1),
            np.concatenate([self.days, other.days], axis=1),
        )


def relation(rows: Sequence[Told], columns: Sequence[Told]) -> Relation:
    shared = _share_a_commune(rows, columns)
    both = np.logical_and.outer(*([bool(one.communes) for one in some] for some in (rows, columns)))
    provinces = _numbers([one.province for one in rows], [one.province for one in columns])
    topics = _numbers([one.topic for one in rows], [one.topic for one in columns])
    days = np.subtract.outer(*([_day(one) for one in some] for some in (rows, columns)))
    return Relation(
        apart=both & ~shared | ~both & _both_told(*provinces) & np.not_equal.outer(*provinces),
        place=shared,
        topic=_both_told(*topics) & np.equal.outer(*topics),
        days=np.nan_to_num(np.abs(days)),
    )


def _share_a_commune(rows: Sequence[Told], columns: Sequence[Told]) -> Array:
    named = sorted({code for one in rows for code in one.communes})
    at = {code: number for number, code in enumerate(named)}
    mine, yours = (np.zeros((len(some), len(named)), np.float32) for some in (rows, columns))
    for matrix, some in ((mine, rows), (yours, columns)):
        for number, one in enumerate(some):
            matrix[number, [at[code] for code in one.communes if code in at]] = 1
    shared: Array = mine @ yours.T > 0
    return shared


def _numbers(rows: Sequence[str | None], columns: Sequence[str | None]) -> tuple[Array, Array]:
    """One for each value, 0 for none."""
    of: dict[str | None, int] = {None: 0}
    mine, yours = ([of.setdefault(value, len(of)) for value in values] for values in (rows, columns))
    return np.array(mine, np.intp), np.array(yours, np.intp)


def _both_told(mine: Array, yours: Array) -> Array:
    told: Array = np.logical_and.outer(mine > 0, yours > 0)
    return told


def _day(one: Told) -> float:
    return one.published_at.timestamp() / DAY.total_seconds() if one.published_at else np.nan
