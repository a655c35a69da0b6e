"""A referral letter, collected from a real store and read back from its DOCX."""

import io
import zipfile
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from docx import Document
from docx.document import Document as DocxDocument
from docx.oxml.ns import qn
from sqlalchemy.orm import Session

from pipeline.calendar import WorkingCalendar
from pipeline.documents.letter import Letter, letter_docx, letter_html, letter_of, letter_text
from pipeline.settings import Settings
from store.models import Referral
from tests.integration.documents.conftest import NOW, Press

DEADLINE = NOW + timedelta(days=3, hours=10)
"""Monday 23 November at 17:00: one working day after Friday the 20th"""
CLOCK = {
    "key": "press",
    "text": "15 ngày làm việc kể từ khi báo chuyển kiến nghị",
    "basis": "Nghị định 237/2026/NĐ-CP, Điều 18 khoản 3",
    "deadline_at": "2026-12-11T17:00:00+07:00",
}


@pytest.fixture
def referral(press: Press) -> Referral:
    issue = press.add_issue(title="Ổ gà trên đường vào xóm & cầu <tạm>", urgency=3, state="referred")
    press.join(issue, press.add_article(outlet_key="ben-cau", title="Đường vào xóm như ruộng cày"))
    press.refer(issue, agency_key="commune:00004", agency_name="UBND phường Ba Đình", role="co")
    referral = press.refer(issue, number=12, deadline_at=DEADLINE, sent_at=NOW)
    referral.request = "Đề nghị chủ trì kiểm tra và trả lời bằng văn bản."
    return referral


@pytest.fixture
def letter(session: Session, settings: Settings, referral: Referral) -> Letter:
    return letter_of(session, settings, referral, WorkingCalendar(settings.calendar))


def read(letter: Letter) -> DocxDocument:
    return Document(io.BytesIO(letter_docx(letter)))


def words(document: DocxDocument) -> str:
    """All that is printed, links too."""
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    paragraphs = [*document.paragraphs, *(paragraph for cell in cells for paragraph in cell.paragraphs)]
    return "\n".join(paragraph.text for paragraph in paragraphs)


SAID = (
    "Số: 12/PC-BTGDV",
    "Sông Mẫu, ngày 20 tháng 11 năm 2026",
    "PHIẾU CHUYỂN",
    "Kính gửi: Sở Xây dựng",
    "2 tin, bài của 2 cơ quan báo chí",
    "nêu vấn đề: Ổ gà trên đường vào xóm & cầu <tạm>.",
    "Địa bàn: Phường Ba Đình, thành phố Hà Nội.",
    "Tin Bến Cầu, 05:00 ngày 20/11/2026",
    ": “Đường vào xóm như ruộng cày”",
    "“Bà con đã nhiều lần kiến nghị mà chưa được giải quyết.”",
    "Nội dung 3: Tham mưu giải quyết vấn đề nổi lên được dư luận quan tâm",
    "căn cứ Quyết định 238-QĐ/TW ngày 30/9/2020",
    "5. Đề nghị: Chủ trì kiểm tra và trả lời bằng văn bản.",
    "Thời hạn theo chương trình phối hợp: 1 ngày làm việc, chậm nhất 17:00 ngày 23/11/2026. Căn cứ: Chương",
    "Phòng Nghiệp vụ, Ban Tuyên giáo và Dân vận Thành ủy Sông Mẫu",
    "Cơ quan nhận phiếu: Giám đốc Sở; Văn phòng Sở Xây dựng./.",
    "- UBND phường Ba Đình (phối hợp);",
    "- Lưu: VT, Phòng Nghiệp vụ.",
    "TRƯỞNG BAN",
)


@pytest.mark.parametrize("said", SAID)
def test_docx_and_mail_say_the_same(letter: Letter, said: str) -> None:
    assert said in words(read(letter))
    assert said in letter_text(letter)
    html = letter_html(letter).replace("<strong>", "").replace("</strong>", "")
    html = html.replace("<em>", "").replace("</em>", "")
    assert said.replace("&", "&amp;").replace("<tạm>", "&lt;tạm&gt;") in html


def test_the_layout_is_the_states(letter: Letter) -> None:
    document = read(letter)
    section = document.sections[0]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins] == [20, 20, 30, 15]
    assert section.different_first_page_header_footer
    left, right = document.tables[0].rows[0].cells
    assert left.text.strip().splitlines() == [
        "THÀNH ỦY SÔNG MẪU",
        "BAN TUYÊN GIÁO VÀ DÂN VẬN THÀNH ỦY SÔNG MẪU",
    ]
    assert right.text.strip().splitlines() == [
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
    ]
    date_line = document.tables[0].rows[1].cells[1].paragraphs[0]
    assert date_line.runs[0].italic
    assert "{" not in words(document)


def test_a_statutory_clock_stands_apart_with_its_own_basis_and_only_when_it_runs(
    session: Session, settings: Settings, referral: Referral, letter: Letter
) -> None:
    assert "theo pháp luật" not in words(read(letter))
    referral.statutory = [CLOCK]
    with_clock = letter_of(session, settings, referral, WorkingCalendar(settings.calendar))
    lines = [line for line in words(read(with_clock)).splitlines() if line.startswith("Thời hạn theo")]
    assert len(lines) == 2
    assert "05-CTr/BTGDV" in lines[0]
    assert "237/2026" not in lines[0]
    assert lines[1] == (
        "Thời hạn theo pháp luật, tính riêng: 15 ngày làm việc kể từ khi báo chuyển kiến nghị, "
        "chậm nhất 17:00 ngày 11/12/2026. Căn cứ: Nghị định 237/2026/NĐ-CP, Điều 18 khoản 3."
    )


def test_a_draft_has_room_for_its_number_and_no_date_to_answer_by(
    session: Session, settings: Settings, press: Press
) -> None:
    issue = press.add_issue(state="confirmed", urgency=2)
    draft = press.refer(issue, state="drafted", number=None, deadline_at=None, approved_at=None)
    letter = letter_of(session, settings, draft, WorkingCalendar(settings.calendar))
    assert letter.head.number == "Số:       /PC-BTGDV"
    assert letter.limit.until is None
    assert letter.limit.text == "5 ngày làm việc kể từ ngày duyệt phiếu"


def test_many_sources_are_counted_not_listed(session: Session, settings: Settings, press: Press) -> None:
    referral = press.refer(press.add_issue(articles=9, state="referred"))
    letter = letter_of(session, settings, referral, WorkingCalendar(settings.calendar))
    assert len(letter.sources) == 5
    for shown in (words(read(letter)), letter_text(letter), letter_html(letter)):
        assert "và 4 nguồn khác" in shown
    assert "9 tin, bài của 1 cơ quan" in letter.summary


def test_a_withdrawn_or_refused_referral_gets_no_copy(
    session: Session, settings: Settings, press: Press
) -> None:
    issue = press.add_issue(state="referred")
    press.refer(issue, agency_key="a", agency_name="Cơ quan A", state="withdrawn")
    press.refer(issue, agency_key="b", agency_name="Cơ quan B", state="refused")
    referral = press.refer(issue)
    letter = letter_of(session, settings, referral, WorkingCalendar(settings.calendar))
    assert letter.head.copies == ("- Như trên;", "- Lưu: VT, Phòng Nghiệp vụ.")


def test_the_same_letter_has_the_same_bytes(
    session: Session, settings: Settings, referral: Referral, letter: Letter
) -> None:
    again = letter_of(session, settings, referral, WorkingCalendar(settings.calendar))
    assert letter_docx(again) == letter_docx(letter)


def test_the_file_bears_no_time_of_the_machine(letter: Letter) -> None:
    properties = read(letter).core_properties
    assert properties.modified == properties.created
    assert properties.modified is not None
    assert properties.modified.replace(tzinfo=None) == (NOW - timedelta(hours=7)).replace(tzinfo=None)
    assert properties.title == "Phiếu chuyển 12/PC-BTGDV"
    with zipfile.ZipFile(io.BytesIO(letter_docx(letter))) as packed:
        assert {entry.date_time for entry in packed.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_a_letter_of_an_issue_merged_since_tells_of_its_articles_where_they_are_now(
    session: Session, settings: Settings, press: Press, referral: Referral
) -> None:
    """It was approved before; nobody takes it back."""
    issue, hosts = referral.issue, [press.add_issue(articles=0) for _ in range(2)]
    before = letter_of(session, settings, referral, WorkingCalendar(settings.calendar))
    for member in list(issue.articles):
        member.issue_id = hosts[1].id
    issue.merged_into_id, hosts[0].merged_into_id = hosts[0].id, hosts[1].id
    session.flush()
    session.expire_all()
    assert letter_of(session, settings, referral, WorkingCalendar(settings.calendar)) == before


def test_no_address_is_torn_by_the_end_of_a_line(letter: Letter) -> None:
    """In print outlet and time stand for the address, which lies behind them; in text it stands alone."""
    document = read(letter)
    assert "http" not in words(document)
    links = {
        "".join(text.text or "" for text in link.iter(qn("w:t"))): document.part.rels[link.get(qn("r:id"))]
        for link in document.element.body.iter(qn("w:hyperlink"))
    }
    target = links["Tin Bến Cầu, 05:00 ngày 20/11/2026"].target_ref
    assert target.startswith("https://ben-cau.example.vn/")
    html = letter_html(letter)
    assert ">https://" not in html
    assert 'href="https://ben-cau.example.vn/' in html
    alone = [line.strip() for line in letter_text(letter).splitlines() if "https://" in line]
    assert len(alone) == len(letter.sources) == 2
    assert all(line.startswith("<https://") and line.endswith(">") for line in alone)


@pytest.mark.parametrize(
    ("layout", "head"), [("state", "CỘNG HÒA XÃ HỘI"), ("party", "ĐẢNG CỘNG SẢN VIỆT NAM")]
)
def test_the_mail_bears_the_head_of_its_layout(letter: Letter, layout: Any, head: str) -> None:
    html = letter_html(replace(letter, head=replace(letter.head, layout=layout)))
    assert [name for name in ("CỘNG HÒA XÃ HỘI", "ĐẢNG CỘNG SẢN VIỆT NAM") if name in html] == [head]


def test_what_an_authority_has_done_is_counted_among_no_complaints(
    session: Session, settings: Settings, press: Press
) -> None:
    issue = press.add_issue(articles=3, state="referred")
    issue.articles[0].role = "answer"
    letter = letter_of(session, settings, press.refer(issue), WorkingCalendar(settings.calendar))
    assert "2 tin, bài" in letter.summary
    assert len(letter.sources) == 3


def test_a_letter_of_a_problem_that_came_back_tells_so_and_quotes_what_brought_it_back(
    session: Session, settings: Settings, press: Press
) -> None:
    issue = press.add_issue(articles=2, state="reopened", round=2)
    old, new = (member.article for member in issue.articles)
    old.body, old.published_at = "Nước đục từ đầu tháng.", NOW - timedelta(days=9)
    new.body, new.published_at = "Nước lại đục từ hôm qua.", NOW - timedelta(days=1)
    for article in (old, new):
        assert article.finding is not None
        article.finding.evidence = [
            {"field": "body", "start": 0, "end": 8, "text": "Nước đục", "why": "nước đục"}
        ]
    press.refer(issue, number=25, round=1, state="accepted", approved_at=NOW - timedelta(days=7))
    letter = letter_of(
        session, settings, press.refer(issue, number=40, round=2), WorkingCalendar(settings.calendar)
    )
    assert letter.quoted is not None
    assert letter.quoted.url == new.url
    assert letter.summary.endswith(
        "Vấn đề đã được chuyển Sở Xây dựng tại Phiếu chuyển số 25/PC-BTGDV ngày 13/11/2026; "
        "sau khi kết thúc, vấn đề được mở lại."
    )


def test_copies_go_to_those_who_are_asked_in_the_same_round(
    session: Session, settings: Settings, press: Press
) -> None:
    issue = press.add_issue(state="reopened", round=2)
    commune = {"agency_key": "commune:00004", "agency_name": "UBND phường Ba Đình", "role": "co"}
    for round_ in (1, 2):
        lead = press.refer(issue, round=round_)
        beside = press.refer(issue, round=round_, **commune)
    copies = {
        one.role: letter_of(session, settings, one, WorkingCalendar(settings.calendar)).head.copies[1:-1]
        for one in (lead, beside)
    }
    assert copies == {"lead": ("- UBND phường Ba Đình (phối hợp);",), "co": ("- Sở Xây dựng (chủ trì);",)}


def test_an_address_that_is_no_web_page_is_no_link(
    session: Session, settings: Settings, press: Press
) -> None:
    """Crawlers take no such address; should one come all the same, it does nothing."""
    referral = press.refer(press.add_issue(state="referred"))
    referral.issue.articles[0].article.url = "javascript:alert(1)"
    letter = letter_of(session, settings, referral, WorkingCalendar(settings.calendar))
    links = [part.target_ref for part in read(letter).part.rels.values() if part.is_external]
    assert letter.sources[0].url == "javascript:alert(1)"
    assert not any("javascript" in link for link in links)
    assert "javascript" not in letter_html(letter)
