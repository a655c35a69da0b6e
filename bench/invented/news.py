"""A day's news, invented: mostly what concerns nobody's water, road or school, as in real feeds."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from nlp.units import Unit, load_units

BODY_CHARS = 2_500
Item = dict[str, Any]
"""as the filter `dansinh tag -` takes it"""
_TIMED = 0.4
"""how often a title without a place says when"""


@dataclass(frozen=True)
class Subject:
    """One of news.yaml."""

    share: int
    local: float
    who: Sequence[str]
    does: Sequence[str]
    what: Sequence[str]
    when: Sequence[str]
    more: Sequence[str]


_ALTERNATIVES = ("who", "does", "what", "when", "more")


def _subjects() -> list[Subject]:
    tree = YAML(typ="safe").load(Path(__file__).with_name("news.yaml"))
    return [
        Subject(one["share"], one["local"], **{name: one[name].split(" | ") for name in _ALTERNATIVES})
        for one in tree.values()
    ]


class Newsroom:
    """One stream of items, always the same for the same seed."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._number = 0
        self._subjects = _subjects()
        self._weights = [subject.share for subject in self._subjects]
        units = load_units()
        self._communes = [unit for code in ("01", "31", "79") for unit in units.communes(code)]

    def feed_item(self) -> Item:
        """About as long as real ones: a title of 60 characters and a summary of 160."""
        subject = self._subject()
        return self._item(self._title(subject), " ".join(self._sentences(subject, 115)))

    def article(self) -> Item:
        """Without a summary, as a page is read: BODY_CHARS of text in paragraphs."""
        subject = self._subject()
        sentences = self._sentences(subject, BODY_CHARS)
        paragraphs = [" ".join(sentences[start : start + 3]) for start in range(0, len(sentences), 3)]
        return self._item(self._title(subject), None, "\n".join(paragraphs)[:BODY_CHARS])

    def _item(self, title: str, summary: str | None, body: str | None = None) -> Item:
        self._number += 1
        return {"id": str(self._number), "title": title, "summary": summary, "body": body}

    def _subject(self) -> Subject:
        return self._random.choices(self._subjects, self._weights)[0]

    def _title(self, subject: Subject) -> str:
        pick = self._random.choice
        said = f"{pick(subject.who)} {pick(subject.does)} {pick(subject.what)}"
        if self._random.random() < subject.local:
            return f"{self._place()}: {said}"
        return f"{said} {pick(subject.when)}" if self._random.random() < _TIMED else said

    def _sentences(self, subject: Subject, chars: int) -> list[str]:
        pick = self._random.choice
        sentences: list[str] = []
        while sum(map(len, sentences)) + len(sentences) < chars:
            where = f" ở {self._place()}" if self._random.random() < subject.local / 4 else ""
            told = f"{pick(subject.who)} {pick(subject.does)} {pick(subject.what)}{where}"
            sentences += [f"{told} {pick(subject.when)}.", pick(subject.more)]
        return sentences

    def _place(self) -> str:
        unit: Unit = self._random.choice(self._communes)
        return unit.full_name
