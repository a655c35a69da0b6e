"""Labels by the guide of items that stand in no labelled file, and second readings of some that do.

nlp/data/labels.tsv.gz names each item by a mark of its text only: the texts belong to their publishers, and
whoever learns anew brings them. A line each: mark, kind, topic ("-": none), urgency, and "learn" or "apart".
"""

import gzip
import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from nlp.rows import Row, text_of

KINDS = ("concern", "answer", "commendation", "none")
MARK_DIGITS = 12
NO_TOPIC = "-"
PARTS = {"learn": False, "apart": True}


@dataclass(frozen=True, slots=True)
class Label:
    kind: str
    topic: str | None
    urgency: int
    """1 to 4 of a concern, else 0"""
    apart: bool
    """measured by: the encoder never learns from it, the linear model only once it has been measured"""


def mark_of(row: Row) -> str:
    return hashlib.sha256(text_of(row).encode()).hexdigest()[:MARK_DIGITS]


def load_labels(path: Path | None = None) -> dict[str, Label]:
    """By mark. Raises ValueError, with file and line, for what is no label."""
    source = path or resources.files("nlp").joinpath("data/labels.tsv.gz")
    lines = gzip.decompress(source.read_bytes()).decode().splitlines()
    return dict(_label(line, f"{source.name}:{number}") for number, line in enumerate(lines, 1))


@cache
def shipped() -> Mapping[str, Label]:
    return load_labels()


def _label(line: str, where: str) -> tuple[str, Label]:
    parts = line.split("\t")
    if len(parts) != 5 or parts[1] not in KINDS or parts[3] not in set("01234") or parts[4] not in PARTS:
        raise ValueError(f"{where}: not mark, kind, topic, urgency and part, with tabs between: {line!r}")
    mark, kind, topic, urgency, part = parts
    return mark, Label(kind, None if topic == NO_TOPIC else topic, int(urgency), PARTS[part])


def labelled(rows: Iterable[Row], labels: Mapping[str, Label]) -> Iterator[Row]:
    """Those of the rows that have a label, with it; each text once."""
    told: set[str] = set()
    for row in rows:
        mark = mark_of(row)
        if mark in labels and mark not in told:
            told.add(mark)
            yield _read_as(row, labels[mark])


def read_again(rows: Iterable[Row], labels: Mapping[str, Label]) -> list[Row]:
    """All the rows, those with a second reading as it has them."""
    return [_read_as(row, labels.get(mark_of(row))) for row in rows]


def _read_as(row: Row, label: Label | None) -> Row:
    if label is None:
        return row
    return row | {"kind": label.kind, "topic": label.topic, "urgency": label.urgency}


def learnable(
    rows: Sequence[Row],
    others: Iterable[Row],
    barred: Set[str] = frozenset(),
    labels: Mapping[str, Label] | None = None,
) -> list[Row]:
    """The rows as read again, and those of the others that have a label.

    `barred`: titles that are measured by; others with such a one, or with one of the rows', are left out.
    """
    labels = shipped() if labels is None else labels
    known = {row["title"] for row in rows} | barred
    return read_again(rows, labels) + [row for row in labelled(others, labels) if row["title"] not in known]
