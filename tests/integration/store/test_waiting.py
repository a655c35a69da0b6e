"""What waits for a person is asked for all day long: no question goes along all that ever was."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from store import Store
from store.queries import desk, looks, referrals, reminders
from store.queries.referrals import AgencyLine, BoardFilter
from tests.office import at

NOW = at("2026-11-20 07:00")
SOON = NOW + timedelta(days=2)
WAITS = [AgencyLine("so-1", {"sent": 4000})]


def first_of_the_board(session: Session) -> Sequence[Any]:
    return referrals.referrals(session, BoardFilter(), WAITS, now=NOW, limit=50, offset=0)


UNANSWERED = "ix_referral_unanswered"
QUESTIONS: dict[str, tuple[Callable[[Session], Any], str]] = {
    "due": (lambda session: desk.due_by(session, SOON, 10), UNANSWERED),
    "news": (lambda session: looks.news(session, None, NOW, SOON), UNANSWERED),
    "board": (first_of_the_board, UNANSWERED),
    "extensions": (lambda session: reminders.extensions(session, [1, 2]), "ix_event_entity"),
    "preparing": (
        lambda session: referrals._events(session, "issue", [1, 2], ["edited"]),
        "ix_event_entity",
    ),
}


@pytest.mark.parametrize(("ask", "index"), QUESTIONS.values(), ids=QUESTIONS)
def test_a_question_finds_its_index(sqlite_store: Store, ask: Callable[[Session], Any], index: str) -> None:
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, values: Any, *_rest: object) -> None:
        asked.append((statement, values))

    event.listen(sqlite_store.engine, "before_cursor_execute", note)
    with sqlite_store.read() as session:
        ask(session)
    event.remove(sqlite_store.engine, "before_cursor_execute", note)
    statement, values = next(one for one in asked if one[0].startswith("SELECT"))
    with sqlite_store.engine.connect() as connection:
        steps = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
    plan = [str(step[-1]) for step in steps]
    assert any(index in step for step in plan), plan
    assert [step for step in plan if step in ("SCAN referral", "SCAN event", "SCAN issue")] == []
