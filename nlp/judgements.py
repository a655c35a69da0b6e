"""What people at the desk decided, as items to learn from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

Decision = Literal["confirm", "dismiss", "correct"]


@dataclass(frozen=True, slots=True)
class Judgement:
    """One decision on one article. Who decided is nowhere in it."""

    article: str
    title: str
    summary: str | None
    body: str | None
    published: datetime | None
    decision: Decision
    """confirm: it is a concern; dismiss: it is none; correct: it is, but in this topic or of this urgency"""
    topic: str | None
    """of the issue after the decision"""
    urgency: int
    decided_at: datetime


def labelled(judgements: Iterable[Judgement]) -> list[dict[str, Any]]:
    """The last decision on each article, in the form of a labelled item, by the article's key."""
    last: dict[str, Judgement] = {}
    for judgement in sorted(judgements, key=lambda one: one.decided_at):
        last[judgement.article] = judgement
    return [_row(judgement) for _, judgement in sorted(last.items())]


def _row(judgement: Judgement) -> dict[str, Any]:
    concern = judgement.decision != "dismiss"
    return {
        "id": f"judgement-{judgement.article}",
        "title": judgement.title,
        "summary": judgement.summary,
        "body": judgement.body,
        "published": judgement.published.isoformat() if judgement.published else None,
        "kind": "concern" if concern else "none",
        "topic": judgement.topic if concern else None,
        "urgency": judgement.urgency if concern else 0,
    }


def judgements_of(lines: Iterable[dict[str, Any]]) -> Iterator[Judgement]:
    """From JSON objects with the fields' names; raises KeyError or ValueError where one is unfit."""
    for line in lines:
        decision = line["decision"]
        if decision not in ("confirm", "dismiss", "correct"):
            raise ValueError(f"decision {decision!r} is none of confirm, dismiss, correct")
        published = line.get("published")
        yield Judgement(
            article=str(line["article"]),
            title=line["title"],
            summary=line.get("summary"),
            body=line.get("body"),
            published=datetime.fromisoformat(published) if published else None,
            decision=decision,
            topic=line.get("topic"),
            urgency=int(line.get("urgency") or 0),
            decided_at=datetime.fromisoformat(line["decided_at"]),
        )
