import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from starlette.testclient import TestClient

from tests.desks import blank as blank
from tests.desks import quick_passwords as quick_passwords
from tests.desks import town as town
from tests.integration.web.town import PASSWORD, Town

Enter = Callable[[str], TestClient]


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
