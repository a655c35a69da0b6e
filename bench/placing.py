"""Places articles among many: a process of its own, so that its memory is that of nothing else.

    python -m bench.placing HELD ADDED
Texts are chains of the pairs of syllables in nlp/data/frequencies.tsv, as often as it counts them, and again
and again of some syllables of their own; what is held is mixed of thirds of three of them. Such a text shares
590,000 terms with 100,000 others; one of 606 real articles would share 560,000 with as many of their kind.
One line of JSON is printed: seconds and megabytes.
"""

import json
import os
import random
import resource
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib import resources
from itertools import accumulate
from typing import TypeVar

# Before numpy is loaded: one core.
os.environ |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")

import numpy as np

from nlp.similarity import MOST_TERMS, SAMPLED, Vector, vector
from pipeline.grouping import Grouper, Text

Thing = TypeVar("Thing")

_MADE = 1000
_PLACED, _READ = 100, 5000
"""at once, as the stage does"""
_SYLLABLES = 800
_OWN, _SAID = 60, 0.3
"""syllables that are a text's own, and how often it comes back to one"""
_SHINGLES = 200
_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
_TOPICS = ("land", "traffic", "water", "environment", None)


def main() -> None:
    held, added = map(int, sys.argv[1:])
    words = _Words(random.Random(1))
    bodies = [words.text() for _ in range(min(_MADE, held) + added)]
    vector("", None, bodies[0])
    idle = _megabytes()
    make, vectors = _timed(lambda: [vector("", None, body) for body in bodies[added:]])
    grouper = Grouper(None, timedelta(days=21), timedelta(days=180))
    keep = 0.0
    for kept in _kept(vectors, held):
        keep += _timed(partial(_read, grouper, kept))[0]
    place, _ = _timed(lambda: _place(grouper, bodies[:added], held))
    seconds = {"make": make / len(vectors), "keep": keep / held, "place": place}
    print(json.dumps(seconds | {"megabytes": _megabytes(), "idle": idle}))  # noqa: T201


class _Words:
    """A language of which only the counts of its pairs are real."""

    def __init__(self, chance: random.Random) -> None:
        self._chance = chance
        table = resources.files("nlp").joinpath("data/frequencies.tsv").read_text(encoding="utf-8")
        after: dict[str, dict[str, int]] = defaultdict(dict)
        alone: dict[str, int] = {}
        for line in table.splitlines():
            term, _, count = line.rpartition("\t")
            first, _, second = term.partition(" ")
            if second:
                after[first][second] = int(count)
            elif not first.startswith("#"):
                alone[first] = int(count)
        self._alone = list(alone), list(accumulate(alone.values()))
        self._after = {first: (list(some), list(accumulate(some.values()))) for first, some in after.items()}

    def text(self) -> str:
        own = [self._drawn(self._alone) for _ in range(_OWN)]
        said = own[:1]
        while len(said) < _SYLLABLES:
            after = self._after.get(said[-1])
            back = after is None or self._chance.random() < _SAID
            said.append(self._chance.choice(own) if after is None or back else self._drawn(after))
        return " ".join(said)

    def _drawn(self, some: tuple[list[str], list[int]]) -> str:
        return self._chance.choices(some[0], cum_weights=some[1])[0]


def _kept(vectors: Sequence[Vector], held: int) -> Iterator[list[tuple[int, bytes]]]:
    chance = np.random.default_rng(1)
    for first in range(0, held, _READ):
        some = range(first, min(first + _READ, held))
        yield [(number, _mixed(vectors, chance).to_bytes()) for number in some]


def _mixed(vectors: Sequence[Vector], chance: np.random.Generator) -> Vector:
    three = [vectors[number] for number in chance.integers(len(vectors), size=3)]
    terms, first = np.unique(np.concatenate([one.terms for one in three]), return_index=True)
    weights = np.concatenate([one.weights for one in three])[first].astype(np.float32)
    some = np.sort(chance.permutation(len(terms))[:MOST_TERMS])
    weights = weights[some] / np.sqrt(np.square(weights[some]).sum())
    shingles = np.sort(chance.integers(2**32 // SAMPLED, size=_SHINGLES, dtype=np.uint32)) * np.uint32(
        SAMPLED
    )
    return Vector(terms[some], weights.astype(np.float16), shingles)


def _read(grouper: Grouper, kept: Sequence[tuple[int, bytes]]) -> None:
    grouper.add([(number // 2, _text(number, Vector.from_bytes(data))) for number, data in kept])


def _place(grouper: Grouper, bodies: Sequence[str], held: int) -> None:
    for first in range(0, len(bodies), _PLACED):
        some = bodies[first : first + _PLACED]
        texts = [_text(held + first + number, vector("", None, body)) for number, body in enumerate(some)]
        placed = zip(texts, grouper.place(texts), strict=True)
        grouper.add(
            [(texts[one.first].key if one.group is None else one.group, text) for text, one in placed]
        )


def _text(number: int, made: Vector) -> Text:
    communes = frozenset({f"{number % 300:05}"}) if number % 3 else frozenset[str]()
    return Text(number, made, _BEGAN + timedelta(minutes=number), _TOPICS[number % 5], "31", communes)


def _timed(work: Callable[[], Thing]) -> tuple[float, Thing]:
    """Seconds of the processor."""
    began = time.process_time()
    done = work()
    return time.process_time() - began, done


def _megabytes() -> float:
    """At most, so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
