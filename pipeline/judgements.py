"""Decisions at the desk as judgements to learn from."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import Any

from nlp.judgements import Decision, Judgement
from store import Store
from store.queries.judgements import Decided
from store.queries.judgements import decided as decisions

_DECISION: dict[str, Decision] = {"confirmed": "confirm", "dismissed": "dismiss", "edited": "correct"}
NOT_FOR_ITS_TEXT = ("Không thuộc địa bàn", "Đã được giải quyết", "Trùng với vấn đề khác")
"""Reasons to dismiss, among those the desk offers, that leave open whether the text tells of a concern."""


def judgements(store: Store) -> Iterator[Judgement]:
    """What the office has decided so far, the oldest first; of a dismissal only what was for its text."""
    with store.read() as session:
        for one in decisions(session):
            if not _beside_the_text(one):
                yield _judgement(one)


def as_line(judgement: Judgement) -> dict[str, Any]:
    """As nlp.judgements.judgements_of reads it."""
    published = judgement.published.isoformat() if judgement.published else None
    return asdict(judgement) | {"published": published, "decided_at": judgement.decided_at.isoformat()}


def _beside_the_text(one: Decided) -> bool:
    why = (one.why or "").casefold()
    return one.action == "dismissed" and any(reason.casefold() in why for reason in NOT_FOR_ITS_TEXT)


def _judgement(one: Decided) -> Judgement:
    return Judgement(
        article=one.url,
        title=one.title,
        summary=one.lead,
        body=one.body,
        published=one.published_at,
        decision=_DECISION[one.action],
        topic=one.topic,
        urgency=one.urgency,
        decided_at=one.at,
    )
