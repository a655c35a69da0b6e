"""Deliveries over real SMTP servers: with TLS and a password, and with every kind of refusal."""

import email
import email.policy
import socketserver
import threading
from pathlib import Path
from typing import Any, ClassVar

import pytest
from sqlalchemy import select

from pipeline.review import Review
from pipeline.settings import Settings
from pipeline.stages import deliver, refer
from pipeline.stages.summary import Summary
from store import Store
from store.models import Delivery, Event, Referral
from tests.integration.pipeline.conftest import WARD, Town, Watch, quiet
from tests.office import OFFICE, at, settings
from tests.post import CA, PASSWORD, USER, Post, post_office

LEAD, COMMUNE = "so-nnmt@example.vn", f"vp.{WARD}@example.vn"


@pytest.fixture
def outbox(sqlite_store: Store, town: Town, clock: Watch) -> Store:
    """A store in which letters to two agencies wait to be sent."""
    issue_id = town.issue()
    office = settings()
    review = Review(sqlite_store, office, clock)
    review.confirm(issue_id, "analyst:a")
    with sqlite_store.read() as session:
        ids = session.scalars(select(Referral.id)).all()
    for referral_id in ids:
        review.approve(referral_id, "lead:b")
    refer.run(sqlite_store, office, clock, quiet)
    return sqlite_store


def office_of(post: Post, **mail: Any) -> Settings:
    return settings(mail={"port": post.port} | mail)


def send(store: Store, office: Settings, clock: Watch) -> Summary:
    return deliver.run(store, office, clock, quiet)


def states(store: Store) -> dict[str, str]:
    with store.read() as session:
        return {one.recipient: one.state for one in session.scalars(select(Delivery).order_by(Delivery.id))}


def delivery_to(store: Store, recipient: str) -> Delivery:
    with store.read() as session:
        return session.scalars(select(Delivery).where(Delivery.recipient == recipient)).one()


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_over_tls_with_a_password_from_a_file(
    outbox: Store, clock: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    CA.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    (tmp_path / "secret").write_text(f"{PASSWORD}\n", encoding="utf-8")
    with post_office(security=security) as post:
        office = office_of(post, security=security, username=USER, password_file=tmp_path / "secret")
        assert send(outbox, office, clock).counts == {"sent": 2}
    assert [recipient for recipient, _ in post.taken] == [LEAD, COMMUNE]
    assert post.connections == 1, "one connection for all mails"


def test_a_certificate_nobody_vouches_for_gets_neither_password_nor_letter(
    outbox: Store, clock: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.setenv("DANSINH_SMTP_PASSWORD", PASSWORD)
    with post_office(security="tls") as post:
        summary = send(outbox, office_of(post, security="tls", username=USER), clock)
    assert summary.counts == {"retry": 2, "failed": 2, "stuck": 2}
    assert "CERTIFICATE_VERIFY_FAILED" in summary.failures[0].why
    assert post.taken == []


def test_a_connection_is_left_after_as_many_messages_as_the_server_bears(outbox: Store, clock: Watch) -> None:
    with post_office() as post:
        assert send(outbox, office_of(post, messages_per_connection=1), clock).counts == {"sent": 2}
    assert post.connections == 2


def refusing(command: str, answer: str) -> Any:
    """The lead's letter is refused at that command; MAIL FROM knows no recipient, so its first is."""
    told = []

    def tell(said: str, recipient: str) -> str | None:
        if said != command or told or recipient not in ("", LEAD):
            return None
        told.append(answer)
        return answer

    return tell


@pytest.mark.parametrize(
    ("command", "answer", "state"),
    [
        ("MAIL", "451 4.3.0 later", "retry"),
        ("MAIL", "550 5.7.1 this account may not send", "retry"),  # the office's account, not the letter
        ("MAIL", "552 5.3.4 too large", "quarantined"),
        ("RCPT", "450 4.2.1 later", "retry"),
        ("RCPT", "550 5.1.1 unknown", "quarantined"),
        ("DATA", "451 4.3.0 later", "retry"),
        ("DATA", "554 5.6.0 refused as it stands", "quarantined"),
        ("DATA", "421 4.3.2 closing", "retry"),
    ],
)
def test_what_a_servers_refusal_means_and_the_next_letter_goes_all_the_same(
    outbox: Store, clock: Watch, command: str, answer: str, state: str
) -> None:
    with post_office(refusing(command, answer)) as post:
        send(outbox, office_of(post), clock)
    assert states(outbox) == {LEAD: state, COMMUNE: "sent"}
    assert answer[:3] in (delivery_to(outbox, LEAD).last_error or "")


def test_after_a_lost_answer_the_same_message_goes_again(outbox: Store, clock: Watch) -> None:
    """Twice with one Message-ID rather than perhaps never: SMTP leaves no third way."""
    with post_office(refusing("DATA", "hang up")) as post:
        send(outbox, office_of(post), clock)
        assert "it may have taken it" in (delivery_to(outbox, LEAD).last_error or "")
        clock.set("2026-11-20 07:05")
        assert send(outbox, office_of(post), clock).counts == {"sent": 1}
    first, again = [message for recipient, message in post.taken if recipient == LEAD]
    assert first == again


def test_a_try_that_is_always_cut_short_ends_too(outbox: Store, clock: Watch) -> None:
    with post_office() as post:
        for _ in range(4):
            with outbox.begin() as session:
                delivery = session.scalars(select(Delivery).where(Delivery.recipient == LEAD)).one()
                delivery.state, delivery.sent_at = "sending", None
            send(outbox, office_of(post, max_attempts=3), clock)
    assert delivery_to(outbox, LEAD).state == "quarantined"
    assert len([recipient for recipient, _ in post.taken if recipient == LEAD]) == 3


def test_a_clock_that_ran_ahead_does_not_hold_up_a_retry(outbox: Store, clock: Watch) -> None:
    clock.set("2027-11-20 07:00")
    send(outbox, settings(mail={"port": 9}), clock)
    clock.set("2026-11-20 07:10")
    with post_office() as post:
        assert send(outbox, office_of(post), clock).counts == {"sent": 2}


def bounced(store: Store, clock: Watch, recipient: str) -> int:
    """The delivery was taken and came back."""
    from pipeline.states import change

    with store.begin() as session:
        delivery = session.scalars(select(Delivery).where(Delivery.recipient == recipient)).one()
        change(session, delivery, "failed", at=clock(), actor="stage:collect", why="5.1.1")
        return delivery.id


def test_what_came_back_goes_again_under_its_identity_and_the_agency_has_its_days(
    outbox: Store, clock: Watch
) -> None:
    with post_office() as post:
        office = office_of(post)
        send(outbox, office, clock)
        delivery_id = bounced(outbox, clock, LEAD)
        clock.set("2026-11-25 08:00")
        Review(outbox, office, clock).send_again(delivery_id, "operator:o")
        assert send(outbox, office, clock).counts == {"sent": 1}
    first, again = [message for recipient, message in post.taken if recipient == LEAD]
    assert first == again
    with outbox.read() as session:
        referral = session.scalars(select(Referral).where(Referral.role == "lead")).one()
        event = session.scalars(select(Event).where(Event.action == "sent_again")).one()
    assert referral.deadline_at == at("2026-11-30 17:00")  # three working days from the 25th; 24/11 passed
    assert event.entity_id == referral.id


def test_what_came_back_from_a_wrong_address_is_written_anew_to_the_mended_one(
    outbox: Store, clock: Watch
) -> None:
    agencies = [agency | {"email": "vanthu@example.vn"} for agency in OFFICE["agencies"]]
    with post_office() as post:
        send(outbox, office_of(post), clock)
        delivery_id = bounced(outbox, clock, LEAD)
        mended = settings(agencies=agencies, mail={"port": post.port})
        Review(outbox, mended, clock).send_again(delivery_id, "operator:o")
        refer.run(outbox, mended, clock, quiet)
        assert send(outbox, mended, clock).counts == {"sent": 1}
    assert states(outbox) == {LEAD: "cancelled", COMMUNE: "sent", "vanthu@example.vn": "sent"}
    numbers = {
        str(email.message_from_bytes(message, policy=email.policy.default)["Subject"])
        for recipient, message in post.taken
        if recipient != COMMUNE
    }
    assert len(numbers) == 1, "the same letter, with its number"


class WithReports(socketserver.StreamRequestHandler):
    """A server that offers RFC 3461's reports; tells what it was asked."""

    said: ClassVar[list[str]] = []

    def handle(self) -> None:
        self.wfile.write(b"220 ready\r\n")
        for line in self.rfile:
            command = line.decode().strip()
            self.said.append(command)
            if command.upper().startswith("EHLO"):
                self.wfile.write(b"250-here\r\n250-SIZE 30000000\r\n250 DSN\r\n")
            elif command == "DATA":
                self.wfile.write(b"354 go on\r\n")
                while self.rfile.readline() != b".\r\n":
                    pass
                self.wfile.write(b"250 taken\r\n")
            else:
                self.wfile.write(b"250 yes\r\n")


def test_where_the_server_offers_it_a_bounce_will_name_our_message(outbox: Store, clock: Watch) -> None:
    WithReports.said.clear()
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), WithReports) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        assert send(outbox, settings(mail={"port": server.server_address[1]}), clock).counts == {"sent": 2}
        server.shutdown()
        thread.join()
    delivery = delivery_to(outbox, LEAD)
    envelope = delivery.message_id.strip("<>")
    size = len(delivery.message)
    assert f"mail FROM:<ban@example.vn> SIZE={size} RET=HDRS ENVID={envelope}" in WithReports.said
    assert f"rcpt TO:<{LEAD}> NOTIFY=FAILURE,DELAY ORCPT=rfc822;{LEAD}" in WithReports.said
