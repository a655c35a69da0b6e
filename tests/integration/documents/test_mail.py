"""A composed mail, read back by a parser and carried by a real SMTP conversation."""

import smtplib
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest

from pipeline.clock import LOCAL
from pipeline.demo.mailbox import Mailbox
from pipeline.documents.mail import Attachment, compose
from pipeline.settings import Settings

SUBJECT = (
    "Phiếu chuyển số 12/PC-BTGDV: Đường xóm hỏng ba tháng, bà con đi lại khó khăn, đã kiến nghị nhiều lần"
)
TEXT = "Kính gửi: Sở Xây dựng\n.\nDòng chỉ có một dấu chấm ở trên.\n"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def composed(settings: Settings, **changes: Any) -> bytes:
    arguments: dict[str, Any] = {
        "recipient": "soxd@so.example.vn",
        "subject": SUBJECT,
        "text": TEXT,
        "html": "<p>Kính gửi: Sở Xây dựng</p>",
        "message_id": "<referral.12@ban.example.vn>",
        "date": datetime(2026, 11, 20, 7, 5, tzinfo=LOCAL),
        "attachments": [Attachment("phiếu-chuyển-12.docx", DOCX, b"PK\x03\x04 invented")],
    }
    return compose(settings, **(arguments | changes))


def parsed(message: bytes) -> EmailMessage:
    read = message_from_bytes(message, policy=policy.default)
    assert isinstance(read, EmailMessage)
    return read


def test_headers_and_parts_are_read_back_as_given(settings: Settings) -> None:
    mail = parsed(composed(settings))
    assert mail["Subject"] == SUBJECT
    assert mail["From"].addresses[0].display_name == "Ban Tuyên giáo và Dân vận"
    assert mail["From"].addresses[0].addr_spec == "dansinh@ban.example.vn"
    assert mail["To"] == "soxd@so.example.vn"
    assert mail["Reply-To"] == "nghiepvu@ban.example.vn"
    assert mail["Message-ID"] == "<referral.12@ban.example.vn>"
    assert mail["Date"].datetime == datetime(2026, 11, 20, 7, 5, tzinfo=LOCAL)
    assert mail["Auto-Submitted"] == "auto-generated"
    text, html = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None
    assert text.get_content().splitlines() == TEXT.splitlines()
    assert html is not None
    assert "Kính gửi" in html.get_content()
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "phiếu-chuyển-12.docx"
    assert attached.get_content() == b"PK\x03\x04 invented"


def test_the_bytes_are_seven_bit_and_lines_end_as_smtp_wants(settings: Settings) -> None:
    message = composed(settings)
    assert message.isascii()
    assert b"\n" not in message.replace(b"\r\n", b"")
    assert max(map(len, message.split(b"\r\n"))) <= 998


def test_the_same_mail_has_the_same_bytes_and_another_identity_other_ones(settings: Settings) -> None:
    assert composed(settings) == composed(settings)
    assert composed(settings) != composed(settings, message_id="<referral.13@ban.example.vn>")


@pytest.mark.parametrize("subject", ["Một\nBcc: ke-gian@example.vn", "Một\r\nHai"])
def test_a_title_cannot_smuggle_in_a_header(settings: Settings, subject: str) -> None:
    mail = parsed(composed(settings, subject=subject))
    assert mail["Bcc"] is None
    assert mail["Subject"] == " ".join(subject.split())


def test_it_arrives_as_composed(settings: Settings, tmp_path: Path) -> None:
    with Mailbox(tmp_path / "mail") as mailbox:
        with smtplib.SMTP("127.0.0.1", mailbox.port, timeout=10) as client:
            client.sendmail("dansinh@ban.example.vn", ["soxd@so.example.vn"], composed(settings))
        (kept,) = mailbox.messages()
    sent, arrived = parsed(composed(settings)), parsed(kept.read_bytes())
    assert arrived["Subject"] == SUBJECT
    assert [part.get_payload() for part in arrived.walk() if not part.is_multipart()] == [
        part.get_payload() for part in sent.walk() if not part.is_multipart()
    ]


@pytest.mark.parametrize("words", range(1, 60, 7))
def test_a_subject_of_any_length_keeps_its_spaces(settings: Settings, words: int) -> None:
    subject = " ".join(f"đường số {number} hỏng" for number in range(words))
    message = composed(settings, subject=subject)
    assert parsed(message)["Subject"] == subject
    folded = [line for line in message.split(b"\r\n") if line.startswith((b"Subject:", b" =?utf-8?"))]
    assert max(map(len, folded)) <= 78
