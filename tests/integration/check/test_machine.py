"""`dansinh check` on secrets, disk and database."""

from pathlib import Path

import pytest
from sqlalchemy import event

from pipeline.checks.machine import (
    check_data_dir,
    check_database,
    check_secrets,
    open_checked,
    shown,
)
from pipeline.checks.problem import Problem
from pipeline.settings import Settings
from store import Store
from tests.office import settings

SECRET = "DANSINH_SMTP_PASSWORD"


@pytest.fixture(autouse=True)
def _no_other_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DANSINH_DATABASE_URL", raising=False)


def office(folder: Path, url: str = "sqlite:///dansinh.db") -> Settings:
    return settings(data_dir=folder, store={"url": url})


@pytest.mark.parametrize("env", [{}, {SECRET: ""}])
def test_a_missing_secret(env: dict[str, str]) -> None:
    (problem,) = check_secrets(settings(mail={"username": "dansinh"}), env)
    assert problem.severity == "error"
    assert f"environment variable {SECRET} is not set" in problem.what
    assert f"set {SECRET}" in problem.remedy


def test_a_secret_that_is_there_or_not_needed() -> None:
    assert not list(check_secrets(settings(mail={"username": "dansinh"}), {SECRET: "x"}))
    assert not list(check_secrets(settings(), {}))


def test_a_data_dir_that_can_be_written(tmp_path: Path) -> None:
    folder = tmp_path / "new" / "var"
    assert not list(check_data_dir(folder, least_free=0))
    assert not list(folder.iterdir())


def test_a_data_dir_that_cannot_be_written(tmp_path: Path) -> None:
    in_the_way = tmp_path / "var"
    in_the_way.write_text("a file, not a folder")
    (problem,) = check_data_dir(in_the_way)
    assert problem.severity == "error"
    assert f"data_dir {in_the_way} cannot be written" in problem.what
    assert "another data_dir in config.yaml" in problem.remedy


def test_a_disk_nearly_full(tmp_path: Path) -> None:
    (problem,) = check_data_dir(tmp_path, least_free=10**18)
    assert problem.severity == "error"
    assert f"MB are free on the disk of data_dir {tmp_path}" in problem.what


def test_a_database_that_can_be_used(store: Store) -> None:
    assert not list(check_database(settings(), store))


def test_it_is_opened_and_migrated(tmp_path: Path) -> None:
    opened = open_checked(office(tmp_path))
    assert isinstance(opened, Store)
    assert not list(check_database(office(tmp_path), opened))
    opened.close()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgresql+psycopg://dansinh:hunter2@127.0.0.1:1/dansinh?connect_timeout=2", "refused"),
        ("sqlite:////dev/null/dansinh.db", "unable to open database file"),
        ("nothing at all", "store.url is no database address"),
        ("oracle://dansinh", "cannot be used"),
    ],
)
def test_a_database_out_of_reach(tmp_path: Path, url: str, said: str) -> None:
    problem = open_checked(office(tmp_path, url))
    assert isinstance(problem, Problem)
    assert problem.severity == "error"
    assert said in problem.what
    assert "hunter2" not in problem.what + problem.remedy
    assert "correct store.url in config.yaml" in problem.remedy


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "dansinh.db").write_bytes(b"no database, but long enough to be looked at" * 40)
    problem = open_checked(office(tmp_path))
    assert isinstance(problem, Problem)
    assert "not a database" in problem.what


def test_a_database_that_cannot_be_written(tmp_path: Path) -> None:
    made = Store("sqlite:///dansinh.db", tmp_path)
    made.migrate()
    made.close()
    # Root may write whatever the file's permissions say, so the connection itself is bound.
    only_read = Store("sqlite:///dansinh.db", tmp_path)
    event.listen(only_read.engine, "connect", lambda raw, _record: raw.execute("PRAGMA query_only = ON"))
    (problem,) = check_database(office(tmp_path), only_read)
    only_read.close()
    assert problem.severity == "error"
    assert "readonly" in problem.what


def test_a_database_of_a_newer_version(tmp_path: Path) -> None:
    made = Store("sqlite:///dansinh.db", tmp_path)
    made.migrate()
    with made.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    made.close()
    problem = open_checked(office(tmp_path))
    assert isinstance(problem, Problem)
    assert "was made by another version of dansinh" in problem.what
    assert "install the newest dansinh" in problem.remedy


def test_a_password_is_never_shown() -> None:
    assert shown("postgresql://dansinh:hunter2@db/dansinh") == "postgresql://dansinh:***@db/dansinh"
