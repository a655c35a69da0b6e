import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from starlette.testclient import TestClient

from tests.integration.web.town import DATABASE, PASSWORD, Town, open_town
from web import passwords

Enter = Callable[[str], TestClient]


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


@pytest.fixture
def visitor(town: Town) -> Iterator[TestClient]:
    """A browser that has not signed in."""
    with TestClient(town.app, raise_server_exceptions=False) as client:
        yield client


@pytest.fixture
def enter(town: Town) -> Iterator[Enter]:
    """Signs in as a role and returns the browser; all browsers share one application."""
    app = town.app
    with ExitStack() as stack:

        def sign_in(role: str) -> TestClient:
            client = stack.enter_context(TestClient(app, raise_server_exceptions=False))
            answer = client.post(
                "/dang-nhap",
                data={"csrf": token(client, "/dang-nhap"), "name": f"tai-khoan-{role}", "password": PASSWORD},
            )
            assert answer.status_code == 200, answer.text
            return client

        yield sign_in


def token(client: TestClient, page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', client.get(page).text)
    assert found
    return found[1]
