"""Which articles tell of one problem: similar text, near in time, same place; reprints known as such.

Articles come one at a time in order of publication, each joining the group it is nearest to on average
(average link) or none. The same class serves the stage and the `group` filter.
"""

from array import array
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from nlp.neighbours import Neighbours
from nlp.similarity import SAME_EVENT, Vector, is_reprint

SAME_PLACE_AND_TOPIC = 0.6
"""The share of the threshold that suffices when commune and topic agree: two reports on one rubbish heap
by two outlets share few words beyond the place, which is known by its code."""

REPRINT_NEAR = 0.15
"""Less similar texts are not read as reprints: a whole article has 0.24 with its bare title at least."""

Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Text:
    """One article as grouping sees it; `communes` are codes in force today, all that the text may mean."""

    key: int | str
    vector: Vector
    published_at: datetime | None = None
    topic: str | None = None
    province: str | None = None
    communes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Member:
    """What is kept of a text: its terms stand in the index."""

    key: int | str
    shingles: "array[int]"
    published_at: datetime | None
    topic: str | None
    province: str | None
    communes: frozenset[str]


@dataclass(slots=True)
class Group:
    key: int | str
    members: list[Member] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Match:
    group: Group
    similarity: float
    reprint_of: Member | None


class Grouper:
    """Groups that are open to new articles."""

    def __init__(self, threshold: float | None = None, window: timedelta | None = None) -> None:
        self._threshold = threshold or SAME_EVENT
        self._window = window
        self._groups: list[Group] = []
        self._place: dict[int | str, int] = {}
        self._neighbours = Neighbours()
        self._members: list[Member] = []
        self._group_of = np.zeros(1024, np.intp)
        """the place of each member's group"""

    def add(self, key: int | str, text: Text) -> None:
        """Puts `text` into the group of that key, opening it where there is none."""
        place = self._place.setdefault(key, len(self._groups))
        if place == len(self._groups):
            self._groups.append(Group(key))
        member = Member(
            text.key, text.vector.shingles, text.published_at, text.topic, text.province, text.communes
        )
        number = self._neighbours.add(text.vector)
        self._groups[place].members.append(member)
        self._members.append(member)
        if number == len(self._group_of):
            self._group_of = np.resize(self._group_of, 2 * number)
        self._group_of[number] = place

    def find(self, text: Text) -> Match | None:
        """The group `text` belongs to: that of a reprint of it, else the nearest one that is near enough."""
        if not self._members:
            return None
        near = self._neighbours.similarities(text.vector)
        mean = self._mean(near)
        return self._reprinted(text, near, mean) or self._nearest(text, mean)

    def _mean(self, near: Array) -> Array:
        """Similarity to each group: the mean over its members."""
        places = self._group_of[: len(near)]
        return np.bincount(places, near) / np.bincount(places)

    def _reprinted(self, text: Text, near: Array, mean: Array) -> Match | None:
        for number in _falling(near, REPRINT_NEAR):
            if is_reprint(self._members[number], text.vector):
                place = int(self._group_of[number])
                return Match(self._groups[place], float(mean[place]), self._members[number])
        return None

    def _nearest(self, text: Text, mean: Array) -> Match | None:
        for place in _falling(mean, self._threshold * SAME_PLACE_AND_TOPIC):
            if mean[place] >= self._needed(text, self._groups[place]):
                return Match(self._groups[place], float(mean[place]), None)
        return None

    def _needed(self, text: Text, group: Group) -> float:
        """How similar `text` must be to join; more than 1, which is never, where place or time forbids it."""
        if self._too_far_in_time(text, group):
            return 2.0
        places = [_same_place(text, member) for member in group.members]
        if False in places:
            return 2.0
        same_topic = any(member.topic == text.topic for member in group.members)
        if True in places and same_topic and text.topic is not None:
            return self._threshold * SAME_PLACE_AND_TOPIC
        return self._threshold

    def _too_far_in_time(self, text: Text, group: Group) -> bool:
        if self._window is None or text.published_at is None:
            return False
        times = [member.published_at for member in group.members if member.published_at is not None]
        return bool(times) and min(abs(text.published_at - moment) for moment in times) > self._window


def _falling(values: Array, least: float) -> Iterable[int]:
    """Where values of at least `least` stand, the greatest first, of equal ones the first."""
    found = np.flatnonzero(values >= least)
    return (int(index) for index in found[np.argsort(-values[found], kind="stable")])


def _same_place(one: Text, other: Member) -> bool | None:
    """None where one of the two does not say."""
    if one.communes and other.communes:
        return not one.communes.isdisjoint(other.communes)
    if one.province and other.province and one.province != other.province:
        return False
    return None
