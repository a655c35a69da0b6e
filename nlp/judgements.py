"""What people at the desk decided, as items to learn from."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from types import NoneType
from typing import Any, Literal

Decision = Literal["confirm", "dismiss", "correct"]
MOST_URGENT = 4


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


def judgements_of(lines: Iterable[Any]) -> Iterator[Judgement]:
    """From JSON objects with the fields' names; raises ValueError with the number of an unfit one."""
    for number, line in enumerate(lines, 1):
        try:
            judgement = _judgement(line)
        except ValueError as error:
            raise ValueError(f"judgement {number}: {error}") from error
        yield judgement


def _judgement(line: Any) -> Judgement:
    if not isinstance(line, dict):
        raise ValueError("no JSON object")  # noqa: TRY004 - of the file, not of the caller
    decision = line.get("decision")
    if decision not in ("confirm", "dismiss", "correct"):
        raise ValueError(f"decision {decision!r} is none of confirm, dismiss, correct")
    published = _field(line, "published", str, NoneType)
    urgency = _field(line, "urgency", int, NoneType) or 0
    if not 0 <= urgency <= MOST_URGENT:
        raise ValueError(f"urgency {urgency} is none of 0 to {MOST_URGENT}")
    return Judgement(
        article=str(_field(line, "article", str, int)),
        title=_field(line, "title", str),
        summary=_field(line, "summary", str, NoneType),
        body=_field(line, "body", str, NoneType),
        published=_moment(published) if published else None,
        decision=decision,
        topic=_field(line, "topic", str, NoneType),
        urgency=urgency,
        decided_at=_moment(_field(line, "decided_at", str)),
    )


def _field(line: dict[str, Any], name: str, *kinds: type) -> Any:
    """A field that is missing is null; `type` itself, for true and false are no numbers here."""
    value = line.get(name)
    if type(value) not in kinds:
        raise ValueError(f"{name} cannot be {value!r:.60}")
    return value


def _moment(text: str) -> datetime:
    """A time of nowhere cannot be put in order with others."""
    moment = datetime.fromisoformat(text)
    if moment.utcoffset() is None:
        raise ValueError(f"{text!r} has no time zone")
    return moment
