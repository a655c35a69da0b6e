"""Who else has an account on the machine reads nothing of a new office."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from store import Store

URL = "sqlite:///dansinh.db"


@pytest.fixture(autouse=True)
def open_handed() -> Iterator[None]:
    """As most machines are set up: what is made may be read by everybody."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


def use(folder: Path) -> None:
    with closing(Store(URL, folder)) as store:
        store.migrate()


def test_a_new_office_is_its_accounts_alone(tmp_path: Path) -> None:
    folder = tmp_path / "office" / "var"
    with closing(Store(URL, folder)) as store:
        store.migrate()
        with store.begin() as session:
            session.connection().exec_driver_sql("UPDATE source SET failures = 0")
            # What is not in the database itself yet is read no less.
            files = {path.name: mode(path) for path in folder.iterdir()}
    assert mode(folder) == 0o700
    assert files == dict.fromkeys(("dansinh.db", "dansinh.db-wal", "dansinh.db-shm"), 0o600)
    # Folders above it are not ours.
    assert mode(folder.parent) == 0o755


def test_a_database_in_a_folder_that_is_open_is_closed_no_less(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    use(tmp_path)
    assert (mode(tmp_path), mode(tmp_path / "dansinh.db")) == (0o755, 0o600)


def test_what_an_office_has_set_itself_stays(tmp_path: Path) -> None:
    folder = tmp_path / "var"
    use(folder)
    folder.chmod(0o750)
    (folder / "dansinh.db").chmod(0o640)
    use(folder)
    assert (mode(folder), mode(folder / "dansinh.db")) == (0o750, 0o640)


def test_nothing_is_made_before_it_is_asked(tmp_path: Path) -> None:
    Store(URL, tmp_path).close()
    assert not list(tmp_path.iterdir())


def test_the_folder_of_an_office_with_postgresql_is_closed_too(tmp_path: Path) -> None:
    Store("postgresql://nobody@localhost/none", tmp_path / "var").close()
    assert mode(tmp_path / "var") == 0o700
