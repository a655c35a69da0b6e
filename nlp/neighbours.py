"""Many texts held at once, each asked how alike it is to a new one: an inverted index of their weights.

The figures are those of `similarity`, to three digits.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from nlp.similarity import Vector

Array = np.ndarray[Any, np.dtype[Any]]

MOST_PACKED = 32_768
"""Larger packs are not merged: merging takes thrice their memory for a moment. Numbers fit two bytes."""


class Neighbours:
    """Texts by number, in the order they were added."""

    def __init__(self) -> None:
        self._count = 0
        self._packs: list[_Pack] = []
        self._room = _Room()

    def __len__(self) -> int:
        return self._count

    def add(self, vectors: Sequence[Vector]) -> None:
        """Many at once cost less than one by one."""
        for first in range(0, len(vectors), MOST_PACKED):
            some = vectors[first : first + MOST_PACKED]
            self._packs.append(_packed(some))
            self._count += len(some)
            while len(self._packs) > 1 and _fit(*self._packs[-2:]):
                last, before = self._packs.pop(), self._packs.pop()
                self._packs.append(_merged(before, last))

    def similarities(self, vector: Vector) -> Array:
        """To each text, by number; 0..1."""
        found = [pack.shares(vector, self._room) for pack in self._packs]
        near: Array = np.minimum(np.concatenate(found), 1.0) if found else np.zeros(0)
        return near


class _Room:
    """Where entries are gathered: to ask for fresh memory each time takes longer than all the rest."""

    def __init__(self) -> None:
        self._make(0)

    def _make(self, size: int) -> None:
        self._numbers, self._weights = np.empty(size, np.int64), np.empty(size, np.float64)

    def of(self, size: int) -> tuple[Array, Array]:
        if size > len(self._numbers):
            self._make(2 * size)
        return self._numbers[:size], self._weights[:size]


class _Pack(NamedTuple):
    """Entries (text, weight) in order of their terms; those of terms[i] are [starts[i], starts[i + 1])."""

    texts: int
    terms: Array
    starts: Array
    numbers: Array
    """of texts, counted from the pack's first"""
    weights: Array

    def shares(self, vector: Vector, room: _Room) -> Array:
        """What each text of the pack shares with this one."""
        spans, factors = self._spans(vector)
        if not spans:
            return np.zeros(self.texts)
        lengths = [last - first for first, last in spans]
        numbers, weights = room.of(sum(lengths))
        np.concatenate([self.numbers[first:last] for first, last in spans], out=numbers)
        np.concatenate([self.weights[first:last] for first, last in spans], out=weights)
        weights *= np.repeat(factors, lengths)
        shared: Array = np.bincount(numbers, weights, minlength=self.texts)
        return shared

    def _spans(self, vector: Vector) -> tuple[list[tuple[int, int]], Array]:
        """Where the entries of each known term stand, and the weights of these terms."""
        if not len(self.terms):
            return [], np.zeros(0)
        at = np.minimum(np.searchsorted(self.terms, vector.terms), len(self.terms) - 1)
        known = np.flatnonzero(self.terms[at] == vector.terms)
        first, last = self.starts[at[known]].tolist(), self.starts[at[known] + 1].tolist()
        return list(zip(first, last, strict=True)), vector.weights[known].astype(np.float64)


def _packed(vectors: Sequence[Vector]) -> _Pack:
    lengths = [len(vector.terms) for vector in vectors]
    return _of(
        len(vectors),
        np.concatenate([vector.terms for vector in vectors]),
        np.repeat(np.arange(len(vectors), dtype=np.uint16), lengths),
        np.concatenate([vector.weights for vector in vectors], dtype=np.float32),
    )


def _of(texts: int, names: Array, numbers: Array, weights: Array) -> _Pack:
    # Stable: the entries of one term stay in order of their texts.
    order = np.argsort(names, kind="stable").astype(np.uint32)
    terms, starts = np.unique(names[order], return_index=True)
    bounds = np.append(starts, len(names)).astype(np.uint32)
    return _Pack(texts, terms, bounds, numbers[order], weights[order])


def _fit(before: _Pack, last: _Pack) -> bool:
    return before.texts <= 2 * last.texts and before.texts + last.texts <= MOST_PACKED


def _merged(before: _Pack, last: _Pack) -> _Pack:
    names = np.concatenate([np.repeat(pack.terms, np.diff(pack.starts)) for pack in (before, last)])
    numbers = np.concatenate([before.numbers, last.numbers + np.uint16(before.texts)])
    return _of(before.texts + last.texts, names, numbers, np.concatenate([before.weights, last.weights]))
