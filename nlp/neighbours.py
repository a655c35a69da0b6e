"""Many texts held at once, each asked how alike it is to a new one: an inverted index of their weights.

The figures are those of `similarity`, to six digits.
"""

import zlib
from collections import defaultdict
from typing import Any, NamedTuple

import numpy as np

from nlp.similarity import Vector

Array = np.ndarray[Any, np.dtype[Any]]
Entries = list[tuple[int, float]]

FRESH = 128
"""So many texts wait in a table that is cheap to add to, before they are packed."""
MOST_PACKED = 32_768
"""Larger packs are not merged: merging takes thrice their memory for a moment. Numbers fit two bytes."""


class Neighbours:
    """Texts by number, in the order they were added."""

    def __init__(self) -> None:
        self._count = 0
        self._packs: list[_Pack] = []
        self._fresh: dict[int, Entries] = defaultdict(list)

    def __len__(self) -> int:
        return self._count

    def add(self, vector: Vector) -> int:
        number = self._count
        for term, weight in vector.terms.items():
            self._fresh[_hash(term)].append((number % FRESH, weight))
        self._count += 1
        if self._count % FRESH == 0:
            self._pack()
        return number

    def similarities(self, vector: Vector) -> Array:
        """To each text, by number; 0..1."""
        weights = {_hash(term): weight for term, weight in vector.terms.items()}
        found = [pack.shares(weights) for pack in self._packs]
        near: Array = np.minimum(np.concatenate([*found, self._fresh_shares(weights)]), 1.0)
        return near

    def _fresh_shares(self, weights: dict[int, float]) -> list[float]:
        shares = [0.0] * (self._count % FRESH)
        for term, weight in weights.items():
            for number, own in self._fresh.get(term, ()):
                shares[number] += weight * own
        return shares

    def _pack(self) -> None:
        self._packs.append(_packed(self._fresh))
        self._fresh = defaultdict(list)
        while len(self._packs) > 1 and _fit(*self._packs[-2:]):
            last, before = self._packs.pop(), self._packs.pop()
            self._packs.append(_merged(before, last))


class _Pack(NamedTuple):
    """Entries (text, weight) in order of their terms; those of terms[i] are [starts[i], starts[i + 1])."""

    texts: int
    terms: Array
    starts: Array
    numbers: Array
    """of texts, counted from the pack's first"""
    weights: Array

    def shares(self, weights: dict[int, float]) -> Array:
        """What each text of the pack shares with a text of these weights."""
        total = np.zeros(self.texts)
        spans, factors = self._spans(weights)
        if spans:
            numbers = np.concatenate([self.numbers[first:last] for first, last in spans])
            entries = np.concatenate(
                [
                    self.weights[first:last] * factor
                    for (first, last), factor in zip(spans, factors, strict=True)
                ]
            )
            total += np.bincount(numbers, entries, minlength=self.texts)
        return total

    def _spans(self, weights: dict[int, float]) -> tuple[list[tuple[int, int]], Array]:
        """Where the entries of each known term stand, and the weights of these terms."""
        if not len(self.terms):
            return [], np.zeros(0, np.float32)
        asked = np.fromiter(weights, np.uint32, len(weights))
        at = np.minimum(np.searchsorted(self.terms, asked), len(self.terms) - 1)
        known = np.flatnonzero(self.terms[at] == asked)
        first, last = self.starts[at[known]].tolist(), self.starts[at[known] + 1].tolist()
        factors = np.fromiter(weights.values(), np.float32, len(weights))[known]
        return list(zip(first, last, strict=True)), factors


def _hash(term: str) -> int:
    # Four bytes for a term: of a million terms some hundred share a number, which no figure feels.
    return zlib.crc32(term.encode("utf-8", "replace"))


def _packed(fresh: dict[int, Entries]) -> _Pack:
    names = sorted(fresh)
    entries = [entry for name in names for entry in fresh[name]]
    return _of(
        FRESH,
        np.repeat(np.array(names, np.uint32), [len(fresh[name]) for name in names]),
        np.array([number for number, _ in entries], np.uint16),
        np.array([weight for _, weight in entries], np.float32),
    )


def _of(texts: int, names: Array, numbers: Array, weights: Array) -> _Pack:
    terms, starts = np.unique(names, return_index=True)
    return _Pack(texts, terms, np.append(starts, len(names)).astype(np.uint32), numbers, weights)


def _fit(before: _Pack, last: _Pack) -> bool:
    return before.texts <= last.texts and before.texts + last.texts <= MOST_PACKED


def _merged(before: _Pack, last: _Pack) -> _Pack:
    names = np.concatenate([np.repeat(p.terms, np.diff(p.starts)) for p in (before, last)])
    # Stable: the entries of one term stay in order of their texts.
    order = np.argsort(names, kind="stable").astype(np.uint32)
    numbers = np.concatenate([before.numbers, last.numbers + np.uint16(before.texts)])
    weights = np.concatenate([before.weights, last.weights])
    return _of(before.texts + last.texts, names[order], numbers[order], weights[order])
