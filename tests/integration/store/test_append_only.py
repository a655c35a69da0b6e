"""No statement changes or empties the history, on either database."""

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from store import Store
from store.history import record
from store.models import Event
from tests.office import at

ROW = (
    "INTO event (id, at, actor, entity, entity_id, action, before, after) "
    "VALUES (1, '2026-11-20 00:00:00', 'x', 'issue', 1, 'x', '{}', '{}')"
)


def add(store: Store) -> None:
    with store.begin() as session:
        moment = at("2026-11-20 07:00")
        record(session, at=moment, actor="stage:test", entity="issue", entity_id=1, action="detected")


def refuses(store: Store, statement: str) -> None:
    add(store)
    with pytest.raises(DBAPIError, match="append-only"), store.begin() as session:
        session.execute(text(statement))
    add(store)
    with store.read() as session:
        assert session.scalars(select(Event.actor)).all() == ["stage:test"] * 2


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT OR REPLACE " + ROW,
        "REPLACE " + ROW,
        "INSERT " + ROW + " ON CONFLICT (id) DO UPDATE SET actor = 'x'",
        "UPDATE OR REPLACE event SET id = 2",
    ],
    ids=["insert-or-replace", "replace", "upsert", "update-or-replace"],
)
def test_on_sqlite(sqlite_store: Store, statement: str) -> None:
    refuses(sqlite_store, statement)


@pytest.mark.parametrize(
    "statement",
    [
        "TRUNCATE event CASCADE",
        "INSERT " + ROW + " ON CONFLICT (id) DO UPDATE SET actor = 'x'",
    ],
    ids=["truncate", "upsert"],
)
def test_on_postgresql(postgres_store: Store, statement: str) -> None:
    refuses(postgres_store, statement)
