"""One runner at a time. The lock dies with its process, so a killed run never blocks the next."""

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout
from sqlalchemy import text

from store.database import Store


class Busy(Exception):
    """Another runner holds the lock."""


@contextmanager
def only_runner(store: Store) -> Iterator[None]:
    """Holds the office's run lock; raises Busy at once when another process has it.

    SQLite offices run on one machine: a lock file beside the data, which the kernel frees. PostgreSQL
    offices may run on several: an advisory lock, which the server frees with the connection.
    """
    if store.is_sqlite:
        with _file_lock(store):
            yield
    else:
        with _advisory_lock(store):
            yield


@contextmanager
def _file_lock(store: Store) -> Iterator[None]:
    lock = FileLock(store.data_dir / "run.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise Busy(f"another run holds {lock.lock_file}") from error
    try:
        yield
    finally:
        lock.release()


@contextmanager
def _advisory_lock(store: Store) -> Iterator[None]:
    with store.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        taken = connection.scalar(text("SELECT pg_try_advisory_lock(hashtext('dansinh run'))"))
        if not taken:
            raise Busy("another run holds the lock in the database")
        try:
            yield
        finally:
            connection.execute(text("SELECT pg_advisory_unlock(hashtext('dansinh run'))"))
