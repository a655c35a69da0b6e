"""The demo's mail server over real SMTP."""

import smtplib
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from pipeline.demo.mailbox import Mailbox


def letter(to: str, subject: str = "Phiếu chuyển số 1") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "phoihop@example.vn"
    message["To"] = to
    message["Subject"] = subject
    message.set_content("Kính gửi Sở Xây dựng.\nĐề nghị trả lời.\n")
    return message


def test_every_message_is_kept_as_it_came(tmp_path: Path) -> None:
    with (
        Mailbox(tmp_path / "mails") as mailbox,
        smtplib.SMTP("127.0.0.1", mailbox.port, timeout=10) as client,
    ):
        for number in (1, 2, 3):
            client.send_message(letter("so@example.vn", f"Phiếu chuyển số {number}"))
        kept = [message_from_bytes(p.read_bytes(), policy=policy.default) for p in mailbox.messages()]
    assert [message["Subject"] for message in kept] == [f"Phiếu chuyển số {n}" for n in (1, 2, 3)]
    assert "Đề nghị trả lời" in kept[0].get_content()


def test_one_recipient_may_be_refused_and_the_next_is_not(tmp_path: Path) -> None:
    with Mailbox(tmp_path, refuse=["khong-co@example.vn"]) as mailbox:
        with smtplib.SMTP("127.0.0.1", mailbox.port, timeout=10) as client:
            with pytest.raises(smtplib.SMTPRecipientsRefused) as refused:
                client.send_message(letter("khong-co@example.vn"))
            client.send_message(letter("so@example.vn"))
        assert refused.value.recipients["khong-co@example.vn"][0] == 550
        assert [path.name for path in mailbox.messages()] == ["0001-so.eml"]


def test_a_second_server_keeps_on_counting_in_the_same_folder(tmp_path: Path) -> None:
    for _ in range(2):
        with Mailbox(tmp_path) as mailbox, smtplib.SMTP("127.0.0.1", mailbox.port, timeout=10) as client:
            client.send_message(letter("so@example.vn"))
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["0001-so.eml", "0002-so.eml"]
