"""How alike two texts are, from the two alone: no other text, no order of arrival changes the figure."""

import math
import zlib
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import islice, pairwise

from nlp.text import Token, tokens

SAME_EVENT = 0.2
"""Mean similarity from which a text belongs to a group; fitted on 200 hand-made event clusters."""
REPRINT = 0.6
"""Share of the shorter text's runs of words found in the other from which it is a reprint."""

TITLE_WEIGHT, LEAD_WEIGHT, BODY_WEIGHT = 3, 2, 1
PAIR_WEIGHT = 0.5
"""Against a single syllable: a pair says more but repeats what its halves say."""
BODY_CHARS = 1500
MOST_TERMS = 200
UNSEEN = 10
"""Document frequency of a term the table does not have: it lists those seen in 40 or more of 174,060."""
_TELLING_TERMS = 15
"""A group is compared only if it shares one of a text's weightiest terms."""
SHINGLE = 5
SHINGLE_CHARS = 4000
LEAST_SHINGLES = 4


@dataclass(frozen=True, slots=True)
class Vector:
    terms: dict[str, float]
    """weights, together of length one, the weightiest first"""
    shingles: frozenset[int]
    """hashes of every run of five syllables"""

    @property
    def telling(self) -> tuple[str, ...]:
        """The weightiest terms, the weightiest first: texts that share none of them are not alike."""
        return tuple(islice(self.terms, _TELLING_TERMS))


@dataclass(frozen=True, slots=True)
class _Frequencies:
    documents: int
    of: dict[str, int]

    def idf(self, term: str) -> float:
        return math.log((self.documents + 1) / (self.of.get(term, UNSEEN) + 1))


@lru_cache(maxsize=1)
def _frequencies() -> _Frequencies:
    lines = resources.files("nlp").joinpath("data/frequencies.tsv").read_text(encoding="utf-8").splitlines()
    table = dict(line.rsplit("\t", 1) for line in lines)
    documents = int(table.pop("#documents"))
    return _Frequencies(documents, {term: int(count) for term, count in table.items()})


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
    table = _frequencies()
    weights = {
        term: (PAIR_WEIGHT if " " in term else 1.0) * (1 + math.log(count)) * table.idf(term)
        for term, count in counts.items()
    }
    top = sorted(weights.items(), key=lambda pair: (-pair[1], pair[0]))[:MOST_TERMS]
    norm = math.sqrt(sum(weight * weight for _, weight in top))
    return {term: weight / norm for term, weight in top} if norm else {}


def _shingles(norms: Sequence[str]) -> frozenset[int]:
    # crc32 and not hash(): the same text gives the same numbers in every process.
    starts = range(max(len(norms) - SHINGLE + 1, 0))
    return frozenset(zlib.crc32(" ".join(norms[i : i + SHINGLE]).encode("utf-8", "replace")) for i in starts)


def similarity(a: Vector, b: Vector) -> float:
    """Cosine, 0..1."""
    small, large = (a.terms, b.terms) if len(a.terms) <= len(b.terms) else (b.terms, a.terms)
    # fsum: the same figure whichever of the two comes first.
    return min(1.0, math.fsum(weight * large[term] for term, weight in small.items() if term in large))


def is_reprint(a: Vector, b: Vector) -> bool:
    """Near-identical texts, one perhaps cut; that their outlets differ is for the caller to see."""
    least = min(len(a.shingles), len(b.shingles))
    return least >= LEAST_SHINGLES and len(a.shingles & b.shingles) / least >= REPRINT


class Centroid:
    """The members of a group as one vector: comparing a text with it costs as much as with one member."""

    def __init__(self) -> None:
        self._total: dict[str, float] = defaultdict(float)
        self.size = 0

    def add(self, member: Vector) -> None:
        self.size += 1
        for term, weight in member.terms.items():
            self._total[term] += weight

    def mean_similarity(self, other: Vector) -> float:
        """Mean over the members, 0..1, nought where there are none: the cosine is linear in them."""
        shared = (weight * self._total[term] for term, weight in other.terms.items() if term in self._total)
        # fsum: the same figure in whichever order the terms come.
        return min(1.0, math.fsum(shared) / self.size) if self.size else 0.0
