"""The store on real SQLite and real PostgreSQL."""

import multiprocessing
from contextlib import closing
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, make_url, select, text
from sqlalchemy.exc import DBAPIError, IntegrityError, StatementError

from store import Store
from store.files import write_whole
from store.history import record
from store.lock import Busy, only_runner
from store.models import Base, Event, IssueArticle, Source
from tests.office import at


def test_migrations_make_the_models_schema(store: Store) -> None:
    # The full text index is each database's own.
    opts = {"include_name": lambda name, *_: not (name or "").startswith(("issue_search", "ix_issue_words"))}
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection, opts=opts), Base.metadata) == []


def test_migrating_twice_changes_nothing(store: Store) -> None:
    store.migrate()


def migrate(url: str, data_dir: Path, start: "multiprocessing.synchronize.Barrier") -> None:
    store = Store(url, data_dir)
    start.wait(60)
    store.migrate()


def test_an_empty_database_bears_several_first_starts_at_once(postgres_uri: str, tmp_path: Path) -> None:
    empty = make_url(postgres_uri).set(database="first_start")
    with psycopg.connect(postgres_uri, autocommit=True) as connection:
        connection.execute("DROP DATABASE IF EXISTS first_start")
        connection.execute("CREATE DATABASE first_start")
    urls = [empty.render_as_string(hide_password=False), "sqlite:///first.db"]
    context = multiprocessing.get_context("spawn")
    for url in urls:
        start = context.Barrier(3)
        starting = [context.Process(target=migrate, args=(url, tmp_path, start)) for _ in range(3)]
        for process in starting:
            process.start()
        for process in starting:
            process.join(60)
        assert [process.exitcode for process in starting] == [0, 0, 0], url


def add_event(store: Store) -> None:
    with store.begin() as session:
        record(
            session,
            at=at("2026-11-20 07:00"),
            actor="stage:test",
            entity="issue",
            entity_id=1,
            action="detected",
        )


@pytest.mark.parametrize("statement", ["UPDATE event SET actor = 'x'", "DELETE FROM event"])
def test_the_database_refuses_to_change_history(store: Store, statement: str) -> None:
    add_event(store)
    with pytest.raises(DBAPIError, match="append-only"), store.begin() as session:
        session.execute(text(statement))
    with store.read() as session:
        assert session.scalars(select(Event.actor)).all() == ["stage:test"]


def test_foreign_keys_hold(store: Store) -> None:
    with pytest.raises(IntegrityError), store.begin() as session:
        session.add(
            IssueArticle(
                issue_id=7, article_id=7, role="report", similarity=1.0, joined_at=at("2026-11-20 07:00")
            )
        )


def test_no_question_of_a_page_takes_the_processors_of_others(postgres_uri: str, tmp_path: Path) -> None:
    with closing(Store(postgres_uri, tmp_path, for_pages=True)) as pages:
        for _ in range(2):
            with pages.read() as session:
                assert session.scalar(text("SHOW max_parallel_workers_per_gather")) == "0"
                assert session.scalar(text("SHOW jit")) == "off"


@pytest.mark.parametrize(("for_pages", "size"), [(True, 2_000_000_000), (False, 0)])
def test_a_file_is_mapped_for_who_reads_all_day(tmp_path: Path, for_pages: bool, size: int) -> None:
    """What another has written is seen all the same."""
    with (
        closing(Store("sqlite:///map.db", tmp_path)) as writer,
        closing(Store("sqlite:///map.db", tmp_path, for_pages=for_pages)) as reader,
    ):
        writer.migrate()
        for number in range(2):
            with reader.read() as session:
                assert session.scalar(text("PRAGMA mmap_size")) == size
                assert session.scalar(select(func.count()).select_from(Source)) == number
            with writer.begin() as session:
                session.add(
                    Source(key=f"{number}", outlet_key="a", outlet_name="A", kind="feed", url="http://a/")
                )


def test_an_error_rolls_the_whole_transaction_back(store: Store) -> None:
    def half_a_change() -> None:
        with store.begin() as session:
            session.add(Source(key="a", outlet_key="a", outlet_name="A", kind="feed", url="http://a/"))
            session.flush()
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError, match="stop"):
        half_a_change()
    with store.read() as session:
        assert session.scalars(select(Source)).all() == []


def test_an_error_tells_no_value_that_was_bound(store: Store) -> None:
    with pytest.raises(DBAPIError) as failed, store.begin() as session:
        session.execute(text("INSERT INTO no_such_table VALUES (:words)"), {"words": "lời của người gửi"})
    assert "no_such_table" in str(failed.value)
    assert "người gửi" not in str(failed.value)


def test_times_come_back_in_utc_whatever_their_zone(store: Store) -> None:
    moment = datetime(2026, 11, 20, 7, 0, tzinfo=timezone(timedelta(hours=7)))
    with store.begin() as session:
        session.add(
            Source(key="a", outlet_key="a", outlet_name="A", kind="feed", url="http://a/", last_ok_at=moment)
        )
    with store.read() as session:
        kept = session.scalars(select(Source.last_ok_at)).one()
    assert kept == moment
    assert kept is not None
    assert kept.tzinfo is UTC


def test_a_time_without_zone_is_refused(store: Store) -> None:
    naive = datetime(2026, 11, 20, 7, 0)  # noqa: DTZ001 - that is the case
    with pytest.raises(StatementError, match="no time zone"), store.begin() as session:
        session.add(
            Source(key="a", outlet_key="a", outlet_name="A", kind="feed", url="http://a/", last_ok_at=naive)
        )


def test_only_one_runner_at_a_time(store: Store) -> None:
    with only_runner(store):
        second = Store(store.url, store.data_dir)
        with pytest.raises(Busy), only_runner(second):
            pytest.fail("two runners at once")
        second.close()
    with only_runner(store):
        pass


def hold_the_lock(url: str, data_dir: Path, ready: "multiprocessing.synchronize.Event") -> None:
    with only_runner(Store(url, data_dir)):
        ready.set()
        multiprocessing.Event().wait()


def test_the_lock_dies_with_its_process(store: Store) -> None:
    context = multiprocessing.get_context("spawn")
    ready = context.Event()
    holder = context.Process(target=hold_the_lock, args=(store.url, store.data_dir, ready))
    holder.start()
    assert ready.wait(30)
    with pytest.raises(Busy), only_runner(store):
        pytest.fail("two runners at once")
    holder.kill()
    holder.join()
    holder.close()
    for _ in range(200):  # PostgreSQL notices a dead client when it next looks
        try:
            with only_runner(store):
                return
        except Busy:
            continue
    pytest.fail("the lock outlived its process")


def test_files_are_whole_or_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_whole(tmp_path / "a" / "letter.docx", b"first")

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OSError, match="No space left"):
        write_whole(tmp_path / "a" / "letter.docx", b"second")
    assert (tmp_path / "a" / "letter.docx").read_bytes() == b"first"
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["letter.docx"]
