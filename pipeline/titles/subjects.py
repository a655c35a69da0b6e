"""What a text is about, in the neutral words of subjects.tsv: no word of the text itself is taken over."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from importlib import resources
from typing import NamedTuple

import ahocorasick

from nlp.text import Joined

OWN_TOPIC = 2
"""How much more a subject of the issue's own topic counts, in syllables of the term that says so."""
IN_HEADLINE = 4
"""How much more a term in the headline counts than one in the lead."""
PLAIN = frozenset((
    "traffic", "water", "environment", "power", "disaster", "land", "housing", "rural", "security",
))  # fmt: skip
"""Topics whose terms name things that can be seen; a headline with one is about it, whatever the issue's
topic. "Bệnh viện", "thủ tục", "nhà trường" stand in many others' too."""
Match = tuple[int, ...]
"""numbers of the terms that must all stand in a text"""


class _Subject(NamedTuple):
    topic: str
    words: str
    ways: tuple[Match, ...]
    vague: bool
    """said only where nothing else is"""


class _Table(NamedTuple):
    subjects: Sequence[_Subject]
    terms: Sequence[str]
    """as Joined writes them"""
    finder: ahocorasick.Automaton


def subject(texts: Sequence[str], topic: str) -> str | None:
    """What the texts, the headline first, are about; None where no term of the table stands in them."""
    table = _table()
    best: tuple[int, str] = 0, ""
    for text, extra in zip(texts, (IN_HEADLINE, 0), strict=False):
        found = _terms_in(table, text)
        for one in table.subjects:
            if one.topic != topic and not (extra and one.topic in PLAIN):
                continue
            size = _weight(table, one, found, topic)
            weight = min(size, 1) if one.vague else size and size + extra
            if weight > best[0]:
                best = weight, one.words
    return best[1] or None


def _weight(table: _Table, one: _Subject, found: set[int], topic: str) -> int:
    own = one.topic == topic
    sizes = (_size(table, way) for way in one.ways if found.issuperset(way))
    # One syllable is part of many words: it says something only where the topic says it too.
    size = max((size for size in sizes if size > 1 or own), default=0)
    return size and size + OWN_TOPIC * own


def _size(table: _Table, way: Match) -> int:
    """Syllables of all its terms."""
    return sum(len(table.terms[number].split()) for number in way)


def _terms_in(table: _Table, text: str) -> set[int]:
    return {number for _, numbers in table.finder.iter(Joined(text).string) for number in numbers}


@lru_cache(maxsize=1)
def _table() -> _Table:
    numbers: dict[str, int] = {}
    subjects = [_read(line, numbers) for line in _lines()]
    finder = ahocorasick.Automaton()
    for term, number in numbers.items():
        finder.add_word(term, (number,))
    finder.make_automaton()
    return _Table(subjects, list(numbers), finder)


def _lines() -> Iterable[str]:
    text = resources.files("pipeline.titles").joinpath("subjects.tsv").read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _read(line: str, numbers: dict[str, int]) -> _Subject:
    topic, words, terms = line.split("\t")
    ways = [[Joined(term).string for term in way.split("+")] for way in terms.split(";")]
    return _Subject(
        topic,
        words.removeprefix("~"),
        tuple(tuple(numbers.setdefault(term, len(numbers)) for term in way) for way in ways),
        words.startswith("~"),
    )
