"""How alike two texts are, from the two alone: no other text, no order of arrival changes the figure."""

import math
import zlib
from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from typing import Protocol

from nlp.text import Token, tokens

SAME_EVENT = 0.22
"""Mean similarity from which a text belongs to a group; fitted on 200 hand-made event clusters."""
REPRINT = 0.6
"""Share of the shorter text's runs of words found in the other from which it is a reprint."""

TITLE_WEIGHT, LEAD_WEIGHT, BODY_WEIGHT = 3, 2, 1
PAIR_WEIGHT = 0.5
"""Against a single syllable: a pair says more but repeats what its halves say."""
BODY_CHARS = 3000
MOST_TERMS = 200
UNSEEN = 20
"""Document frequency of a term the table does not have: it lists those seen in 40 or more of 174,060."""
COMMON = 0.05
"""Terms of more than this share of the texts are not compared: they tell nothing and cost most to look up."""
SHINGLE = 5
SHINGLE_CHARS = 4000
LEAST_SHINGLES = 4


@dataclass(frozen=True, slots=True, eq=False)
class Vector:
    terms: dict[str, float]
    """weights, together of length one, the weightiest first"""
    shingles: "array[int]"
    """hashes of every run of five syllables, each once; four bytes each, for many are held"""


@dataclass(frozen=True, slots=True)
class _Rarity:
    """Inverse document frequencies."""

    of: dict[str, float]
    unseen: float


@lru_cache(maxsize=1)
def _rarity() -> _Rarity:
    lines = resources.files("nlp").joinpath("data/frequencies.tsv").read_text(encoding="utf-8").splitlines()
    table = dict(line.rsplit("\t", 1) for line in lines)
    documents = int(table.pop("#documents"))
    # Reckoned once: a text asks for some eight hundred.
    of = {term: _idf(documents, int(count)) for term, count in table.items()}
    return _Rarity(of, _idf(documents, UNSEEN))


def _idf(documents: int, count: int) -> float:
    return math.log((documents + 1) / (count + 1)) if count <= COMMON * documents else 0.0


def runs(found: Sequence[Token]) -> list[str]:
    """Syllables, and pairs of syllables that no punctuation parts."""
    pairs = [f"{a.norm} {b.norm}" for a, b in pairwise(found) if not b.broken]
    return [token.norm for token in found] + pairs


def vector(title: str, lead: str | None, body: str | None) -> Vector:
    counts: dict[str, int] = defaultdict(int)
    norms: list[str] = []
    for text, weight, limit in (
        (title, TITLE_WEIGHT, BODY_CHARS),
        (lead or "", LEAD_WEIGHT, BODY_CHARS),
        (body or "", BODY_WEIGHT, SHINGLE_CHARS),
    ):
        found = tokens(text[:limit])
        norms += [token.norm for token in found]
        for run in runs([token for token in found if token.end <= BODY_CHARS]):
            counts[run] += weight
    return Vector(_weights(counts), _shingles(norms))


def _weights(counts: dict[str, int]) -> dict[str, float]:
    rarity = _rarity()
    weights = {
        term: (PAIR_WEIGHT if " " in term else 1.0)
        * (1 + math.log(count))
        * rarity.of.get(term, rarity.unseen)
        for term, count in counts.items()
    }
    top = sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_TERMS]
    norm = math.sqrt(sum(weight * weight for _, weight in top))
    return {term: weight / norm for term, weight in top if weight}


def _shingles(norms: Sequence[str]) -> "array[int]":
    # crc32 and not hash(): the same text gives the same numbers in every process.
    starts = range(max(len(norms) - SHINGLE + 1, 0))
    found = {zlib.crc32(" ".join(norms[i : i + SHINGLE]).encode("utf-8", "replace")) for i in starts}
    return array("I", sorted(found))


def similarity(a: Vector, b: Vector) -> float:
    """Cosine, 0..1."""
    small, large = (a.terms, b.terms) if len(a.terms) <= len(b.terms) else (b.terms, a.terms)
    # fsum: the same figure whichever of the two comes first.
    return min(1.0, math.fsum(weight * large[term] for term, weight in small.items() if term in large))


class Shingled(Protocol):
    @property
    def shingles(self) -> "array[int]": ...


def is_reprint(a: Shingled, b: Shingled) -> bool:
    """Near-identical texts, one perhaps cut; that their outlets differ is for the caller to see."""
    least = min(len(a.shingles), len(b.shingles))
    if least < LEAST_SHINGLES:
        return False
    return len(set(a.shingles).intersection(b.shingles)) / least >= REPRINT
