"""Which articles tell of one problem: similar text, near in time, same place; reprints known as such.

New articles are placed together: each joins a group that is open, shares a new one with others of them, or
stands alone. The same class serves the stage and the `group` filter.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

import numpy as np

from nlp.neighbours import Neighbours
from nlp.similarity import SAME_EVENT, Vector, is_reprint
from pipeline.linking import Bars, Links
from pipeline.relating import DAY, relation

SAME_PLACE_AND_TOPIC = 0.65
"""The share of the threshold that suffices when commune and topic agree: two reports on one rubbish heap
by two outlets share few words beyond the place, which is known by its code."""

REPRINT_NEAR = 0.15
"""Less similar texts are not read as reprints: a whole article has 0.24 with its bare title at least."""
MOST_READ = 30
"""so many of the nearest are"""

RIVALS = slice(3, 6)
"""How near a text's fourth to sixth nearest groups are tells how crowded its subject is."""
USUAL_CROWD = 0.16
"""Where they are as near as this, SAME_EVENT suffices; the threshold rises as the root of it."""
LEAST_CROWD = 0.05
"""Where every article is known, an empty place is empty; else others of the kind may still come."""

MOST_TOGETHER = 2000
"""of many texts so many are placed at once: what is reckoned grows with their square"""

Array = np.ndarray[Any, np.dtype[Any]]
Key = int | str


@dataclass(frozen=True, slots=True)
class Text:
    """One article as grouping sees it; `communes` are codes in force today, all that the text may mean."""

    key: Key
    vector: Vector
    published_at: datetime | None = None
    topic: str | None = None
    province: str | None = None
    communes: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Member:
    """What is kept of a text: its terms stand in the index."""

    key: Key
    shingles: Array
    published_at: datetime | None
    topic: str | None
    province: str | None
    communes: frozenset[str]


@dataclass(slots=True)
class Group:
    key: Key
    members: list[Member]


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a text belongs: in an open group, or with others of those placed together."""

    group: Key | None
    first: int
    """which text opens its new group: itself, or the earlier one that it goes with"""
    similarity: float
    """to the texts it joins, the mean; 1 for one that joins none"""
    reprint_of: Key | None


@dataclass(frozen=True, slots=True)
class _Sought:
    """What one new text finds among those held."""

    means: Array
    """its mean similarity to each group, by the group's place"""
    original: tuple[int, Key] | None
    """the group's place and the member that it reprints"""


class Grouper:
    """Groups that are open to new articles."""

    def __init__(
        self,
        threshold: float | None = None,
        window: timedelta | None = None,
        longest: timedelta | None = None,
        *,
        all_known: bool = False,
    ) -> None:
        """`window`: after so much silence only place and topic that agree join; after `longest` nothing does.
        `all_known`: no article will come that is not among those placed."""
        self._threshold = threshold or SAME_EVENT
        self._window, self._longest = window, longest
        self._least_crowd = LEAST_CROWD if all_known else USUAL_CROWD
        self.together: set[Key] = set()
        """groups that people have put together: their articles are of one place, whatever each names"""
        self._groups: list[Group] = []
        self._place: dict[Key, int] = {}
        self._neighbours = Neighbours()
        self._members: list[Member] = []
        self._group_of = np.zeros(1024, np.intp)
        """the place of each member's group"""
        self._sizes = np.bincount(self._group_of[:0])
        """of the groups"""

    def add(self, put: Sequence[tuple[Key, Text]]) -> None:
        """Puts each text into the group of its key, opening it where there is none."""
        self._neighbours.add([text.vector for _, text in put])
        while len(self._group_of) < len(self._members) + len(put):
            self._group_of = np.resize(self._group_of, 2 * len(self._group_of))
        for key, text in put:
            place = self._place.setdefault(key, len(self._groups))
            if place == len(self._groups):
                self._groups.append(Group(key, []))
            member = Member(
                text.key, text.vector.shingles, text.published_at, text.topic, text.province, text.communes
            )
            self._group_of[len(self._members)] = place
            self._groups[place].members.append(member)
            self._members.append(member)
        self._sizes = np.bincount(self._group_of[: len(self._members)])

    def place(self, texts: Sequence[Text]) -> list[Placement]:
        """All of them together, so that none is decided on before the others are seen; `texts` in order of
        publication, at most some hundred where many are held. They are not added."""
        if not texts:
            return []
        sought = [self._seek(text) for text in texts]
        near = _among(texts)
        means = np.stack([one.means for one in sought])
        eased = _eased(means, near, self._least_crowd)
        candidates = self._candidates(means, eased, sought)
        links = self._links(texts, candidates, means[:, candidates] * eased[:, None], _evenly(near, eased))
        originals = self._join_reprints(texts, sought, near, links, candidates)
        links.join_nearest()
        columns = links.column_of.tolist()
        return [
            self._placement(number, columns, candidates, means, near, originals[number])
            for number in range(len(texts))
        ]

    def _seek(self, text: Text) -> _Sought:
        if not self._members:
            return _Sought(np.zeros(0, np.float32), None)
        near = self._neighbours.similarities(text.vector)
        means = np.bincount(self._group_of[: len(near)], near) / self._sizes
        return _Sought(means.astype(np.float32), self._original(text, near))

    def _original(self, text: Text, near: Array) -> tuple[int, Key] | None:
        for number in islice(_falling(near, REPRINT_NEAR), MOST_READ):
            if is_reprint(self._members[number], text.vector):
                return int(self._group_of[number]), self._members[number].key
        return None

    def _candidates(self, means: Array, eased: Array, sought: Sequence[_Sought]) -> Array:
        """The places of groups that are near enough to one of the texts, were place and topic to agree."""
        near_enough = means * eased[:, None] >= self._threshold * SAME_PLACE_AND_TOPIC
        for number, one in enumerate(sought):
            if one.original is not None:
                near_enough[number, one.original[0]] = True
        return np.flatnonzero(near_enough.any(axis=0))

    def _links(self, texts: Sequence[Text], candidates: Array, to_groups: Array, to_others: Array) -> Links:
        groups = [self._groups[place].members for place in candidates.tolist()]
        sizes = [len(members) for members in groups]
        starts = np.cumsum([0, *sizes[:-1]]) if sizes else np.zeros(0, np.intp)
        held = relation(texts, [member for members in groups for member in members]).of_groups(starts)
        bars = Bars(
            self._threshold,
            self._threshold * SAME_PLACE_AND_TOPIC,
            self._window / DAY if self._window else np.inf,
            self._longest / DAY if self._longest else np.inf,
        )
        return Links(
            np.concatenate([to_groups, to_others], axis=1),
            np.array(sizes + [1] * len(texts)),
            held.beside(relation(texts, texts)),
            np.array(
                [self._groups[place].key in self.together for place in candidates.tolist()]
                + [False] * len(texts)
            ),
            bars,
        )

    def _join_reprints(
        self,
        texts: Sequence[Text],
        sought: Sequence[_Sought],
        near: Array,
        links: Links,
        candidates: Array,
    ) -> list[Key | None]:
        """Joins each reprint with its original, whatever places the two name; the originals' keys."""
        at = {place: column for column, place in enumerate(candidates.tolist())}
        originals: list[Key | None] = []
        for number, one in enumerate(sought):
            if one.original is not None:
                links.join(number, at[one.original[0]])
                originals.append(one.original[1])
                continue
            earlier = _original_among(texts, number, near)
            if earlier is not None:
                links.join(number, len(at) + earlier)
            originals.append(None if earlier is None else texts[earlier].key)
        return originals

    def _placement(
        self,
        number: int,
        columns: Sequence[int],
        candidates: Array,
        means: Array,
        near: Array,
        original: Key | None,
    ) -> Placement:
        column = columns[number]
        if column < len(candidates):
            place = int(candidates[column])
            return Placement(self._groups[place].key, number, float(means[number, place]), original)
        fellows = [other for other in range(number) if columns[other] == column]
        alike = float(near[number, fellows].mean()) if fellows else 1.0
        return Placement(None, fellows[0] if fellows else number, alike, original)


def group_all(texts: Sequence[Text]) -> Iterable[tuple[Key, Key]]:
    """Each text and the first of its group, by key; `texts`, in order of publication, are all there are."""
    grouper = Grouper(all_known=True)
    for first in range(0, len(texts), MOST_TOGETHER):
        some = texts[first : first + MOST_TOGETHER]
        keys = [
            some[placement.first].key if placement.group is None else placement.group
            for placement in grouper.place(some)
        ]
        grouper.add(list(zip(keys, some, strict=True)))
        yield from zip((text.key for text in some), keys, strict=True)


def _among(texts: Sequence[Text]) -> Array:
    """How near each is to each other; 0 to itself."""
    index = Neighbours()
    index.add([text.vector for text in texts])
    near = np.stack([index.similarities(text.vector) for text in texts])
    np.fill_diagonal(near, 0.0)
    return near


def _original_among(texts: Sequence[Text], number: int, near: Array) -> int | None:
    for other in islice(_falling(near[number, :number], REPRINT_NEAR), MOST_READ):
        if is_reprint(texts[other].vector, texts[number].vector):
            return other
    return None


def _eased(means: Array, near: Array, least: float) -> Array:
    """By what each text's similarities are multiplied: less than 1 where its subject is crowded."""
    crowds = [_crowd(to_groups, to_others) for to_groups, to_others in zip(means, near, strict=True)]
    eased: Array = np.sqrt(USUAL_CROWD / np.maximum(crowds, least))
    return eased


def _crowd(to_groups: Array, to_others: Array) -> float:
    # What is further than the least crowd makes none; of many groups few are nearer.
    close = np.concatenate([values[values > LEAST_CROWD] for values in (to_groups, to_others)])
    rivals = np.sort(close)[::-1][RIVALS]
    return float(rivals.sum()) / (RIVALS.stop - RIVALS.start)


def _evenly(near: Array, eased: Array) -> Array:
    both: Array = near * np.sqrt(eased[:, None] * eased)
    return both


def _falling(values: Array, least: float) -> Iterable[int]:
    """Where values of at least `least` stand, the greatest first, of equal ones the first."""
    found = np.flatnonzero(values >= least)
    return (int(index) for index in found[np.argsort(-values[found], kind="stable")])
