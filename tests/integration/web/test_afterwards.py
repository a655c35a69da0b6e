"""No page waits for what it would write down: a stage may keep the store for seconds."""

import asyncio
import sqlite3
from contextlib import closing
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from starlette.responses import Response

from store.models import Look, Session, User
from tests.integration.web.town import DATABASE, NOW, Town
from web.afterwards import Afterwards
from web.sessions import NOTED

LATER = NOW + NOTED + timedelta(minutes=1)


def browser(town: Town) -> bytes:
    with town.store.read() as session:
        user_id = session.scalar(select(User.id).where(User.name == "tai-khoan-analyst"))
    assert user_id is not None
    return f"dansinh={town.app.state.desk.sessions.open(user_id, 'thử')}".encode()


async def look_at_today(town: Town, cookie: bytes) -> tuple[int, bool]:
    """The status, and whether the page came while another kept the store."""
    came = asyncio.Event()
    status = 0

    async def send(message: Any) -> None:
        nonlocal status
        status = message.get("status", status)
        if message["type"] == "http.response.body" and not message.get("more_body"):
            came.set()

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {
        "type": "http",
        "method": "GET",
        "scheme": "http",
        "server": ("desk", 80),
        "client": ("127.0.0.1", 1),
        "path": "/",
        "raw_path": b"/",
        "root_path": "",
        "query_string": b"",
        "headers": [(b"host", b"desk"), (b"cookie", cookie)],
    }
    with closing(sqlite3.connect(town.settings.data_dir / DATABASE, isolation_level=None)) as stage:
        stage.execute("BEGIN IMMEDIATE")
        visit = asyncio.ensure_future(town.app(scope, receive, send))
        await asyncio.wait_for(came.wait(), 20)
        held = stage.in_transaction and not visit.done()
        stage.execute("ROLLBACK")
    await visit
    return status, held


def test_hom_nay_waits_for_nobody_who_writes(town: Town) -> None:
    cookie = browser(town)
    town.clock.now = LATER
    assert asyncio.run(look_at_today(town, cookie)) == (200, True)
    with town.store.read() as session:
        assert session.scalars(select(Session.seen_at)).all() == [LATER]
        assert session.scalars(select(Look.at)).all() == [LATER]


def test_two_notes_are_both_written_and_one_that_fails_harms_nobody(
    caplog: pytest.LogCaptureFixture,
) -> None:
    written: list[str] = []

    def fails() -> None:
        raise OperationalError("UPDATE", None, sqlite3.OperationalError("database is locked"))

    answer, notes = Response(), Afterwards()
    notes.write(answer, "first", fails)
    notes.write(answer, "second", lambda: written.append("second"))
    assert answer.background is not None
    asyncio.run(answer.background())
    assert written == ["second"]
    assert [one.getMessage() for one in caplog.records] == ["not noted: OperationalError"]


def test_of_one_note_none_is_begun_while_it_is_written() -> None:
    written: list[int] = []
    notes = Afterwards()

    def note() -> None:
        written.append(1)
        again = Response()
        notes.write(again, "same", lambda: written.append(2))
        assert again.background is not None
        asyncio.run(again.background())

    answer = Response()
    notes.write(answer, "same", note)
    assert answer.background is not None
    asyncio.run(answer.background())
    assert written == [1]
    notes.write(answer, "same", lambda: written.append(3))
    asyncio.run(answer.background())
    assert written[-1] == 3
