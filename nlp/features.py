"""What the learned model looks at in a text: runs of one to three syllables, the taxonomy's terms, places."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

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


@dataclass(slots=True)
class Features:
    spots: dict[str, Spot | None] = field(default_factory=dict)
    """feature to where it was seen first; None: it is no stretch of the text"""


def read_field(name: str, text: str, limit: int, finder: TermFinder) -> Field:
    joined = Joined(text[:limit])
    return Field(name, text, limit, joined, finder.find(joined))


def features(fields: Sequence[Field], places: Iterable[str] = ()) -> Features:
    """`places`: levels of the Vietnamese places found ("province", "commune"…)."""
    found = Features()
    for one in fields:
        _runs(one, found.spots)
        if one.name == "title":
            _of_title(one, found.spots)
        for hit in one.hits:
            if hit.group != "restricted":
                found.spots.setdefault(f"@{hit.group}:{hit.key}", Spot(one, hit.first, hit.last))
    for level in sorted(set(places)) or ["nowhere"]:
        found.spots.setdefault(f"@place:{level}", None)
    return found


def _of_title(one: Field, spots: dict[str, Spot | None]) -> None:
    """A title's syllables and pairs once more, apart: what stands there weighs differently."""
    tokens, barred = one.joined.tokens, _barred(one)
    names = [_NUMBER.sub("0", token.norm) for token in tokens]
    for index, name in enumerate(names):
        if index in barred:
            continue
        spots.setdefault("t:" + name, Spot(one, index, index + 1))
        after = index + 1
        if after < len(names) and after not in barred and not tokens[after].broken:
            spots.setdefault(f"t:{name} {names[after]}", Spot(one, index, index + 2))


def _barred(one: Field) -> set[int]:
    """Tokens of restricted phrases: nothing weighs because people speak out."""
    return {i for hit in one.hits if hit.group == "restricted" for i in range(hit.first, hit.last)}


def _runs(one: Field, spots: dict[str, Spot | None]) -> None:
    tokens = one.joined.tokens
    barred = _barred(one)
    names = [_NUMBER.sub("0", token.norm) for token in tokens]
    for first in range(len(tokens)):
        for last in range(first + 1, min(first + LONGEST_RUN, len(tokens)) + 1):
            # Runs end at punctuation.
            if last - 1 in barred or (last - 1 > first and tokens[last - 1].broken):
                break
            spots.setdefault(" ".join(names[first:last]), Spot(one, first, last))


def weighted(spots: Mapping[str, object], idf: Mapping[str, float]) -> dict[str, float]:
    """The features the model knows as a vector of length one."""
    known = {name: idf[name] for name in spots if name in idf}
    norm = sum(value * value for value in known.values()) ** 0.5
    return {name: value / norm for name, value in known.items()} if norm else {}
