"""Puts an invented town into a store."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

from sqlalchemy import func, insert, select, text
from sqlalchemy.orm import Session

from bench.desk.invented import Row, Town
from bench.table import Progress
from store import Store
from store.models import (
    Article,
    Base,
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
        with store.begin() as session:
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
    if not store.is_sqlite:
        _after_bulk(store)


def _put(store: Store, model: type[Base], rows: Iterable[Row]) -> None:
    for some in _portions(rows):
        with store.begin() as session:
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
