"""What comes back by mail, from a real IMAP server: bounces, replies, answering machines."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from pipeline.checks.mail import check_inboxes
from pipeline.checks.work import check_work
from pipeline.documents.digest import collect as digest_content
from pipeline.documents.digest import digest_text
from pipeline.inbox import taking
from pipeline.review import Review
from pipeline.settings import Settings
from pipeline.stages import collect, deliver, refer
from pipeline.stages.summary import Summary
from store import Store
from store.models import Delivery, Event, Mailbox, ProposedReply, ReceivedMail, Referral
from tests.imap_server import PASSWORD, USER, Letterbox, letterbox
from tests.integration.pipeline.conftest import WARD, Town, Watch, quiet
from tests.mails import bounce, old_bounce, reply
from tests.office import at, settings
from tests.post import CA, post_office

LEAD, COMMUNE = "so-nnmt@example.vn", f"vp.{WARD}@example.vn"
PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Letterbox]:
    with letterbox(tmp_path_factory.mktemp("imap") / "mails") as box:
        yield box


@pytest.fixture
def box(server: Letterbox, monkeypatch: pytest.MonkeyPatch) -> Letterbox:
    monkeypatch.setenv("DANSINH_IMAP_PASSWORD", PASSWORD)
    server.empty()
    return server


def office_of(box: Letterbox, **inbox: Any) -> Settings:
    account = {"host": "127.0.0.1", "port": box.port, "security": "none", "username": USER} | inbox
    return settings(inboxes=[account])


def collected(store: Store, office: Settings, clock: Watch) -> Summary:
    return collect.run(store, office, clock, quiet)


@pytest.fixture
def sent(sqlite_store: Store, town: Town, clock: Watch) -> Store:
    """Letters 1 and 2 of an issue have gone out, at 07:00."""
    letters(sqlite_store, town, clock)
    return sqlite_store


def letters(store: Store, town: Town, clock: Watch, **issue: Any) -> None:
    issue_id = town.issue(**issue)
    office = settings()
    review = Review(store, office, clock)
    review.confirm(issue_id, "analyst:a")
    with store.read() as session:
        theirs = select(Referral.id).where(Referral.issue_id == issue_id).order_by(Referral.id)
        ids = session.scalars(theirs).all()
    for referral_id in ids:
        review.approve(referral_id, "lead:b")
    with post_office() as post:
        office = settings(mail={"port": post.port})
        refer.run(store, office, clock, quiet)
        deliver.run(store, office, clock, quiet)
        assert len(post.taken) == len(ids)


def delivery(store: Store, recipient: str = LEAD) -> Delivery:
    with store.read() as session:
        return session.scalars(select(Delivery).where(Delivery.recipient == recipient)).first()  # type: ignore[return-value]


def proposals(store: Store) -> list[ProposedReply]:
    with store.read() as session:
        found = list(session.scalars(select(ProposedReply).order_by(ProposedReply.id)))
        for one in found:
            _ = one.referral.number, one.attachments
        return found


def test_an_answer_to_the_letter_is_proposed_and_changes_nothing(
    sent: Store, clock: Watch, box: Letterbox
) -> None:
    text = (
        "Số: 1234/SNNMT-VP\nBà Trần Thị Lan, điện thoại 0912 345 678, sẽ phối hợp.\n\n> Kính gửi quý cơ quan"
    )
    box.put(reply(delivery(sent).message_id, text=text, attachment=PDF), at("2026-11-20 08:30"))
    clock.set("2026-11-20 09:00")
    assert collected(sent, office_of(box), clock).counts == {"reply": 1}
    (proposed,) = proposals(sent)
    assert proposed.referral.agency_name == "Sở Nông nghiệp và Môi trường"
    assert proposed.referral.state == "sent", "an analyst decides"
    assert proposed.received_at == at("2026-11-20 08:30")
    assert proposed.document_number == "1234/SNNMT-VP"
    assert "Lan" not in proposed.text
    assert "345" not in proposed.text
    assert "Kính gửi" not in proposed.text, "what it quotes is not its own"
    assert (
        proposed.origin
        == "Thư trả lời thẳng thư gửi phiếu số 1/PC-BTG ngày 20/11/2026, từ địa chỉ đã nhận phiếu."
    )
    assert [file.kind for file in proposed.attachments] == ["pdf"]


@pytest.mark.parametrize(
    ("mail", "number"),
    [
        ({"subject": "V/v trả lời Phiếu chuyển số 2/PC-BTG"}, 2),
        ({"text": "Trả lời văn bản số: 0002 / pc–btg của quý Ban."}, 2),
        ({"text": "Đã nhận.\n\n-----Original Message-----\nPhiếu chuyển số 2/PC-BTG"}, 2),
        ({"answers": "<khong-ro@nơi-khác>", "text": "Về số 2/PC-BTG"}, 2),
        ({"sender": LEAD, "text": "Đã dọn xong."}, 1),  # its only letter
    ],
)
def test_by_its_number_where_the_identity_is_lost(
    sent: Store, clock: Watch, box: Letterbox, mail: dict[str, Any], number: int
) -> None:
    box.put(reply(**{"sender": "nguoi-khac@example.vn"} | mail), at("2026-11-20 08:30"))
    clock.set("2026-11-20 09:00")
    collected(sent, office_of(box), clock)
    (proposed,) = proposals(sent)
    assert proposed.referral.number == number


def test_a_mail_that_has_nothing_to_do_with_us_leaves_no_trace(
    sent: Store, clock: Watch, box: Letterbox
) -> None:
    box.put(reply(sender="cu-dan@example.vn", subject="Đơn kiến nghị của tôi"), at("2026-11-20 08:30"))
    with post_office():
        own = delivery(sent).message
    box.put(own, at("2026-11-20 08:31"))  # a copy of our own letter, which names its number
    assert collected(sent, office_of(box), clock).counts == {}
    with sent.read() as session:
        assert session.scalars(select(ReceivedMail)).all() == []
    assert proposals(sent) == []


def test_an_agency_with_two_letters_whose_mail_names_none_is_told_of(
    sent: Store, town: Town, clock: Watch, box: Letterbox
) -> None:
    letters(sent, town, clock, title="Bãi rác thứ hai")
    box.put(reply(subject="Trả lời ông Nguyễn Văn Hùng"), at("2026-11-20 08:30"))
    assert collected(sent, office_of(box), clock).counts == {"unmatched": 1}
    with sent.read() as session:
        mail = session.scalars(select(ReceivedMail)).one()
    assert (mail.agency_name, mail.seen_at) == ("Sở Nông nghiệp và Môi trường", None)
    assert mail.subject is not None
    assert "Hùng" not in mail.subject
    assert proposals(sent) == []


@pytest.mark.parametrize("original", ["headers", "message", "none"])
def test_a_bounce_makes_the_delivery_failed(sent: Store, clock: Watch, box: Letterbox, original: str) -> None:
    box.put(bounce(delivery(sent).message_id, original=original), at("2026-11-20 08:30"))
    assert collected(sent, office_of(box), clock).counts == {"bounce": 1}
    came_back = delivery(sent)
    assert came_back.state == "failed"
    assert came_back.last_error is not None
    assert came_back.last_error.startswith("5.1.1 smtp; 550 5.1.1 user unknown")
    assert "gmail" not in came_back.last_error, "whose mailbox it was is nobody's business"
    assert delivery(sent, COMMUNE).state == "sent"
    with sent.read() as session:
        (event,) = session.scalars(select(Event).where(Event.action == "failed"))
    assert (event.entity, event.before["state"], event.actor) == ("delivery", "sent", "stage:collect")


def test_what_came_back_stands_in_the_digest_and_in_check(sent: Store, clock: Watch, box: Letterbox) -> None:
    box.put(bounce(delivery(sent).message_id), at("2026-11-20 08:30"))
    office = office_of(box)
    collected(sent, office, clock)
    with sent.read() as session:
        content = digest_content(session, office, clock(), clock().date())
        told = [one.what for one in check_work(session, office, clock())]
    assert [(one.recipient, one.state_in_words) for one in content.stuck] == [(LEAD, "bị trả lại, cần xử lý")]
    assert any(f"to {LEAD} came back: 5.1.1" in what for what in told)


def test_an_older_systems_bounce(sent: Store, clock: Watch, box: Letterbox) -> None:
    box.put(old_bounce(delivery(sent).message_id), at("2026-11-20 08:30"))
    assert collected(sent, office_of(box), clock).counts == {"bounce": 1}
    assert delivery(sent).state == "failed"


@pytest.mark.parametrize(("action", "kept"), [("delayed", {"delay": 1}), ("delivered", {}), ("relayed", {})])
def test_what_is_only_late_or_has_arrived_is_not_failed(
    sent: Store, clock: Watch, box: Letterbox, action: str, kept: dict[str, int]
) -> None:
    box.put(bounce(delivery(sent).message_id, action=action, status="4.4.1"), at("2026-11-20 08:30"))
    assert collected(sent, office_of(box), clock).counts == kept
    assert delivery(sent).state == "sent"


@pytest.mark.parametrize(
    "machine",
    [
        {"Auto_Submitted": "auto-replied (vacation)"},
        {"X_Autoreply": "yes"},
        {"subject": "Trả lời tự động: Phiếu chuyển số 1/PC-BTG"},
        {"subject": "Automatic reply: Phiếu chuyển", "Auto_Submitted": "auto-generated"},
    ],
    ids=["rfc3834", "x-autoreply", "vietnamese", "exchange"],
)
def test_an_answering_machine_gives_no_reply(
    sent: Store, clock: Watch, box: Letterbox, machine: dict[str, str]
) -> None:
    box.put(reply(delivery(sent).message_id, text="Tôi nghỉ phép.", **machine), at("2026-11-20 08:30"))
    assert collected(sent, office_of(box), clock).counts == {"automatic": 1}
    assert proposals(sent) == []
    assert delivery(sent).state == "sent"


def test_a_program_that_sends_real_answers_is_heard(sent: Store, clock: Watch, box: Letterbox) -> None:
    mail = reply(delivery(sent).message_id, Auto_Submitted="auto-generated")
    box.put(mail, at("2026-11-20 08:30"))
    assert collected(sent, office_of(box), clock).counts == {"reply": 1}


def test_each_mail_is_taken_once_also_when_the_server_numbers_them_anew(
    sent: Store, clock: Watch, box: Letterbox
) -> None:
    office = office_of(box)
    box.put(reply(delivery(sent).message_id), at("2026-11-20 08:30"))
    assert collected(sent, office, clock).counts == {"reply": 1}
    assert collected(sent, office, clock).counts == {}
    box.number_anew()
    again = reply(delivery(sent).message_id, text="Thêm: đã dọn.", message_id="<tra-loi-1@so.example.vn>")
    box.put(again, at("2026-11-20 08:40"))
    assert collected(sent, office, clock).counts == {"reply": 1}, "another text under the same Message-ID"
    assert len(proposals(sent)) == 2


@pytest.mark.parametrize("limit", [{}, {"max_message_bytes": 100}], ids=["whole", "header only"])
def test_two_answers_of_a_scanner_that_gives_no_message_id(
    sent: Store, clock: Watch, box: Letterbox, limit: dict[str, int]
) -> None:
    for number in (1, 2):
        mail = reply(subject=f"Trả lời số {number}/PC-BTG", text="Đã xử lý xong.", message_id="")
        box.put(mail.replace(b"Message-ID: \r\n", b""), at("2026-11-20 08:30"))
    assert collected(sent, office_of(box, **limit), clock).counts == {"reply": 2}
    assert [one.referral.number for one in proposals(sent)] == [1, 2]


class Killed(BaseException):
    """As SIGKILL: no `except Exception` sees it."""


@pytest.mark.parametrize("place", ["propose_reply", "match", "mask_text"])
def test_a_kill_while_a_mail_is_taken_loses_nothing_and_takes_nothing_twice(
    sent: Store, clock: Watch, box: Letterbox, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    for number in range(2):
        mail = reply(
            delivery(sent).message_id, message_id=f"<{number}@so.example.vn>", text=f"Số: {number}1/SX"
        )
        box.put(mail, at("2026-11-20 08:30"))
    real, calls = getattr(taking, place), []

    def dies_at_the_second(*arguments: Any, **named: Any) -> Any:
        calls.append(1)
        result = real(*arguments, **named)
        if len(calls) == 2:
            raise Killed
        return result

    monkeypatch.setattr(taking, place, dies_at_the_second)
    with pytest.raises(Killed):
        collected(sent, office_of(box), clock)
    assert collected(sent, office_of(box), clock).counts == {"reply": 1}
    assert sorted(one.document_number or "" for one in proposals(sent)) == ["01/SX", "11/SX"]


def test_a_second_bounce_after_sending_again_counts_and_the_first_does_not_count_twice(
    sent: Store, clock: Watch, box: Letterbox
) -> None:
    office, message_id = office_of(box), delivery(sent).message_id
    box.put(bounce(message_id), at("2026-11-20 08:30"))
    collected(sent, office, clock)
    Review(sent, settings(), clock).send_again(delivery(sent).id, "operator:o")
    with post_office() as post:
        deliver.run(sent, settings(mail={"port": post.port}), clock, quiet)
    box.number_anew()
    collected(sent, office, clock)
    assert delivery(sent).state == "sent"
    box.put(bounce(message_id, message_id="<dsn-2@mx.example.vn>"), at("2026-11-20 08:50"))
    collected(sent, office, clock)
    assert delivery(sent).state == "failed"


def test_one_unreadable_mail_does_not_hold_up_the_next(
    sent: Store, clock: Watch, box: Letterbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = collect.read

    def fails_for_one(content: bytes, left_out_bytes: int) -> Any:
        if b"vo nghia" in content:
            raise RuntimeError("cannot be parsed")
        return real(content, left_out_bytes)

    monkeypatch.setattr(collect, "read", fails_for_one)
    box.put(b"Subject: vo nghia\r\n\r\n", at("2026-11-20 08:30"))
    box.put(reply(delivery(sent).message_id), at("2026-11-20 08:31"))
    assert collected(sent, office_of(box), clock).counts == {"unreadable": 1, "reply": 1}


def test_one_mail_that_cannot_be_taken_does_not_hold_up_the_next(
    sent: Store, clock: Watch, box: Letterbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = taking.propose_reply

    def fails_for_one(*arguments: Any, **named: Any) -> Any:
        if "vô nghĩa" in named["text"]:
            raise RuntimeError("cannot be taken")
        return real(*arguments, **named)

    monkeypatch.setattr(taking, "propose_reply", fails_for_one)
    answered = delivery(sent).message_id
    box.put(reply(answered, text="vô nghĩa", message_id="<1@so.example.vn>"), at("2026-11-20 08:30"))
    box.put(reply(answered), at("2026-11-20 08:31"))
    assert collected(sent, office_of(box), clock).counts == {"unreadable": 1, "reply": 1}
    assert collected(sent, office_of(box), clock).counts == {}
    assert len(proposals(sent)) == 1


def test_a_database_that_is_away_is_no_fault_of_the_mail(
    sent: Store, clock: Watch, box: Letterbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any, **__: Any) -> Any:
        raise OperationalError("SELECT", {}, Exception("server closed the connection"))

    box.put(reply(delivery(sent).message_id), at("2026-11-20 08:30"))
    with monkeypatch.context() as broken:
        broken.setattr(taking, "propose_reply", away)
        with pytest.raises(OperationalError):
            collected(sent, office_of(box), clock)
    assert collected(sent, office_of(box), clock).counts == {"reply": 1}


def test_characters_that_a_database_refuses_hold_up_nothing(
    postgres_store: Store, clock: Watch, box: Letterbox
) -> None:
    letters(postgres_store, Town(postgres_store), clock)
    head = b"From: x\0 <la\0@example.org>\r\nSubject: x\0\r\n"
    for uid, name in enumerate((b"In-Reply-To", b"References", b"Message-ID")):
        box.put(head + name + b": <%d\0@b>\r\n\r\nx\0\r\n" % uid, at("2026-11-20 08:30"))
    box.put(bounce("<a\0@b>", original="message"), at("2026-11-20 08:30"))
    envelope = bounce("<a@b>", original="none").replace(b"Envelope-Id: a", b"Envelope-Id: a+00")
    box.put(envelope, at("2026-11-20 08:30"))
    box.put(reply(delivery(postgres_store).message_id), at("2026-11-20 08:31"))
    assert collected(postgres_store, office_of(box), clock).counts == {"reply": 1}


def test_of_a_mail_too_large_the_header_is_enough(sent: Store, clock: Watch, box: Letterbox) -> None:
    box.put(reply(delivery(sent).message_id, text="dài " * 2000), at("2026-11-20 08:30"))
    collected(sent, office_of(box, max_message_bytes=2000), clock)
    (proposed,) = proposals(sent)
    assert "quá giới hạn đọc" in proposed.text


def test_a_disk_that_refuses_a_file_leaves_the_mail_for_later(
    sent: Store, clock: Watch, box: Letterbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.answering import attachments

    real = attachments.write_whole

    def full(*_: Any) -> None:
        raise OSError(28, os.strerror(28))

    box.put(reply(delivery(sent).message_id, attachment=PDF), at("2026-11-20 08:30"))
    monkeypatch.setattr(attachments, "write_whole", full)
    summary = collected(sent, office_of(box), clock)
    assert "No space left" in summary.failures[0].why
    assert proposals(sent) == []
    monkeypatch.setattr(attachments, "write_whole", real)
    assert collected(sent, office_of(box), clock).counts == {"reply": 1}
    assert len(proposals(sent)[0].attachments) == 1


def test_over_starttls_with_a_trusted_certificate_only(
    sent: Store, clock: Watch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DANSINH_IMAP_PASSWORD", PASSWORD)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    own = CA.issue_cert("127.0.0.1")
    (tmp_path / "own.pem").write_bytes(own.private_key_and_cert_chain_pem.bytes())
    CA.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with letterbox(tmp_path / "mails", tmp_path / "own.pem") as box:
        box.put(reply(delivery(sent).message_id), at("2026-11-20 08:30"))
        office = office_of(box, security="starttls")
        assert "CERTIFICATE_VERIFY_FAILED" in collected(sent, office, clock).failures[0].why
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
        assert collected(sent, office, clock).counts == {"reply": 1}


def test_a_mailbox_out_of_reach_is_remembered_until_it_is_read_again(
    sent: Store, clock: Watch, box: Letterbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    def remembered() -> tuple[Any, str | None]:
        with sent.read() as session:
            row = session.scalars(select(Mailbox)).one()
            return row.failing_since, row.last_error

    monkeypatch.setenv("DANSINH_IMAP_PASSWORD", "sai")
    assert collected(sent, office_of(box), clock).counts == {"failed": 1}
    clock.set("2026-11-20 07:05")
    collected(sent, office_of(box), clock)
    assert remembered()[0] == at("2026-11-20 07:00")
    with sent.read() as session:
        content = digest_content(session, office_of(box), clock(), clock().date())
        gone = digest_content(session, settings(), clock(), clock().date())
    words = f"Không đọc được hộp thư {USER} từ 07:00 ngày 20/11/2026 (chưa lần nào đọc được)"
    assert words in digest_text(content)
    assert gone.health.mailboxes == ()
    (problem,) = check_inboxes(office_of(box))
    assert f"{USER}@127.0.0.1:{box.port}/INBOX" in problem.what
    monkeypatch.setenv("DANSINH_IMAP_PASSWORD", PASSWORD)
    collected(sent, office_of(box), clock)
    assert remembered() == (None, None)
    monkeypatch.setenv("DANSINH_IMAP_PASSWORD", "sai")
    clock.set("2026-11-20 08:00")
    collected(sent, office_of(box), clock)
    with sent.read() as session:
        (trouble,) = digest_content(session, office_of(box), clock(), clock().date()).health.mailboxes
    assert (trouble.failing_since, trouble.last_read) == (clock(), at("2026-11-20 07:05"))
    monkeypatch.setenv("DANSINH_IMAP_PASSWORD", PASSWORD)
    assert list(check_inboxes(office_of(box))) == []
