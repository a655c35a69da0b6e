"""One way to the database, SQLite or PostgreSQL."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event, make_url, text
from sqlalchemy.orm import Session, sessionmaker

from store.files import private_file, private_folder
from store.indexing import index_changed
from store.terse import tell_no_values

MIGRATIONS = Path(__file__).parent / "migrations"
MAPPED_BYTES = 2_000_000_000
"""as much as SQLite maps at most; of a larger file the rest is read as before"""


class Store:
    """Where everything is remembered.

    `url` is a SQLAlchemy URL; `data_dir` is where a relative SQLite file and the office's documents lie.
    `for_pages`: for who reads all day, many at once, while others write. A connection to SQLite forgets all
    that it has read whenever another writes; of a mapped file nothing needs to be read again. PostgreSQL
    gives no question the processors that others wait for.
    """

    def __init__(self, url: str, data_dir: Path, *, for_pages: bool = False) -> None:
        self.data_dir = data_dir
        private_folder(data_dir)
        self.url = _absolute(url, data_dir)
        self.engine = _engine(self.url)
        if for_pages:
            event.listen(self.engine, "connect", _map_file if self.is_sqlite else _work_alone)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)
        self._readers = sessionmaker(self.engine.execution_options(reads_only=True), expire_on_commit=False)

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One consistent look; waits for no writer on SQLite. What is changed in it is not kept."""
        with self._readers() as session:
            yield session

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """One transaction: committed at the end of the block, rolled back if it raises."""
        with self._sessions.begin() as session:
            yield session
            index_changed(session)

    def migrate(self) -> None:
        """Brings the schema to the newest version; harmless when it is there.

        Of two processes that start at once one waits for the other.
        """
        # Loaded here: most processes, the crawl's child among them, find the schema there already.
        from alembic import command
        from alembic.config import Config

        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.attributes["engine"] = self.engine
        with self._only_migration():
            command.upgrade(config, "head")

    @contextmanager
    def _only_migration(self) -> Iterator[None]:
        """SQLite needs none: its migration is one transaction that waits for its turn from the start."""
        if self.is_sqlite:
            yield
            return
        with self.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("SELECT pg_advisory_lock(hashtext('dansinh migration'))"))
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(hashtext('dansinh migration'))"))

    def close(self) -> None:
        self.engine.dispose()

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"


def _absolute(url: str, data_dir: Path) -> str:
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        if parsed.drivername == "postgresql":
            parsed = parsed.set(drivername="postgresql+psycopg")
        return parsed.render_as_string(hide_password=False)
    path = (data_dir / parsed.database).resolve()
    return parsed.set(database=str(path)).render_as_string(hide_password=False)


def _engine(url: str) -> Engine:
    # What a statement was given may be words of a mail: they belong in no log.
    engine = create_engine(url, hide_parameters=True)
    event.listen(engine, "handle_error", tell_no_values)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "do_connect", _make_private)
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_immediate)
    return engine


def _make_private(_dialect: Any, _record: Any, arguments: list[Any], _named: Any) -> None:
    """SQLite would make the file as open as the machine makes files; its journals are as open as it is."""
    if arguments[0] != ":memory:":
        # What hinders, SQLite says in its own words.
        with suppress(OSError):
            private_file(Path(arguments[0]))


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # The driver must not begin transactions by itself: _begin_immediate does.
    connection.isolation_level = None
    cursor = connection.cursor()
    # A crawl, the desk and a stage may write at once; each waits for its turn.
    cursor.execute("PRAGMA busy_timeout = 30000")
    _write_ahead(cursor)
    cursor.execute("PRAGMA foreign_keys = ON")
    # FULL, not NORMAL: in WAL mode NORMAL may lose the last commits when the power goes.
    cursor.execute("PRAGMA synchronous = FULL")
    # 16 MB, not 2: a list that is sorted out of thousands of rows reads and sorts them in memory.
    cursor.execute("PRAGMA cache_size = -16000")
    cursor.close()


def _write_ahead(cursor: Any) -> None:
    """An empty file that several begin with at once is turned by one after the other: SQLite would tell the
    second that it is locked, and not wait."""
    (mode,) = cursor.execute("PRAGMA journal_mode").fetchone()
    (_, _, path) = cursor.execute("PRAGMA database_list").fetchone()
    if mode == "wal" or not path:
        return
    folder = os.open(Path(path).parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        cursor.execute("PRAGMA journal_mode = WAL")
    finally:
        os.close(folder)


def _map_file(connection: Any, _record: Any) -> None:
    connection.execute(f"PRAGMA mmap_size = {MAPPED_BYTES}")


def _work_alone(connection: Any, _record: Any) -> None:
    connection.execute("SET max_parallel_workers_per_gather = 0")
    # Compiling a plan takes longer than the questions of a page.
    connection.execute("SET jit = off")
    connection.commit()


def _begin_immediate(connection: Any) -> None:
    # A deferred transaction that turns from reading to writing fails at once with "database is locked",
    # whatever the timeout; one that says from the start that it will write waits.
    reads_only = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads_only else "BEGIN IMMEDIATE")
