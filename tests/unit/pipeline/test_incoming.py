"""What a mail says: any bytes can be read; what is quoted, bounced or automatic is told apart."""

import email

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.inbox.bounces import bounce_of
from pipeline.inbox.incoming import Incoming, read
from pipeline.inbox.matching import numbers_in
from pipeline.inbox.quoting import own_words
from pipeline.inbox.taking import document_number
from tests.mails import bounce, reply

HEADERS = st.sampled_from(
    ["From", "Subject", "Message-ID", "In-Reply-To", "References", "Content-Type", "Content-Disposition",
     "Content-Transfer-Encoding", "Auto-Submitted", "Precedence", "X-Failed-Recipients", "MIME-Version"]
)  # fmt: skip
VALUES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from(
        [b"multipart/report; report-type=delivery-status; boundary=b", b"multipart/mixed; boundary=b",
         b"message/delivery-status", b"message/rfc822", b"text/plain; charset=khong-co", b"text/html",
         b"=?utf-8?b?4bq=?=", b"=?x?q?=", b"attachment; filename*=utf-8''%E1%BA", b"base64", b"<a@b>",
         b"text/plain; charset=\"utf-8", b"MAILER-DAEMON@x"]
    ),
)  # fmt: skip
BODY = st.one_of(st.binary(max_size=300), st.sampled_from([b"--b\r\n\r\nx\r\n--b--", b"--b\r\n" * 20]))


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(HEADERS, VALUES), max_size=8), BODY)
def test_any_bytes_are_read(headers: list[tuple[str, bytes]], body: bytes) -> None:
    mail = read(b"".join(name.encode() + b": " + value + b"\r\n" for name, value in headers) + b"\r\n" + body)
    assert isinstance(mail, Incoming)
    mail.text.encode()
    mail.subject.encode()


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("Đã dọn.\n\n> Kính gửi quý Sở\n> Đề nghị", "Đã dọn."),
        ("Đã dọn.\n\nVào 08:30 20/11/2026, Ban <ban@example.vn> đã viết:\nKính gửi", "Đã dọn."),
        ("Đã dọn.\n\nOn Fri, 20 Nov 2026 at 08:30, Ban\n<ban@example.vn> wrote:\nKính gửi", "Đã dọn."),
        ("Đã dọn.\n-----Original Message-----\nKính gửi", "Đã dọn."),
        ("Đã dọn.\n\nFrom: Ban\nSent: Friday\nTo: Sở\nSubject: x\n\nKính gửi", "Đã dọn."),
        ("Đã dọn.\n\nTừ: Ban\nĐã gửi: thứ Sáu\nTới: Sở\n\nKính gửi", "Đã dọn."),
        ("Từ: 01/12/2026 sẽ dọn xong.\nKính báo.", "Từ: 01/12/2026 sẽ dọn xong.\nKính báo."),
        (
            "Theo công văn ngày 20/11/2026 quý Ban đã viết rõ.",
            "Theo công văn ngày 20/11/2026 quý Ban đã viết rõ.",
        ),
        ("> chỉ có phần trích", "> chỉ có phần trích"),
        ("", ""),
    ],
)
def test_where_a_reply_ends_and_its_quotation_begins(text: str, own: str) -> None:
    assert own_words(text) == own


@pytest.mark.parametrize(
    ("text", "symbol", "numbers"),
    [
        ("Số: 12/PC-BTGDV", "PC-BTGDV", {12}),
        ("so 0012 / pc–btgdv", "PC-BTGDV", {12}),
        ("05-PC/BTGDVTU", "PC/BTGDVTU", {5}),
        ("05/PC-BTGDVTU", "PC/BTGDVTU", {5}),
        ("12/PC-BTGDVX; 112/2026/PC-BTGDV", "PC-BTGDV", set()),
        ("3/PC-BTGDV và 4/PC-BTGDV", "PC-BTGDV", {3, 4}),
        ("0/PC-BTGDV", "PC-BTGDV", set()),
    ],
)
def test_numbers_of_our_letters(text: str, symbol: str, numbers: set[int]) -> None:
    assert numbers_in(text, symbol) == numbers


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Số: 1234/SXD-QLHT. Sở Xây dựng", "1234/SXD-QLHT"),
        ("Về phiếu số 12/PC-BTG, Sở có văn bản số 88-CV/SNN.", "88-CV/SNN"),
        ("số 12/PC-BTG", None),
        ("số 20/11/2026", None),
        ("số nhà 12", None),
    ],
)
def test_the_number_of_the_agencys_document(text: str, number: str | None) -> None:
    assert document_number(text, "PC-BTG") == number


def test_a_reply_in_html_only_has_its_words() -> None:
    content = (
        b"From: a@b\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n"
        + "<style>p{}</style><p>Đã dọn.</p><p>Kính báo.</p>".encode()
    )
    assert read(content).text == "Đã dọn.\nKính báo."


def unnamed(date: str = "20 Nov 2026 08:30 +0700", **mail: str) -> bytes:
    """Without a Message-ID."""
    return reply(message_id="", Date=date, **mail).replace(b"Message-ID: \r\n", b"")


@pytest.mark.parametrize(
    "other",
    [
        {"date": "20 Nov 2026 08:31 +0700"},
        {"subject": "Re: số 2"},
        {"sender": "so-xd@example.vn"},
        {"text": "x"},
    ],
    ids=["date", "subject", "sender", "text"],
)
def test_without_a_message_id_two_mails_are_told_apart(other: dict[str, str]) -> None:
    assert read(unnamed(**other)).identity != read(unnamed()).identity


def test_two_scans_too_large_to_be_read_are_told_apart_by_their_size() -> None:
    assert read(unnamed(), 50_000_000).identity != read(unnamed(), 50_000_001).identity


@pytest.mark.parametrize(
    "charset", ["idna", "undefined", "punycode", "unicode_escape", "khong-co", "a\0b", "hex"]
)
def test_in_whatever_code_it_says_to_be_written_a_mail_is_read(charset: str) -> None:
    mail = reply("<1@a>", text="Đã dọn.", attachment=b"%PDF-1.4 ").replace(
        b'="utf-8"', f'="{charset}"'.encode()
    )
    mail = mail.replace(b"filename*=utf-8''", f"filename*={charset}''".encode())
    found = read(mail.replace(b"base64\r\n\r\nxJDDoyBk4buNbi4K", "8bit\r\n\r\nĐã dọn.".encode()))
    assert found.text == "Đã dọn."
    assert len(found.attachments) == 1


def test_a_copy_that_came_another_way_is_the_same_mail() -> None:
    once = reply("<1@a>")
    assert read(b"Received: from x\r\n" + once).identity == read(once).identity
    assert read(b"Received: from x\r\n" + unnamed()).identity == read(unnamed()).identity
    assert read(reply("<1@a>", text="khác")).identity != read(once).identity


def test_what_stands_in_a_returned_mail_is_not_what_the_report_says() -> None:
    found = bounce_of(email.message_from_bytes(bounce("<1@a>", original="message")), "")
    assert found is not None
    assert (found.outcome, found.status, found.message_ids) == ("failed", "5.1.1", ("<1@a>",))
    assert read(bounce("<1@a>", original="message")).answers == ()
