"""What of extensions, links and what agencies send stands in digest and letter."""

import io
from datetime import date, datetime

import pytest
from docx import Document
from sqlalchemy.orm import Session

from pipeline.answering.links import Links
from pipeline.calendar import WorkingCalendar
from pipeline.documents.digest import collect, digest_text
from pipeline.documents.letter import letter_docx, letter_html, letter_of, letter_text
from pipeline.settings import AgencyPage, Settings
from store.history import record
from store.models import Issue, ProposedReply, Referral, TimeRequest
from tests.integration.documents.conftest import DAY, NOW, Press
from tests.office import at

LINKS = Links(AgencyPage(base_url="https://phoihop.example.vn", days=30), {"DANSINH_LINK_SECRET": "k" * 40})


def extend(session: Session, referral: Referral, until: datetime) -> None:
    referral.deadline_at = until
    moved = {"deadline_at": until.isoformat()}
    record(
        session,
        at=NOW,
        actor="lead:a",
        entity="referral",
        entity_id=referral.id,
        action="extended",
        after=moved,
        why="Chờ kết luận.",
    )
    session.flush()


@pytest.fixture
def referral(press: Press) -> Referral:
    return press.refer(press.add_issue(state="referred"), deadline_at=at("2026-11-20 17:00"))


def test_an_extended_deadline_is_told_in_the_digest(
    session: Session, settings: Settings, referral: Referral
) -> None:
    plain = digest_text(collect(session, settings, NOW, DAY))
    assert "17:00 ngày 20/11/2026 – hết hạn hôm nay" in plain
    assert "gia hạn" not in plain
    extend(session, referral, at("2026-11-23 17:00"))
    told = digest_text(collect(session, settings, NOW, DAY))
    assert "đã gia hạn đến 17:00 ngày 23/11/2026 – còn 1 ngày làm việc" in told


def test_a_later_letter_says_that_the_deadline_was_extended(
    session: Session, settings: Settings, referral: Referral
) -> None:
    extend(session, referral, at("2026-11-30 17:00"))
    letter = letter_of(session, settings, referral, WorkingCalendar(settings.calendar))
    assert "chương trình phối hợp: đã gia hạn, chậm nhất 17:00 ngày 30/11/2026" in letter_text(letter)


def test_the_link_stands_in_mail_and_docx(session: Session, settings: Settings, referral: Referral) -> None:
    calendar = WorkingCalendar(settings.calendar)
    assert "không cần tài khoản" not in letter_text(letter_of(session, settings, referral, calendar))
    letter = letter_of(session, settings, referral, calendar, LINKS)
    assert letter.answer_at is not None
    assert letter.answer_at.until == date(2026, 12, 19)
    url = letter.answer_at.url
    assert url.startswith("https://phoihop.example.vn/tra-loi-phieu/")
    assert LINKS.read(url.rpartition("/")[2], NOW).referral_id == referral.id
    assert url in letter_text(letter)
    assert f'href="{url}"' in letter_html(letter)
    document = Document(io.BytesIO(letter_docx(letter)))
    targets = {relation.target_ref for relation in document.part.rels.values() if relation.is_external}
    assert url in targets
    assert "dùng đến hết ngày 19/12/2026" in "\n".join(p.text for p in document.paragraphs)


def test_a_draft_bears_no_link(session: Session, settings: Settings, press: Press) -> None:
    draft = press.refer(press.add_issue(state="confirmed"), state="drafted", approved_at=None, number=None)
    assert letter_of(session, settings, draft, WorkingCalendar(settings.calendar), LINKS).answer_at is None


def test_what_agencies_sent_and_what_they_pass_around_waits_in_the_digest(
    session: Session, settings: Settings, press: Press
) -> None:
    issue: Issue = press.add_issue(state="referred")
    asking = press.refer(issue, agency_key="c", agency_name="Sở C")
    for key, name, body in (("a", "Sở A", "Sở B"), ("b", "Sở B", "Sở A")):
        press.refer(issue, agency_key=key, agency_name=name, state="refused", proposed_agency=body)
    issue.routing_problem = "Sở B từ chối, cho là thuộc thẩm quyền của Sở A."
    session.add(TimeRequest(referral=asking, until=date(2026, 12, 1), why="x", asked_at=NOW))
    proposed = {"channel": "mail", "origin": "x", "received_at": NOW, "recorded_at": NOW, "text": "x"}
    session.add(ProposedReply(referral=asking, external_id="1", left_out=[], **proposed))
    session.add(ProposedReply(referral=asking, external_id="2", left_out=[], decision="taken", **proposed))
    session.flush()
    waiting = collect(session, settings, NOW, DAY).waiting
    assert (waiting.contested, waiting.proposed_replies, waiting.time_requests) == (1, 1, 1)
    text = digest_text(collect(session, settings, NOW, DAY))
    for words in (
        "1 vấn đề các cơ quan chưa thống nhất thẩm quyền, cần ban chỉ đạo quyết định",
        "1 thư có thể là trả lời chờ xem",
        "1 đề nghị gia hạn chờ quyết định",
    ):
        assert words in text
