"""The wire to the mail servers breaks, or falls silent, at each line of the dialogue in turn."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.outbox import queue
from pipeline.settings import Settings
from pipeline.stages import collect, deliver
from store import Store
from store.models import Delivery, ReceivedMail
from tests.faults.cutting import Fault, wire
from tests.imap_server import PASSWORD, USER, Letterbox, letterbox
from tests.integration.pipeline.conftest import Watch, quiet
from tests.office import at, settings
from tests.post import post_office

pytestmark = pytest.mark.faults

MOST_LINES = 400
"""A dialogue that never comes to its end is a failure, not an endless test."""


@pytest.fixture
def clock() -> Watch:
    return Watch()


def office(port: int, **sections: Any) -> Settings:
    mail = {"port": port, "timeout_seconds": 0.3, "after_data_seconds": 0.3, "max_attempts": 3}
    return settings(mail=mail, **sections)


def put_into_outbox(store: Store, clock: Watch, key: str) -> str:
    """A short mail; returns its Message-ID."""
    with store.begin() as session:
        delivery = queue(
            session,
            settings(),
            key=key,
            kind="digest",
            recipient="phong@example.vn",
            subject=f"Bản tin thử {key}",
            text="",
            html="",
            attachments=[],
            at=clock(),
            actor="stage:digest",
        )
        assert delivery is not None
        # Few lines: the wire counts them.
        delivery.message = f"Message-ID: {delivery.message_id}\r\n\r\n.\r\nx\r\n".encode()
        return delivery.message_id


def state(store: Store, message_id: str) -> tuple[str, str | None]:
    with store.read() as session:
        one = session.scalars(select(Delivery).where(Delivery.message_id == message_id)).one()
        return one.state, one.last_error


@pytest.mark.parametrize("fault", ["cut", "silent"])
def test_smtp_at_each_line(sqlite_store: Store, clock: Watch, fault: Fault) -> None:
    """Each message arrives. Twice only where the whole message had passed and its answer had not: nobody
    can tell such a server from one that has not taken it, so the same message goes again."""
    twice = []
    with post_office() as post:
        for after in range(MOST_LINES):
            message_id = put_into_outbox(sqlite_store, clock, f"{after}")
            with wire(post.port, fault, after) as broken:
                deliver.run(sqlite_store, office(broken.port), clock, quiet)
            first_state, first_error = state(sqlite_store, message_id)
            clock._moment += timedelta(minutes=6)
            deliver.run(sqlite_store, office(post.port), clock, quiet)
            copies = [message for _, message in post.taken if message_id.encode() in message]
            assert state(sqlite_store, message_id) == ("sent", None)
            assert len(set(copies)) == 1
            if len(copies) > 1:
                assert first_state == "retry"
                assert "it may have taken it" in (first_error or "")
                twice.append(after)
            if not broken.broken:
                break
    assert after > 12, "the wire broke at each line of a whole dialogue"
    assert 1 <= len(twice) <= 3, "the last dot has passed; its answer, and what follows in it, has not"


@pytest.fixture
def box(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Letterbox]:
    monkeypatch.setenv("DANSINH_IMAP_PASSWORD", PASSWORD)
    with letterbox(tmp_path / "imap") as server:
        yield server


def from_a_machine(answers: str, number: int) -> bytes:
    return (
        f"From: phong@example.vn\nMessage-ID: <{number}@mx.example.vn>\nIn-Reply-To: {answers}\n"
        "Auto-Submitted: auto-replied\n\nx\n"
    ).encode()


@pytest.mark.parametrize("fault", ["cut", "silent"])
def test_imap_at_each_line(sqlite_store: Store, clock: Watch, box: Letterbox, fault: Fault) -> None:
    """Each mail is taken once, wherever the wire broke while it was read."""

    def inbox(port: int) -> dict[str, Any]:
        return {
            "host": "127.0.0.1",
            "port": port,
            "security": "none",
            "username": USER,
            "timeout_seconds": 0.3 if port != box.port else 10,
        }

    message_id = put_into_outbox(sqlite_store, clock, "the only one")
    with sqlite_store.begin() as session:
        session.scalars(select(Delivery)).one().state = "sent"
    # Silence is waited for each time.
    step, put = 1 if fault == "cut" else 4, 0
    for after in range(0, MOST_LINES, step):
        box.empty()
        box.put(from_a_machine(message_id, after), at("2026-11-20 07:10"))
        put += 1
        with wire(box.port, fault, after) as broken:
            collect.run(sqlite_store, office(9, inboxes=[inbox(broken.port)]), clock, quiet)
        collect.run(sqlite_store, office(9, inboxes=[inbox(box.port)]), clock, quiet)
        if not broken.broken:
            break
    with sqlite_store.read() as session:
        kept = Counter(session.scalars(select(ReceivedMail.identity)))
    assert len(kept) == put
    assert set(kept.values()) == {1}
    assert after > 10


def test_a_server_that_is_away_for_a_day(sqlite_store: Store, clock: Watch) -> None:
    """`run` is called every five minutes; with the default limits nothing is given up meanwhile."""
    moment = clock()
    first = put_into_outbox(sqlite_store, clock, "before")
    nobody = settings(mail={"port": 9})
    for five_minutes in range(24 * 12):
        clock._moment = moment + timedelta(minutes=5 * five_minutes)
        if five_minutes == 144:
            second = put_into_outbox(sqlite_store, clock, "meanwhile")
        deliver.run(sqlite_store, nobody, clock, quiet)
    assert {state(sqlite_store, one)[0] for one in (first, second)} == {"retry"}
    with post_office() as post:
        for hours in range(24, 49):
            clock._moment = moment + timedelta(hours=hours)
            deliver.run(sqlite_store, settings(mail={"port": post.port}), clock, quiet)
    assert [state(sqlite_store, one) for one in (first, second)] == [("sent", None)] * 2
    assert len(post.taken) == 2
