"""Groups from figures: which rows (new texts) go with which columns (open groups, then the rows themselves).

Numbers only, no texts: the nearest two are joined again and again while any two are near enough, and what is
known of each joined two is known of both (average link).
"""

from dataclasses import dataclass
from typing import Any

import numpy as np

from pipeline.relating import Relation

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True)
class Bars:
    """What two need to be joined."""

    usual: float
    same: float
    """where place and topic agree, too"""
    window: float
    """days of silence after which only these are joined, by the usual bar"""
    longest: float
    """days of silence after which nothing is"""


class Links:
    """`near`: rows to columns, the last columns being the rows; `sizes`: texts of each column; `together`:
    columns that people have put together, where one that joins keeps no other apart."""

    def __init__(self, near: Array, sizes: Array, relation: Relation, together: Array, bars: Bars) -> None:
        self._rows, columns = len(near), len(sizes)
        self._groups = columns - self._rows
        self._sums = near * sizes
        self._sizes = sizes.astype(float)
        self._relation = relation
        self._together = together
        self._bars = bars
        self._alive = np.ones(self._rows, bool)
        self.column_of = np.arange(self._groups, columns)
        """where each row has got to: an open group, or the column of a row it goes with"""
        self._ratios: Array = np.zeros_like(self._sums)
        self._reckon(np.s_[:, :])
        # No row is joined with itself.
        self._ratios[np.arange(self._rows), self.column_of] = -1.0

    def join_nearest(self) -> None:
        while self._ratios.size:
            row, column = divmod(int(self._ratios.argmax()), self._ratios.shape[1])
            if self._ratios[row, column] < 1.0:
                return
            self._join(row, column)

    def join(self, row: int, column: int) -> None:
        """Whatever keeps the two apart; not where both stand in an open group already."""
        here, there = int(self.column_of[row]), column
        if column >= self._groups:
            there = int(self.column_of[column - self._groups])
        if here < self._groups:
            here, there = there, here
        if here >= self._groups and here != there:
            self._join(here - self._groups, there)

    def _join(self, row: int, column: int) -> None:
        own = self._groups + row
        self.column_of[self.column_of == own] = column
        self._take_in_column(column, own)
        self._alive[row] = False
        self._ratios[row] = -1.0
        self._ratios[:, own] = -1.0
        if column >= self._groups:
            other = column - self._groups
            self._take_in_row(other, row)
            self._reckon(np.s_[other, :])
            self._ratios[other, self._groups + np.flatnonzero(~self._alive)] = -1.0
        self._reckon(np.s_[:, column])
        self._ratios[~self._alive, column] = -1.0
        if column >= self._groups:
            self._ratios[other, column] = -1.0

    def _take_in_column(self, column: int, other: int) -> None:
        known = self._relation
        self._sums[:, column] += self._sums[:, other]
        self._sizes[column] += self._sizes[other]
        if not self._together[column]:
            known.apart[:, column] |= known.apart[:, other]
        for matrix in (known.place, known.topic):
            matrix[:, column] |= matrix[:, other]
        known.days[:, column] = np.minimum(known.days[:, column], known.days[:, other])

    def _take_in_row(self, row: int, other: int) -> None:
        known = self._relation
        self._sums[row] += self._sums[other]
        for matrix in (known.apart, known.place, known.topic):
            matrix[row] |= matrix[other]
        known.days[row] = np.minimum(known.days[row], known.days[other])

    def _reckon(self, where: Any) -> None:
        """The mean likeness there, as a share of what is needed; negative where the two may not be joined."""
        known = self._relation
        row_sizes = self._sizes[self._groups :][:, None]
        counts = np.broadcast_to(row_sizes * self._sizes, self._sums.shape)
        means = self._sums[where] / counts[where]
        same = known.place[where] & known.topic[where]
        days = known.days[where]
        silent = days > self._bars.window
        bars = np.where(same & ~silent, self._bars.same, self._bars.usual)
        never = known.apart[where] | (days > self._bars.longest) | (silent & ~same)
        self._ratios[where] = np.where(never, -1.0, means / bars)
