"""From a confirmed issue to a letter in the agency's mailbox, through a real SMTP server."""

import email
import email.policy
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from sqlalchemy import select

from pipeline.demo.mailbox import Mailbox
from pipeline.review import Review
from pipeline.settings import Settings
from pipeline.stages import deliver, expire, refer
from pipeline.stages.summary import Summary
from pipeline.states import NotAllowed
from store import Store
from store.models import Delivery, Issue, Referral, Undoable
from tests.integration.pipeline.conftest import WARD, Town, Watch, quiet
from tests.office import OFFICE, at
from tests.office import settings as office_settings

Office = Callable[..., Settings]


def approved(store: Store, settings: Settings, town: Town, clock: Watch) -> int:
    """An issue whose two referrals are approved."""
    issue_id = town.issue()
    review = Review(store, settings, clock)
    review.confirm(issue_id, "analyst:a")
    with store.read() as session:
        ids = session.scalars(
            select(Referral.id).where(Referral.issue_id == issue_id).order_by(Referral.id)
        ).all()
    for referral_id in ids:
        review.approve(referral_id, "lead:b")
    return issue_id


def run(store: Store, settings: Settings, clock: Watch) -> Summary:
    refer.run(store, settings, clock, quiet)
    return deliver.run(store, settings, clock, quiet)


def states(store: Store) -> list[tuple[str, str]]:
    with store.read() as session:
        deliveries = session.scalars(select(Delivery).order_by(Delivery.id)).all()
    return [(delivery.recipient, delivery.state) for delivery in deliveries]


def read(path: Path) -> EmailMessage:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    return message


def test_each_agency_gets_its_letter(
    sqlite_store: Store, town: Town, clock: Watch, office: Office, mailbox: Mailbox
) -> None:
    settings = office()
    issue_id = approved(sqlite_store, settings, town, clock)
    summary = run(sqlite_store, settings, clock)
    assert summary.counts == {"sent": 2}
    first, second = (read(path) for path in mailbox.messages())
    assert [first["To"], second["To"]] == ["so-nnmt@example.vn", f"vp.{WARD}@example.vn"]
    assert first["Subject"] == "Phiếu chuyển số 1/PC-BTG: Bãi rác tự phát bốc mùi"
    body = first.get_body(("plain",))
    assert body is not None
    assert "Bãi rác tự phát bốc mùi" in body.get_content()
    assert [part.get_filename() for part in first.iter_attachments()] == ["phieu-chuyen-2026-0001.docx"]
    with sqlite_store.read() as session:
        issue = session.get_one(Issue, issue_id)
        referrals = [(r.state, r.letter_path) for r in issue.referrals]
    assert issue.state == "referred"
    assert referrals == [
        ("sent", "letters/2026/phieu-chuyen-2026-0001.docx"),
        ("sent", "letters/2026/phieu-chuyen-2026-0002.docx"),
    ]
    letter = Document(str(sqlite_store.data_dir / referrals[0][1]))
    assert any("PHIẾU CHUYỂN" in paragraph.text for paragraph in letter.paragraphs)


def test_running_again_sends_nothing_twice(
    sqlite_store: Store, town: Town, clock: Watch, office: Office, mailbox: Mailbox
) -> None:
    settings = office()
    approved(sqlite_store, settings, town, clock)
    run(sqlite_store, settings, clock)
    assert run(sqlite_store, settings, clock).counts == {}
    assert len(mailbox.messages()) == 2


def test_an_interrupted_sending_goes_again_under_the_same_identity(
    sqlite_store: Store, town: Town, clock: Watch, office: Office, mailbox: Mailbox
) -> None:
    settings = office()
    approved(sqlite_store, settings, town, clock)
    run(sqlite_store, settings, clock)
    with sqlite_store.begin() as session:
        session.scalars(select(Delivery).order_by(Delivery.id)).first().state = "sending"  # type: ignore[union-attr]
    run(sqlite_store, settings, clock)
    first, _, again = (path.read_bytes() for path in mailbox.messages())
    assert again == first


def test_one_refused_recipient_does_not_stop_the_others(
    sqlite_store: Store, town: Town, clock: Watch, office: Office, mailbox: Mailbox
) -> None:
    agencies = [agency | {"email": "nobody@example.vn"} for agency in OFFICE["agencies"]]
    settings = office(agencies=agencies)
    approved(sqlite_store, settings, town, clock)
    summary = run(sqlite_store, settings, clock)
    assert summary.counts == {"quarantined": 1, "failed": 1, "sent": 1, "stuck": 1}
    assert "550" in summary.failures[0].why
    assert states(sqlite_store) == [
        ("nobody@example.vn", "quarantined"),
        (f"vp.{WARD}@example.vn", "sent"),
    ]
    with sqlite_store.read() as session:
        referral = session.scalars(select(Referral).where(Referral.role == "lead")).one()
    assert referral.state == "approved"


def test_a_server_that_is_away_is_tried_later_each_time_and_then_quarantined(
    sqlite_store: Store, town: Town, clock: Watch, office: Office
) -> None:
    settings = office(mail={"port": 9, "max_attempts": 3})  # the discard port: nobody listens
    approved(sqlite_store, settings, town, clock)
    assert run(sqlite_store, settings, clock).counts == {"retry": 2, "failed": 2, "stuck": 2}
    clock.set("2026-11-20 07:04")
    assert run(sqlite_store, settings, clock).counts == {"stuck": 2}
    clock.set("2026-11-20 07:05")
    assert run(sqlite_store, settings, clock).counts["retry"] == 2
    clock.set("2026-11-20 07:14")
    assert run(sqlite_store, settings, clock).counts == {"stuck": 2}
    clock.set("2026-11-20 07:15")
    summary = run(sqlite_store, settings, clock)
    assert summary.counts == {"quarantined": 2, "failed": 2, "stuck": 2}
    assert "127.0.0.1:9 cannot be used" in summary.failures[0].why


def test_a_quarantined_delivery_is_sent_again_by_a_person(
    sqlite_store: Store, town: Town, clock: Watch, office: Office, mailbox: Mailbox
) -> None:
    away = office(mail={"port": 9, "max_attempts": 1})
    approved(sqlite_store, away, town, clock)
    run(sqlite_store, away, clock)
    with sqlite_store.read() as session:
        delivery = session.scalars(select(Delivery).order_by(Delivery.id)).first()
    assert delivery is not None
    Review(sqlite_store, away, clock).send_again(delivery.id, "operator:o")
    assert run(sqlite_store, office(), clock).counts == {"sent": 1, "stuck": 1}
    assert read(mailbox.messages()[0])["Message-ID"] == delivery.message_id


def test_a_missing_password_is_said(
    sqlite_store: Store, town: Town, clock: Watch, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DANSINH_SMTP_PASSWORD", raising=False)
    settings = office(mail={"username": "ban"})
    approved(sqlite_store, settings, town, clock)
    summary = run(sqlite_store, settings, clock)
    assert "DANSINH_SMTP_PASSWORD is not set" in summary.failures[0].why


AUTO = {"auto": [{"topic": "environment", "min_urgency": 3}]}


@pytest.mark.parametrize(
    ("review", "issue", "sent"),
    [
        ({}, {}, 0),  # nothing leaves the office unreviewed
        (AUTO, {}, 2),
        (AUTO, {"urgency": 2}, 0),
        (AUTO, {"topic": "traffic"}, 0),
        (AUTO, {"restricted": True}, 0),  # always waits for a person
        ({"auto": [{"topic": "*", "min_urgency": 0}]}, {"topic": "traffic", "urgency": 1}, 1),
        ({"auto": [{"topic": "*", "min_urgency": 0}]}, {"kind": "commendation"}, 0),
    ],
)
def test_what_goes_out_without_review(
    sqlite_store: Store,
    town: Town,
    clock: Watch,
    office: Office,
    review: dict[str, object],
    issue: dict[str, object],
    sent: int,
) -> None:
    town.issue(**issue)
    summary = run(sqlite_store, office(review=review), clock)
    assert summary.counts.get("sent", 0) == sent


def test_a_gap_in_the_rules_is_tried_again_after_it_is_mended(
    sqlite_store: Store, town: Town, clock: Watch, office: Office
) -> None:
    issue_id = town.issue()
    gap = office(routes=[])
    Review(sqlite_store, gap, clock).confirm(issue_id, "analyst:a")
    assert refer.run(sqlite_store, gap, clock, quiet).counts["without_route"] == 1
    assert refer.run(sqlite_store, office(), clock, quiet).counts["drafted"] == 2


def test_a_draft_that_a_person_withdrew_is_not_drafted_again(
    sqlite_store: Store, town: Town, clock: Watch, office: Office
) -> None:
    settings = office()
    issue_id = town.issue()
    review = Review(sqlite_store, settings, clock)
    review.confirm(issue_id, "analyst:a")
    with sqlite_store.read() as session:
        ids = session.scalars(select(Referral.id)).all()
    for referral_id in ids:
        review.withdraw(referral_id, "lead:b", "đã trao đổi trực tiếp")
    assert refer.run(sqlite_store, settings, clock, quiet).counts == {}


class Dropping:
    """aiosmtpd's handler; hangs up, or says 421, at the first recipient and takes the others."""

    def __init__(self, how: str) -> None:
        self._how = how
        self.taken: list[str] = []

    async def handle_RCPT(  # noqa: N802
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self._how == "421" and address.startswith("so-"):
            return "421 4.3.2 too busy"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        (recipient,) = envelope.rcpt_tos
        if self._how == "hang up" and recipient.startswith("so-"):
            server.transport.close()
            return "451 gone"
        self.taken.append(recipient)
        return "250 OK"


@pytest.mark.parametrize("how", ["hang up", "421"])
def test_a_server_that_hangs_up_on_one_message_gets_the_others(
    sqlite_store: Store, town: Town, clock: Watch, tmp_path: Path, how: str
) -> None:
    handler = Dropping(how)
    mailbox = Mailbox(tmp_path / "mails")
    mailbox._handler = handler  # type: ignore[assignment]
    with mailbox:
        settings = office_settings(mail={"port": mailbox.port})
        approved(sqlite_store, settings, town, clock)
        summary = run(sqlite_store, settings, clock)
    assert handler.taken == [f"vp.{WARD}@example.vn"]
    assert summary.counts == {"retry": 1, "failed": 1, "sent": 1, "stuck": 1}


def test_after_a_mended_address_the_letter_goes_there(
    sqlite_store: Store, town: Town, clock: Watch, office: Office, mailbox: Mailbox
) -> None:
    wrong = office(agencies=[agency | {"email": "nobody@example.vn"} for agency in OFFICE["agencies"]])
    approved(sqlite_store, wrong, town, clock)
    run(sqlite_store, wrong, clock)
    with sqlite_store.read() as session:
        quarantined = session.scalars(select(Delivery.id).where(Delivery.state == "quarantined")).one()
    Review(sqlite_store, office(), clock).send_again(quarantined, "operator:o")
    assert run(sqlite_store, office(), clock).counts == {"sent": 1}
    assert states(sqlite_store) == [
        ("nobody@example.vn", "cancelled"),
        (f"vp.{WARD}@example.vn", "sent"),
        ("so-nnmt@example.vn", "sent"),
    ]


def test_an_agency_gets_its_days_though_the_letter_left_late(
    sqlite_store: Store, town: Town, clock: Watch, office: Office
) -> None:
    away = office(mail={"port": 9})
    issue_id = approved(sqlite_store, away, town, clock)  # urgency 3: three working days
    run(sqlite_store, away, clock)
    clock.set("2026-11-30 08:00")
    run(sqlite_store, office(), clock)
    with sqlite_store.read() as session:
        deadlines = {r.deadline_at for r in session.get_one(Issue, issue_id).referrals}
    assert deadlines == {at("2026-12-03 17:00")}


def test_a_missing_address_is_said_and_forgotten_once_mended(
    sqlite_store: Store, town: Town, clock: Watch, office: Office
) -> None:
    issue_id = approved(sqlite_store, office(), town, clock)

    def problem() -> str | None:
        with sqlite_store.read() as session:
            return session.get_one(Issue, issue_id).routing_problem

    without = office(agencies=[agency | {"email": None} for agency in OFFICE["agencies"]])
    assert run(sqlite_store, without, clock).counts == {"sent": 1}
    assert "Sở Nông nghiệp và Môi trường chưa có địa chỉ nhận của đầu mối." in (problem() or "")
    assert run(sqlite_store, office(), clock).counts == {"sent": 1}
    assert problem() is None


def test_what_was_cancelled_after_it_was_listed_does_not_go(
    sqlite_store: Store, town: Town, clock: Watch, office: Office, mailbox: Mailbox
) -> None:
    settings = office()
    issue_id = approved(sqlite_store, settings, town, clock)
    refer.run(sqlite_store, settings, clock, quiet)
    review = Review(sqlite_store, settings, clock)

    def dismiss_at_the_first(_: str) -> None:
        with sqlite_store.read() as session:
            state = session.get_one(Issue, issue_id).state
        if state != "dismissed":
            with sqlite_store.begin() as session:
                session.get_one(Issue, issue_id).state = "confirmed"
            review.dismiss(issue_id, "analyst:a", "báo đã đính chính")

    deliver.run(sqlite_store, settings, clock, dismiss_at_the_first)
    assert len(mailbox.messages()) == 1
    assert [state for _, state in states(sqlite_store)] == ["sent", "cancelled"]


def test_what_was_withdrawn_after_it_was_listed_gets_no_letter(
    sqlite_store: Store, town: Town, clock: Watch, office: Office, mailbox: Mailbox
) -> None:
    settings = office()
    issue_id = approved(sqlite_store, settings, town, clock)
    with sqlite_store.read() as session:
        second = max(one.id for one in session.get_one(Issue, issue_id).referrals)

    def withdraw_at_the_first(_: str) -> None:
        with sqlite_store.read() as session:
            if session.get_one(Referral, second).state != "approved":
                return
        Review(sqlite_store, settings, clock).withdraw(second, "lead:b", "không gửi nữa")

    refer.run(sqlite_store, settings, clock, withdraw_at_the_first)
    deliver.run(sqlite_store, settings, clock, quiet)
    assert [message["To"] for message in map(read, mailbox.messages())] == ["so-nnmt@example.vn"]
    with sqlite_store.read() as session:
        assert session.get_one(Referral, second).letter_path is None


def test_a_letter_goes_as_it_was_approved_whatever_is_changed_of_its_issue_since(
    sqlite_store: Store, town: Town, clock: Watch, office: Office, mailbox: Mailbox
) -> None:
    settings = office()
    issue_id = approved(sqlite_store, settings, town, clock)
    other = town.issue(title="Đèn đường hỏng ở ngõ 12")
    review = Review(sqlite_store, settings, clock)
    review.set_title(issue_id, "Tiêu đề khác hẳn", "analyst:a")
    review.set_urgency(issue_id, 4, "analyst:a")
    review.merge(other, issue_id, "analyst:a", "gộp")
    run(sqlite_store, settings, clock)
    first = read(mailbox.messages()[0])
    body = first.get_body(("plain",))
    assert body is not None
    assert first["Subject"] == "Phiếu chuyển số 1/PC-BTG: Bãi rác tự phát bốc mùi"
    assert "Tiêu đề khác hẳn" not in body.get_content()
    assert "Đèn đường" not in body.get_content()
    assert "Mức độ: nghiêm trọng, kéo dài" in " ".join(body.get_content().split())


def test_what_letters_quote_is_dropped_in_time(
    sqlite_store: Store, town: Town, clock: Watch, office: Office, mailbox: Mailbox
) -> None:
    settings = office(store={"keep_text_days": 30})
    approved(sqlite_store, settings, town, clock)
    assert "letters_dropped" not in expire.run(sqlite_store, settings, clock, quiet).counts
    clock.set("2026-12-21 07:00")
    assert expire.run(sqlite_store, settings, clock, quiet).counts["letters_dropped"] == 2
    with sqlite_store.read() as session:
        assert set(session.scalars(select(Referral.letter))) == {None}
    assert run(sqlite_store, settings, clock).counts == {"sent": 2}


def test_a_number_of_last_year_is_not_lost_when_its_approval_was_undone(
    sqlite_store: Store, town: Town, clock: Watch, office: Office
) -> None:
    settings = office(review={"undo_minutes": 20, "two_person": False})
    clock.set("2026-12-31 23:50")
    issue_id = approved(sqlite_store, settings, town, clock)
    review = Review(sqlite_store, settings, clock)
    with sqlite_store.read() as session:
        undone = session.scalars(select(Undoable).where(Undoable.action == "approve")).first()
        assert undone is not None
    assert undone.referral_id is not None
    review.undo(undone.id, "lead:b")
    clock.set("2027-01-04 09:00")
    with pytest.raises(NotAllowed, match=r"mang số \d của năm 2026"):
        review.approve(undone.referral_id, "lead:b")
    with sqlite_store.read() as session:
        numbers = sorted((r.number_year, r.number) for r in session.get_one(Issue, issue_id).referrals)
    assert numbers == [(2026, 1), (2026, 2)]


def test_the_days_that_a_letter_names_are_those_that_are_kept(
    sqlite_store: Store, town: Town, clock: Watch, office: Office, mailbox: Mailbox
) -> None:
    issue_id = approved(sqlite_store, office(), town, clock)  # urgency 3: three working days
    Review(sqlite_store, office(), clock).set_urgency(issue_id, 2, "analyst:a")
    run(sqlite_store, office(), clock)
    with sqlite_store.read() as session:
        issue = session.get_one(Issue, issue_id)
        assert issue.urgency == 2
        assert {referral.deadline_at for referral in issue.referrals} == {at("2026-11-26 17:00")}
