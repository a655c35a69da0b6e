"""What the learned model looks at in a text: runs of one to three syllables, the taxonomy's terms, places."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from nlp.taxonomy import Hit, TermFinder
from nlp.text import Joined

LONGEST_RUN = 3

_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an item as read: its name, its text as given, tokens and terms."""

    name: str
    text: str
    read: int
    """characters of it that are read"""
    joined: Joined
    hits: list[Hit]


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a feature was seen first: a field and its tokens [first, last)."""

    field: Field
    first: int
    last: int


Run = tuple[str, int, int]
"""A feature and the tokens [first, last) that it is read from."""


class Features:
    def __init__(self, runs: Sequence[tuple[Field, list[Run]]], unplaced: Sequence[str]) -> None:
        """`unplaced`: features that are no stretch of the text."""
        self._runs = runs
        self._unplaced = unplaced

    def names(self) -> list[str]:
        """In order of appearance; some again and again."""
        return [name for _, runs in self._runs for name, _, _ in runs] + [*self._unplaced]

    @property
    def spots(self) -> dict[str, Spot | None]:
        """Each with where it was seen first; None: it is no stretch of the text."""
        spots: dict[str, Spot | None] = {}
        for one, runs in self._runs:
            for name, first, last in runs:
                if name not in spots:
                    spots[name] = Spot(one, first, last)
        return spots | dict.fromkeys(self._unplaced)


def read_field(name: str, text: str, limit: int, finder: TermFinder) -> Field:
    joined = Joined(text[:limit])
    return Field(name, text, limit, joined, finder.find(joined))


def features(fields: Sequence[Field], places: Iterable[str] = ()) -> Features:
    """`places`: levels of the Vietnamese places found ("province", "commune"…)."""
    levels = sorted(set(places)) or ["nowhere"]
    return Features([(one, _runs(one)) for one in fields], [f"@place:{level}" for level in levels])


def _runs(one: Field) -> list[Run]:
    """Runs of syllables, which end at punctuation, and terms; a title's once more, apart: what stands there
    weighs differently."""
    names = [n if n.isalpha() else _NUMBER.sub("0", n) for n, _, _, _, _ in one.joined.tokens]
    stops = [token.broken for token in one.joined.tokens] + [True] * LONGEST_RUN
    barred = {i for hit in one.hits if hit.group == "restricted" for i in range(hit.first, hit.last)}
    for index in barred:
        stops[index] = True
    runs = []
    for first, name in enumerate(names):
        if first in barred:
            # Nothing weighs because people speak out.
            continue
        runs.append((name, first, first + 1))
        last = first + 1
        while last - first < LONGEST_RUN and not stops[last]:
            name = f"{name} {names[last]}"
            last += 1
            runs.append((name, first, last))
    if one.name == "title":
        runs += [("t:" + name, first, last) for name, first, last in runs if last - first < LONGEST_RUN]
    terms = [(f"@{h.group}:{h.key}", h.first, h.last) for h in one.hits if h.group != "restricted"]
    return runs + terms


def weighted(names: Iterable[str], idf: Mapping[str, float]) -> dict[str, float]:
    """The features the model knows as a vector of length one."""
    known = {name: idf[name] for name in names if name in idf}
    norm = sum(value * value for value in known.values()) ** 0.5
    return {name: value / norm for name, value in known.items()} if norm else {}
