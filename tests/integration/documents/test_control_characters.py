"""Characters that XML forbids, in whatever a document tells, break neither letter, digest nor report."""

import io
import json
from collections.abc import Iterator
from datetime import timedelta
from email import message_from_bytes, policy

import pytest
from docx import Document
from sqlalchemy.orm import Session

from pipeline.calendar import WorkingCalendar
from pipeline.documents.digest import DigestContent, collect, digest_docx, digest_html, digest_text
from pipeline.documents.letter import letter_docx, letter_html, letter_of, letter_text
from pipeline.documents.mail import compose
from pipeline.documents.report import collect_report, report_csv, report_docx
from pipeline.settings import Settings
from store.models import Issue
from tests.integration.documents.conftest import DAY, HEAD, NOW, Press, days_from

DIRT = "\x00\x08\x0b\x1f\ufffe"
SURROGATE = "\ud83d"
"""A database keeps it in JSON columns only: its texts are UTF-8."""


@pytest.fixture
def issue(press: Press) -> Issue:
    """Dirt in every text that comes from outside: title, quotation, reason, reply, agency, source."""
    body = f"Mặt đường{DIRT} sụt lún nhiều tháng."
    article = press.add_article(body=body, title=f"Đường{DIRT} sụt")
    assert article.finding is not None
    why = f"dấu hiệu: sụt{DIRT}{SURROGATE} lún"
    article.finding.evidence = [{"field": "body", "start": 0, "end": len(body), "text": "sụt", "why": why}]
    issue = press.add_issue(articles=0, title=f"Sụt{DIRT} lún mặt đường", state="referred")
    press.join(issue, article)
    press.reply(press.refer(issue, agency_name=f"Sở{DIRT} Xây dựng")).text = f"Sẽ{DIRT} vá."
    press.add_source("ben-cau", "Tin Bến Cầu", failures=3)
    press.session.flush()
    return issue


def clean(*texts: str) -> Iterator[bool]:
    for text in texts:
        yield not set(DIRT + SURROGATE) & set(text)


def words(docx: bytes) -> str:
    document = Document(io.BytesIO(docx))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(part.text for part in [*document.paragraphs, *cells])


def test_letter(session: Session, settings: Settings, issue: Issue) -> None:
    letter = letter_of(session, settings, issue.referrals[0], WorkingCalendar(settings.calendar))
    shown = [words(letter_docx(letter)), letter_text(letter), letter_html(letter)]
    assert all(clean(*shown))
    for text in shown:
        for said in ("Sụt lún mặt đường", "Mặt đường sụt lún nhiều tháng.", "Sở Xây dựng"):
            assert said in " ".join(text.split())


def test_digest(session: Session, settings: Settings, issue: Issue) -> None:
    content = collect(session, settings, NOW, DAY)
    kept = json.dumps(content.to_dict(), ensure_ascii=False)
    assert kept.encode()
    again = DigestContent.from_dict(content.to_dict())
    shown = [words(digest_docx(content, HEAD)), digest_text(content), digest_html(content), kept]
    assert all(clean(*shown))
    for text in shown:
        for said in ("Sụt lún mặt đường", "Mặt đường sụt lún", "Sẽ vá", "dấu hiệu: sụt lún"):
            assert said in " ".join(text.split())
    assert digest_docx(again, HEAD) == digest_docx(content, HEAD)


def test_report(session: Session, settings: Settings, issue: Issue) -> None:
    report = collect_report(session, settings, days_from(DAY - timedelta(days=7), DAY), now=NOW)
    shown = [words(report_docx(report)), report_csv(report)["agencies.csv"]]
    assert all(clean(*shown))
    for text in shown:
        assert "Sở Xây dựng" in text


def test_mail(settings: Settings) -> None:
    message = compose(
        settings,
        recipient="soxd@so.example.vn",
        subject=f"Phiếu{DIRT}{SURROGATE} chuyển",
        text=f"Kính{DIRT}{SURROGATE} gửi",
        html=f"<p>Kính{DIRT}{SURROGATE} gửi</p>",
        message_id="<1@ban.example.vn>",
        date=NOW,
    )
    mail = message_from_bytes(message, policy=policy.default)
    assert " ".join(mail["Subject"].split()) == "Phiếu chuyển"
    assert "Kính gửi" in str(mail.get_body(("plain",)).get_content())  # type: ignore[attr-defined]
