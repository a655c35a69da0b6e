"""A small invented town's desk for each test, over a copy of one database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from tests.integration.web.town import DATABASE, Town, open_town
from web import passwords


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """Argon2id with the least work; test_accounts.py looks at the real one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        yield


@pytest.fixture(scope="session")
def blank(quick_passwords: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with the schema and an account for each role, made once."""
    folder = tmp_path_factory.mktemp("blank")
    with open_town(folder):
        pass
    return folder / DATABASE


@pytest.fixture
def town(tmp_path: Path, blank: Path) -> Iterator[Town]:
    with open_town(tmp_path, blank) as opened:
        yield opened
