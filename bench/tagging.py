"""How long one core takes to tag items, beside underthesea's segmentation and its ner: a process of its own.

    python -m bench.tagging ROUNDS NAMED < items.jsonl
NAMED: of how many items, the first ones, places are sought by both. One line of JSON is printed: seconds.
"""

import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median
from typing import TypeVar

# Before numpy is loaded: one core against one core.
os.environ |= dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1")

from underthesea import ner, word_tokenize

from nlp.places import find_places
from nlp.settings import NlpSettings
from nlp.tagger import Item, Tagger

Thing = TypeVar("Thing")


def main() -> None:
    rounds, named = map(int, sys.argv[1:])
    items = [Item(**json.loads(line)) for line in sys.stdin]
    texts = ["\n".join(filter(None, (item.title, item.summary, item.body))) for item in items]
    tagger = Tagger(NlpSettings())
    tag, segment = _in_turn(partial(_each, tagger.tag, items), partial(_each, word_tokenize, texts), rounds)
    seconds = {"tag": tag, "segment": segment}
    if named:
        few = texts[:named]
        seconds["places"], seconds["ner"] = _in_turn(
            partial(_each, find_places, few), partial(_each, ner, few), rounds
        )
    flagged = sum(tagger.tag(item).kind == "concern" for item in items)
    print(json.dumps(seconds | {"flagged": flagged}))  # noqa: T201


def _each(work: Callable[[Thing], object], things: Sequence[Thing]) -> None:
    for thing in things:
        work(thing)


def _in_turn(one: Callable[[], None], other: Callable[[], None], rounds: int) -> tuple[float, float]:
    """Seconds of the processor, each the median; in turn, so that a machine that slows down slows both."""
    seen = [(_seconds(one), _seconds(other)) for _ in range(rounds + 1)]
    # The first round loads models.
    ones, others = zip(*seen[1:], strict=True)
    return median(ones), median(others)


def _seconds(work: Callable[[], None]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    main()
