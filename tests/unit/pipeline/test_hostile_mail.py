"""Mails made to take time: a stranger's few bytes must not hold up the mails behind them."""

import time

import pytest

from pipeline.inbox.identities import MOST
from pipeline.inbox.incoming import read
from pipeline.inbox.taking import document_number
from tests.mails import bounce

HEAD = b"From: %s\nMessage-ID: <1@b.example>\nContent-Type: %s\n\n"
LONG = 600_000


def html(body: bytes) -> bytes:
    return HEAD % (b"a@b.example", b"text/html") + body


SLOW = {
    "a bounce of blank lines": HEAD % (b"postmaster@b.example", b"text/plain") + b"\n" * LONG,
    "a bounce of quoted blank lines": HEAD % (b"postmaster@b.example", b"text/plain") + b"> \n" * LONG,
    "a report whose copy is blank": bounce("<1@a.example>") + b"\n--b\nContent-Type: text/rfc822-headers\n"
    + b"\n" * LONG + b"\n--b--\n",
    "breaks that do not end": html(b"<br " * (LONG // 4)),
    "a tag of tags": html(b"<a " + b"<" * LONG),
    "a subject of encoded words": b"Subject: " + b"=?utf-8?q?a?= " * LONG + b"\n\nx",
    "a type of parameters": b"Content-Type: text/plain" + b"; a" * LONG + b"\n\nx",
    "a text in punycode": HEAD % (b"a@b.example", b"text/plain; charset=punycode") + b"a" * LONG,
    "lines of markup": html(b"<b>x</b>\n" * (LONG // 9)),
}  # fmt: skip


@pytest.mark.timeout(60)
@pytest.mark.parametrize("mail", SLOW.values(), ids=SLOW.keys())
def test_no_mail_takes_long_to_read(mail: bytes) -> None:
    began = time.process_time()
    read(mail)
    assert time.process_time() - began < 10


@pytest.mark.timeout(60)
def test_no_text_takes_long_to_be_searched_for_a_document_number() -> None:
    began = time.process_time()
    assert document_number("Số" + " " * 200_000 + "x", "PC-BTG") is None
    assert time.process_time() - began < 10


def test_only_what_could_be_ours_is_looked_up() -> None:
    many = b" ".join(b"<%d@b.example>" % number for number in range(70_000))
    mail = read(b"In-Reply-To: <a\x00b@c>\nReferences: " + many + b"\nMessage-ID: <\xe1\x00@b>\n\nx")
    assert mail.message_id is None
    assert len(mail.answers) == MOST


@pytest.mark.parametrize("original", ["none", "message", "headers"])
def test_of_a_bounce_too(original: str) -> None:
    report = bounce("<a\0@b>", original=original).replace(b"Envelope-Id: a\0", b"Envelope-Id: a+00")
    found = read(report).bounce
    assert found is not None
    assert (found.message_ids, found.envelope_id) == ((), "khac" if original != "none" else None)


@pytest.mark.parametrize("text", ["Số:  12/SXD", "Số : 12/SXD", "Số:\n 12/SXD", "số\u00a0:\u00a012/SXD"])
def test_a_document_number_behind_some_space_is_found(text: str) -> None:
    assert document_number(text, "PC-BTG") == "12/SXD"


def test_the_words_of_a_long_mail_are_read_as_far_as_they_are_kept() -> None:
    assert read(html(b"<p>Xong.</p>" + b"<br>" * LONG)).text == "Xong."
