"""How alike two texts are, from the two alone: no other text, no order of arrival changes the figure."""

import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from nlp.text import Token, tokens

if TYPE_CHECKING:
    import numpy as np

    Array = np.ndarray[Any, np.dtype[Any]]

SAME_EVENT = 0.2
"""Mean similarity from which a text belongs to a group where no other stands near; fitted on 200 hand-made
event clusters."""
REPRINT = 0.6
"""Share of the shorter text's runs of words found in the other from which it is a reprint."""

TITLE_WEIGHT, LEAD_WEIGHT, BODY_WEIGHT = 3, 2, 1
PAIR_WEIGHT = 0.5
"""Against a single syllable: a pair says more but repeats what its halves say."""
BODY_CHARS = 3000
MOST_TERMS = 200
UNSEEN = 20
"""Document frequency of a term the table does not have: it lists those seen in 40 or more of 174,060."""
COMMON = 0.03
"""Terms of more than this share of the texts are not compared: they tell nothing and cost most to look up."""
SHINGLE = 5
SHINGLE_CHARS = 4000
LEAST_SHINGLES = 4
MOST_SHINGLES = 128
"""Of a text with more only those are kept that divide by SAMPLED: enough to estimate what two share."""
SAMPLED = 4
VERSION = 2
"""Raise it when the same text gives another vector; those kept are then made anew."""

# Odd numbers with their bits well mixed, one for each place in a run of syllables.
_FACTORS = (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F, 0x165667B1)


@dataclass(frozen=True, slots=True, eq=False)
class Vector:
    """Numbers instead of words: they take a tenth of the room and are compared many at once."""

    terms: "Array"
    """uint32, rising: the weightiest terms"""
    weights: "Array"
    """float16, as the terms; their squares sum to one"""
    shingles: "Array"
    """uint32, rising: runs of five syllables, of long texts a sample"""

    def to_bytes(self) -> bytes:
        sizes = len(self.terms).to_bytes(2, "little")
        return sizes + b"".join(part.tobytes() for part in (self.terms, self.weights, self.shingles))

    @classmethod
    def from_bytes(cls, data: bytes) -> "Vector":
        import numpy as np

        count = int.from_bytes(data[:2], "little")
        return cls(
            np.frombuffer(data, np.uint32, count, 2),
            np.frombuffer(data, np.float16, count, 2 + 4 * count),
            np.frombuffer(data, np.uint32, offset=2 + 6 * count),
        )


class _Rarity(NamedTuple):
    """Inverse document frequencies of terms, by their numbers."""

    terms: "Array"
    of: "Array"
    unseen: float


@lru_cache(maxsize=1)
def _rarity() -> _Rarity:
    import numpy as np

    table = dict(line.rsplit("\t", 1) for line in _table().splitlines())
    documents = int(table.pop("#documents"))
    numbers = np.array([_term(name.split(" ")) for name in table], np.uint32)
    of = np.array([_idf(documents, int(count)) for count in table.values()])
    order = np.argsort(numbers, kind="stable")
    return _Rarity(numbers[order], of[order], _idf(documents, UNSEEN))


@lru_cache(maxsize=1)
def vector_version() -> str:
    """What a kept vector was made by."""
    return f"{VERSION}-{zlib.crc32(_table().encode()):08x}"


def _table() -> str:
    return resources.files("nlp").joinpath("data/frequencies.tsv").read_text(encoding="utf-8")


def _idf(documents: int, count: int) -> float:
    return math.log((documents + 1) / (count + 1)) if count <= COMMON * documents else 0.0


@lru_cache(maxsize=50_000)
def _number(syllable: str) -> int:
    # crc32 and not hash(): the same text gives the same numbers in every process.
    return zlib.crc32(syllable.encode("utf-8", "replace"))


def _term(syllables: Sequence[str]) -> int:
    """One syllable or two. Of a million terms some hundred share a number, which no figure feels."""
    if len(syllables) == 1:
        return _number(syllables[0])
    return sum(factor * _number(one) for factor, one in zip(_FACTORS, syllables, strict=False)) % 2**32


def _runs(numbers: "Array", length: int) -> "Array":
    """The number of each run of so many syllables; as `_term` has it, all at once."""
    import numpy as np

    count = max(len(numbers) - length + 1, 0)
    total = np.zeros(count, np.uint32)
    for place in range(length):
        total += numbers[place : place + count] * np.uint32(_FACTORS[place])
    return total


def runs(found: Sequence[Token]) -> list[str]:
    """Syllables, and pairs of syllables that no punctuation parts."""
    pairs = [f"{a.norm} {b.norm}" for a, b in pairwise(found) if not b.broken]
    return [token.norm for token in found] + pairs


class _Counted(NamedTuple):
    """Terms of one field: what each occurrence counts, and whether it is a pair."""

    terms: "Array"
    weight: float
    singles: int


def vector(title: str, lead: str | None, body: str | None) -> Vector:
    import numpy as np

    fields, everything = [], []
    for text, weight, limit in (
        (title, TITLE_WEIGHT, BODY_CHARS),
        (lead or "", LEAD_WEIGHT, BODY_CHARS),
        (body or "", BODY_WEIGHT, SHINGLE_CHARS),
    ):
        found = tokens(text[:limit])
        numbers = np.fromiter((_number(token.norm) for token in found), np.uint32, len(found))
        everything.append(numbers)
        fields.append(_counted([token for token in found if token.end <= BODY_CHARS], numbers, weight))
    return Vector(*_weighed(fields), _shingles(np.concatenate(everything)))


def _counted(found: Sequence[Token], numbers: "Array", weight: float) -> _Counted:
    import numpy as np

    numbers = numbers[: len(found)]
    joined = np.fromiter((not token.broken for token in found), bool, len(found))[1:]
    return _Counted(np.concatenate([numbers, _runs(numbers, 2)[joined]]), weight, len(found))


def _weighed(fields: Sequence[_Counted]) -> "tuple[Array, Array]":
    import numpy as np

    said = np.concatenate([field.terms for field in fields])
    single = np.concatenate([np.arange(len(field.terms)) < field.singles for field in fields])
    times = np.repeat([field.weight for field in fields], [len(field.terms) for field in fields])
    terms, first, place = np.unique(said, return_index=True, return_inverse=True)
    counts = np.bincount(place, times, minlength=len(terms))
    kinds = np.where(single[first], 1.0, PAIR_WEIGHT)
    weights = kinds * (1 + np.log(np.maximum(counts, 1))) * _idf_of(terms)
    # Among equal ones the lower number: the same text gives the same terms.
    top = np.sort(np.argsort(-weights, kind="stable")[:MOST_TERMS])
    top = top[weights[top] > 0]
    length = math.sqrt(float(np.square(weights[top]).sum())) or 1.0
    return terms[top], (weights[top] / length).astype(np.float16)


def _idf_of(terms: "Array") -> "Array":
    import numpy as np

    rarity = _rarity()
    at = np.minimum(np.searchsorted(rarity.terms, terms), len(rarity.terms) - 1)
    found: Array = np.where(rarity.terms[at] == terms, rarity.of[at], rarity.unseen)
    return found


def _shingles(numbers: "Array") -> "Array":
    import numpy as np

    found = np.unique(_runs(numbers, SHINGLE))
    return found if len(found) <= MOST_SHINGLES else _sample(found)


def _sample(shingles: "Array") -> "Array":
    sampled: Array = shingles[shingles % SAMPLED == 0]
    return sampled


def similarity(a: Vector, b: Vector) -> float:
    """Cosine, 0..1."""
    import numpy as np

    _, mine, yours = np.intersect1d(a.terms, b.terms, assume_unique=True, return_indices=True)
    shared = a.weights[mine].astype(np.float64) * b.weights[yours]
    return min(1.0, float(shared.sum()))


class Shingled(Protocol):
    @property
    def shingles(self) -> "Array": ...


def is_reprint(a: Shingled, b: Shingled) -> bool:
    """Near-identical texts, one perhaps cut; that their outlets differ is for the caller to see."""
    import numpy as np

    mine, yours = a.shingles, b.shingles
    if _is_sample(mine) or _is_sample(yours):
        mine, yours = _sample(mine), _sample(yours)
    least = min(len(mine), len(yours))
    if least < LEAST_SHINGLES:
        return False
    return len(np.intersect1d(mine, yours, assume_unique=True)) / least >= REPRINT


def _is_sample(shingles: "Array") -> bool:
    return not (shingles % SAMPLED).any()
