"""Which articles tell of one problem: similar text, near in time, same place; reprints known as such.

Articles come one at a time in order of publication, each joining the group it is nearest to on average
(average link) or none. The same class serves the stage and the `group` filter.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from nlp.similarity import SAME_EVENT, Centroid, Vector, is_reprint

SAME_PLACE_AND_TOPIC = 0.6
"""The share of the threshold that suffices when commune and topic agree: two reports on one rubbish heap
by two outlets share few words beyond the place, which is known by its code."""


@dataclass(frozen=True)
class Text:
    """One article as grouping sees it; `communes` are codes in force today, all that the text may mean."""

    key: int | str
    vector: Vector
    published_at: datetime | None = None
    topic: str | None = None
    province: str | None = None
    communes: frozenset[str] = frozenset()


@dataclass
class Group:
    key: int | str
    members: list[Text] = field(default_factory=list)
    centroid: Centroid = field(default_factory=Centroid)

    def add(self, text: Text) -> None:
        self.members.append(text)
        self.centroid.add(text.vector)


@dataclass(frozen=True)
class Match:
    group: Group
    similarity: float
    reprint_of: Text | None


class Grouper:
    """Groups that are open to new articles, searched through the terms they share."""

    def __init__(self, threshold: float | None = None, window: timedelta | None = None) -> None:
        self._threshold = threshold or SAME_EVENT
        self._window = window
        self._groups: dict[int | str, Group] = {}
        self._opened: dict[int | str, int] = {}
        self._by_term: dict[str, set[int | str]] = defaultdict(set)

    def add(self, key: int | str, text: Text) -> None:
        """Puts `text` into the group of that key, opening it where there is none."""
        self._opened.setdefault(key, len(self._opened))
        self._groups.setdefault(key, Group(key)).add(text)
        for term in text.vector.telling:
            self._by_term[term].add(key)

    def find(self, text: Text) -> Match | None:
        """The group `text` belongs to: that of a reprint of it, else the nearest one that is near enough."""
        best: Match | None = None
        for group in self._candidates(text):
            reprinted = next((m for m in group.members if is_reprint(m.vector, text.vector)), None)
            near = group.centroid.mean_similarity(text.vector)
            if reprinted is not None:
                return Match(group, near, reprinted)
            if near >= self._needed(text, group) and (best is None or near > best.similarity):
                best = Match(group, near, None)
        return best

    def _candidates(self, text: Text) -> Iterable[Group]:
        """Groups that share a telling term, in the order they were opened."""
        keys = {key for term in text.vector.telling for key in self._by_term.get(term, ())}
        return (self._groups[key] for key in sorted(keys, key=self._opened.__getitem__))

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


def _same_place(one: Text, other: Text) -> bool | None:
    """None where one of the two does not say."""
    if one.communes and other.communes:
        return not one.communes.isdisjoint(other.communes)
    if one.province and other.province and one.province != other.province:
        return False
    return None
