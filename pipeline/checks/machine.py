"""Secrets, disk and database of the machine the office runs on."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from alembic.util import CommandError
from sqlalchemy import false, make_url, update
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from pipeline.checks.problem import Problem
from pipeline.config import DATABASE_URL, database_url, open_store
from pipeline.secret import MissingSecret, secret
from pipeline.settings import MailAccount, Settings
from store import Store
from store.models import Source

OTHERS_MAY_READ = 0o044
THIS_MACHINE = ("localhost", "127.0.0.1", "::1")
LEAST_FREE_BYTES = 500_000_000
"""A week of articles and letters of one office, with room for the database's write-ahead log."""


def check_secrets(settings: Settings, env: Mapping[str, str]) -> Iterator[Problem]:
    yield from _account("mail", settings.mail, env)
    for number, inbox in enumerate(settings.inboxes):
        yield from _account(f"inboxes[{number}]", inbox, env)


def _account(name: str, account: MailAccount, env: Mapping[str, str]) -> Iterator[Problem]:
    if account.username is None:
        return
    try:
        secret(account.password_env, account.password_file, env)
    except MissingSecret as missing:
        yield Problem(
            "error",
            f"{name}.username is {account.username!r}, but {missing}",
            f"set {account.password_env} in the environment of cron, `dansinh schedule` and `dansinh desk`, "
            f"or name a file of mode 600 as {name}.password_file; never write the password into config.yaml",
        )
    file = account.password_file
    if file is not None and file.is_file() and file.stat().st_mode & OTHERS_MAY_READ:
        yield Problem("warning", f"others on this machine may read {file}", f"chmod 600 {file}")
    if account.security == "none" and account.host not in THIS_MACHINE:
        yield Problem(
            "warning",
            f"{name} signs in at {account.host} without encryption: the password can be read on the way",
            f"write security: starttls or tls under {name} in config.yaml, if the server offers it",
        )


def check_writable(key: str, folder: Path) -> Problem | None:
    """`key`: of config.yaml, that names the folder; it is made where it is missing."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return None
    except OSError as error:
        return Problem(
            "error",
            f"{key} {folder} cannot be written: {error.strerror}",
            f"give the account that runs dansinh the right to write there, or name another {key} "
            "in config.yaml",
        )


def check_data_dir(folder: Path, least_free: int = LEAST_FREE_BYTES) -> Iterator[Problem]:
    if problem := check_writable("data_dir", folder):
        yield problem
        return
    free = shutil.disk_usage(folder).free
    if free < least_free:
        yield Problem(
            "error",
            f"only {free // 1_000_000} MB are free on the disk of data_dir {folder}",
            f"free at least {least_free // 1_000_000} MB, or move data_dir to a larger disk",
        )


def open_checked(settings: Settings) -> Store | Problem:
    """The office's store, or why there is none."""
    try:
        return open_store(settings)
    except CommandError as error:
        return Problem(
            "error",
            f"the database {shown(database_url(settings))} was made by another version of dansinh: {error}",
            "install the newest dansinh; it migrates an older database by itself",
        )
    except (SQLAlchemyError, ImportError, OSError, ValueError) as error:
        return _unreachable(settings, error)


def check_database(settings: Settings, store: Store) -> Iterator[Problem]:
    try:
        with store.begin() as session:
            # Changes no row, but needs the right to change one.
            session.execute(update(Source).where(false()).values(failures=0))
    except SQLAlchemyError as error:
        yield _unreachable(settings, error)


def _unreachable(settings: Settings, error: Exception) -> Problem:
    cause = error.__cause__ or error
    lines = str(cause).strip().splitlines() or [type(cause).__name__]
    return Problem(
        "error",
        f"the database {shown(database_url(settings))} cannot be used: {lines[0]}",
        f"correct store.url in config.yaml or {DATABASE_URL} in the environment; for PostgreSQL, see that "
        "the server runs and that the role owns the database",
    )


def shown(url: str) -> str:
    """The address without its password."""
    try:
        return make_url(url).render_as_string(hide_password=True)
    except ArgumentError:
        return "(store.url is no database address)"
