"""A year makes a million links: what is asked every five minutes must not look at all of them."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlalchemy.orm import Session

from store import Store
from store.models import Source
from store.queries import articles, digest, links, sources
from store.queries.due import anything_due
from tests.office import at

NOW = at("2026-11-20 07:00")
DAY = timedelta(days=1)
QUESTIONS: dict[str, Callable[[Session], Any]] = {
    "known addresses": lambda session: links.known_addresses(session, ["https://a.example/1"]),
    "pending": lambda session: links.pending_links(session, [1, 2], NOW),
    "visits": lambda session: links.due_visits(session, [1, 2], NOW, 100),
    "visits too late": lambda session: links.forget_visits(session, NOW - 7 * DAY),
    "anything due": lambda session: anything_due(session, {"a": None}, {"a"}, NOW),
    "texts that expire": lambda session: articles.with_expiring_text(session, NOW - 90 * DAY, 100),
    "told long ago": lambda session: articles.forget_told_before(session, NOW - 90 * DAY, 100),
    "ungrouped": lambda session: articles.ungrouped(session, 50),
    "habit": lambda session: sources.habit(session, 1, NOW - 28 * DAY),
    "pages read": lambda session: sources.pages_read(session, [1], NOW - 2 * DAY),
    "articles of a day": lambda session: digest.article_counts(session, NOW - DAY, NOW),
}


@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)
def test_no_question_looks_at_everything(sqlite_store: Store, ask: Callable[[Session], Any]) -> None:
    asked: list[tuple[str, Any]] = []
    with sqlite_store.begin() as session:
        session.add(
            Source(key="a", outlet_key="a", outlet_name="A", kind="feed", url="a", next_poll_at=NOW + DAY)
        )
    event.listen(
        sqlite_store.engine,
        "before_cursor_execute",
        lambda _connection, _cursor, statement, values, *_: asked.append((statement, values)),
    )
    with sqlite_store.begin() as session:
        # As in a store that has been analysed once: what is known of old rows misleads about new ones.
        session.execute(text("ANALYZE"))
        session.execute(
            text("INSERT INTO sqlite_stat1 VALUES ('link', 'ix_link_source_id', '1000000 5000 1')")
        )
        ask(session)
    with sqlite_store.engine.connect() as connection:
        plans = [
            str(step[-1])
            for statement, values in asked
            if statement.startswith(("SELECT", "UPDATE"))
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)
        ]
    assert plans
    whole = ("SCAN link", "SCAN article", "SCAN finding")
    assert [step for step in plans if step.startswith(whole) and "ix_link_pending" not in step] == []
    assert not any("ix_link_source_id (source_id=?)" in step for step in plans)
