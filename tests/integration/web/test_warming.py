"""What is made ready before the first request."""

import logging

import jinja2
import pytest
from sqlalchemy import event, func, select

from store import Store
from store.models import Look, Session, User
from tests.integration.web.full import fill
from tests.integration.web.town import Town
from web.warming import warm


def rows(store: Store) -> list[int]:
    with store.read() as session:
        return [session.scalar(select(func.count()).select_from(kind)) or 0 for kind in (Look, Session, User)]


@pytest.mark.parametrize("size", [0, 3])
def test_the_first_visit_finds_all_ready(town: Town, caplog: pytest.LogCaptureFixture, size: int) -> None:
    fill(town, size)
    app = town.app
    before = rows(town.store)
    written: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if not statement.startswith(("SELECT", "WITH", "BEGIN", "PRAGMA")):
            written.append(statement)

    event.listen(town.store.engine, "before_cursor_execute", note)
    with caplog.at_level(logging.WARNING):
        warm(app)
    assert [one.getMessage() for one in caplog.records] == []
    assert written == []
    assert rows(town.store) == before
    env = app.state.desk.templates.env
    assert len(env.cache) >= len(env.list_templates(extensions=["html"]))


def test_what_cannot_be_made_ready_keeps_nobody_from_work(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    app = town.app
    app.state.desk.templates.env.filters["moment"] = _fails
    warm(app)
    assert {one.getMessage() for one in caplog.records} == {"a page could not be made ready"}


def _fails(_value: object) -> str:
    raise jinja2.TemplateError("invented")
