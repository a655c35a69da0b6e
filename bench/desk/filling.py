"""Puts an invented town into a store."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

from sqlalchemy import delete, func, insert, select, text
from sqlalchemy.orm import Session

from bench.desk.invented import Row, Town
from bench.table import Progress
from store import Store
from store.models import (
    Article,
    Base,
    ChangedWords,
    Delivery,
    Digest,
    Event,
    Finding,
    Issue,
    IssueArticle,
    Link,
    Referral,
    RegisterEntry,
    Reply,
    Source,
    StageRun,
)

PORTION = 5_000
Thing = TypeVar("Thing")


def fill(store: Store, town: Town, progress: Progress) -> None:
    """`store` is migrated and empty."""
    _put(store, Source, town.sources())
    _put(store, Issue, town.issue_rows())
    progress("storing articles")
    for some in _portions(town.articles_of_issues()):
        with _quietly(store) as session:
            for model, rows in zip(
                (Article, Link, Finding, IssueArticle), zip(*some, strict=True), strict=True
            ):
                _insert(session, model, [row for row in rows if row])
    progress("storing referrals and events")
    _put(store, Referral, town.referrals())
    _put(store, Delivery, town.deliveries())
    _put(store, Reply, town.replies())
    _put(store, Event, town.history())
    _put(store, Digest, town.digests())
    _put(store, RegisterEntry, town.entries())
    _put(store, StageRun, town.runs())
    progress("indexing their words")
    _index(store)
    if not store.is_sqlite:
        _after_bulk(store)


@contextmanager
def _quietly(store: Store) -> Iterator[Session]:
    """A transaction that indexes nothing: an issue whose articles come in ten portions is indexed once."""
    with Session(store.engine) as session, session.begin():
        yield session


def _index(store: Store) -> None:
    with store.begin() as session:
        session.execute(delete(ChangedWords))
        session.execute(insert(ChangedWords).from_select(["issue_id"], select(Issue.id).order_by(Issue.id)))


def _put(store: Store, model: type[Base], rows: Iterable[Row]) -> None:
    for some in _portions(rows):
        with _quietly(store) as session:
            _insert(session, model, some)


def _insert(session: Session, model: type[Base], rows: Sequence[Row]) -> None:
    if rows:
        session.execute(insert(model), rows)


def _portions(rows: Iterable[Thing]) -> Iterator[list[Thing]]:
    remaining = iter(rows)
    while some := list(islice(remaining, PORTION)):
        yield some


def _after_bulk(store: Store) -> None:
    """Numbers go on after those given here, and what autovacuum would find out in time is known at once."""
    with store.begin() as session:
        for table in Base.metadata.sorted_tables:
            if "id" in table.columns and (last := session.scalar(select(func.max(table.c.id)))):
                session.execute(
                    text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :last)"),
                    {"name": f'"{table.name}"', "last": last},
                )
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
