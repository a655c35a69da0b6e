"""How much work it is to tag items and to find places, against underthesea on the same texts."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench import archive
from bench.invented.news import BODY_CHARS, Item, Newsroom
from bench.table import Absence, Figure, Line, Progress

TAG_GOAL = 1.5
PLACES_GOAL = 100.0
_NAMED = 200
"""items in which both look for places: ner is slow"""


def measure(
    feed_items: int, articles: int, archived: int, rounds: int, texts: Path | None, progress: Progress
) -> list[Line]:
    """How many of each are made up; `texts`: items as for `dansinh tag -`, measured apart."""
    room = Newsroom(seed=1)
    lines = _feed("", [room.feed_item() for _ in range(feed_items)], rounds, progress)
    lines += _articles("", [room.article() for _ in range(articles)], rounds, progress)
    if texts is not None:
        lines += of_texts(texts, feed_items, articles, rounds, progress)
    return lines + archive.measure(archived, progress)


def of_texts(texts: Path, feed_items: int, articles: int, rounds: int, progress: Progress) -> list[Line]:
    """At most so many of each, evenly from the whole file; an item with a body is an article."""
    where = f", texts of {texts.name}"
    rows = [_item(json.loads(line)) for line in texts.read_text(encoding="utf-8").splitlines()]
    short, long = ([row for row in rows if bool(row["body"]) is whole] for whole in (False, True))
    lines = _feed(where, _spread(short, feed_items), rounds, progress)
    return lines + _articles(where, _spread(long, articles), rounds, progress)


def _item(row: dict[str, Any]) -> Item:
    body = (row.get("body") or "")[:BODY_CHARS]
    return {"id": row["id"], "title": row["title"], "summary": row.get("summary"), "body": body or None}


def _spread(rows: Sequence[Item], most: int) -> Sequence[Item]:
    return rows[:: -(-len(rows) // most) or 1]


def _feed(where: str, items: Sequence[Item], rounds: int, progress: Progress) -> list[Line]:
    if not items:
        return [Absence(f"tagging feed items{where}", "no item without a body there")]
    progress(f"tagging {len(items):,} feed items{where}")
    seconds = _seconds(items, rounds, _NAMED)
    named = min(_NAMED, len(items))
    return [
        _tagging(f"tagging feed items{where}", len(items), seconds),
        Figure(
            f"places{where}",
            "underthesea's ner, same texts",
            seconds["ner"] / seconds["places"],
            PLACES_GOAL,
            seen=f"{named / seconds['places']:.0f} and {named / seconds['ner']:.0f} items/s",
        ),
    ]


def _articles(where: str, items: Sequence[Item], rounds: int, progress: Progress) -> list[Line]:
    if not items:
        return [Absence(f"tagging articles{where}", "no item with a body there")]
    progress(f"tagging {len(items):,} articles{where}")
    chars = sum(len(item["body"] or "") for item in items) / len(items)
    return [
        _tagging(f"tagging articles of {chars:,.0f} characters{where}", len(items), _seconds(items, rounds))
    ]


def _tagging(what: str, items: int, seconds: dict[str, float]) -> Figure:
    return Figure(
        what,
        "underthesea's word_tokenize, same texts",
        seconds["tag"] / seconds["segment"],
        TAG_GOAL,
        "less",
        seen=f"{items / seconds['tag']:.0f} and {items / seconds['segment']:.0f} items/s; "
        f"{seconds['flagged'] / items:.0%} flagged",
    )


def _seconds(items: Sequence[Item], rounds: int, named: int = 0) -> dict[str, float]:
    done = subprocess.run(
        [sys.executable, "-m", "bench.tagging", str(rounds), str(named)],
        input="\n".join(json.dumps(item) for item in items),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    seconds: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return seconds
