"""Reminders of deadlines, through a real SMTP server: bundled, and one a day at most to one address."""

import email
import email.policy
import io
from collections import Counter
from collections.abc import Callable
from email.message import EmailMessage
from pathlib import Path

import pytest
from docx import Document
from sqlalchemy import select, update

from pipeline.demo.mailbox import Mailbox
from pipeline.documents.templating import shipped
from pipeline.review import Review
from pipeline.settings import Settings
from pipeline.stages import deliver, remind, sequence
from store import Store
from store.models import Delivery, Event, IssuedNumber, Referral
from tests.integration.pipeline.conftest import Town, Watch, quiet
from tests.office import OFFICE, at, on

Office = Callable[..., Settings]
RULES = {"days_before": [1], "days_after": [1], "leader_after": 5}
SENT = "2026-11-09 09:00"


@pytest.fixture
def reminding(office: Office) -> Settings:
    return office(reminders=RULES)


def refer(store: Store, town: Town, deadline: str, title: str = "Bãi rác", **columns: object) -> int:
    """A referral as it stands after it was sent."""
    issue_id = town.issue(title, state="referred")
    values: dict[str, object] = {
        "issue_id": issue_id,
        "agency_key": "so-nnmt",
        "agency_name": "Sở Nông nghiệp và Môi trường",
        "role": "lead",
        "programme_key": "ct-2026",
        "rule": "r",
        "state": "sent",
        "number": issue_id,
        "number_year": 2026,
        "request": "x",
        "basis": "x",
        "statutory": [],
        "deadline_at": at(deadline),
        "drafted_at": at(SENT),
        "approved_at": at(SENT),
        "sent_at": at(SENT),
    }
    with store.begin() as session:
        referral = Referral(**values | columns)
        session.add(referral)
        session.flush()
        return referral.id


def day(store: Store, settings: Settings, clock: Watch, now: str) -> None:
    clock.set(now)
    if remind.is_due(store, settings, clock()):
        remind.run(store, settings, clock, quiet)
    deliver.run(store, settings, clock, quiet)


def mails(mailbox: Mailbox) -> list[tuple[EmailMessage, str]]:
    """Each with its text."""
    read = []
    for path in mailbox.messages():
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        body = message.get_body(("plain",))
        assert body is not None
        read.append((message, body.get_content()))
    return read


def steps(store: Store) -> list[str]:
    with store.read() as session:
        events = session.scalars(select(Event).where(Event.action == "reminded").order_by(Event.id)).all()
        return [event.after["step"] for event in events]


def test_all_that_an_address_owes_is_one_mail(
    sqlite_store: Store, town: Town, clock: Watch, reminding: Settings, mailbox: Mailbox
) -> None:
    refer(sqlite_store, town, "2026-11-19 17:00", "Bãi rác")
    refer(sqlite_store, town, "2026-11-20 17:00", "Khói bụi")
    refer(sqlite_store, town, "2026-11-23 17:00", "Nước đục")
    refer(sqlite_store, town, "2026-11-20 17:00", "Đường hỏng", agency_key="so-xay-dung")
    day(sqlite_store, reminding, clock, "2026-11-20 08:00")
    first, second = mails(mailbox)
    assert (first[0]["To"], second[0]["To"]) == ("so-nnmt@example.vn", "so-xay-dung@example.vn")
    assert first[0]["Subject"] == "Nhắc thời hạn trả lời 3 phiếu chuyển"
    assert "17:00 ngày 19/11/2026 – quá hạn chưa tròn 1 ngày làm việc" in first[1]
    assert "17:00 ngày 20/11/2026 – hết hạn hôm nay" in first[1]
    assert "17:00 ngày 23/11/2026 – còn 1 ngày làm việc" in first[1]
    assert "không phải thời hạn luật định" in first[1]
    assert "Đường hỏng" not in first[1]
    assert "Kính gửi:\n- Sở Nông nghiệp và Môi trường (Văn phòng Sở)\n" in first[1].replace("\r", "")


def test_never_more_than_one_mail_a_day_to_one_address(
    sqlite_store: Store, town: Town, clock: Watch, office: Office, mailbox: Mailbox
) -> None:
    """Two agencies with one mailbox, spelt in two ways, deadlines on every day, a run every hour."""
    shared = [
        agency | {"email": f"{box}@example.vn"}
        for agency, box in zip(OFFICE["agencies"], ("Vt", "vt"), strict=True)
    ]
    settings = office(reminders=RULES | {"days_before": [3, 2, 1], "days_after": [1, 2, 3]}, agencies=shared)
    for number in range(16, 28):
        for agency in ("so-nnmt", "so-xay-dung"):
            refer(sqlite_store, town, f"2026-11-{number} 17:00", agency_key=agency)
    for number in range(14, 31):
        for hour in range(6, 20):
            day(sqlite_store, settings, clock, f"2026-11-{number} {hour:02}:00")
            if hour == 10:  # what becomes due within the day waits for the next
                refer(sqlite_store, town, f"2026-11-{number} 17:00", agency_key="so-nnmt")
    with sqlite_store.read() as session:
        sent = session.scalars(select(Delivery.sent_at).where(Delivery.state == "sent")).all()
    a_day = Counter(moment.date() for moment in sent if moment)
    assert set(a_day.values()) == {1}
    assert len(a_day) == 10  # every working day from 16/11 to 30/11 but 24/11
    assert len(mails(mailbox)) == 10


def test_a_server_away_for_a_day_still_brings_one_mail_with_all_of_it(
    sqlite_store: Store, town: Town, clock: Watch, reminding: Settings, office: Office, mailbox: Mailbox
) -> None:
    refer(sqlite_store, town, "2026-11-18 17:00", "Bãi rác")
    away = office(reminders=RULES, mail={"port": 9})
    day(sqlite_store, away, clock, "2026-11-19 08:00")
    refer(sqlite_store, town, "2026-11-20 17:00", "Khói bụi")
    day(sqlite_store, reminding, clock, "2026-11-20 08:00")
    ((_, text),) = mails(mailbox)
    assert "Bãi rác" in text
    assert "Khói bụi" in text
    with sqlite_store.read() as session:
        assert session.scalars(select(Delivery.state).order_by(Delivery.id)).all() == ["cancelled", "sent"]


def test_yesterdays_mail_gone_out_today_is_todays(
    sqlite_store: Store, town: Town, clock: Watch, reminding: Settings, office: Office, mailbox: Mailbox
) -> None:
    refer(sqlite_store, town, "2026-11-18 17:00", "Bãi rác")
    day(sqlite_store, office(reminders=RULES, mail={"port": 9}), clock, "2026-11-19 16:00")
    refer(sqlite_store, town, "2026-11-20 17:00", "Khói bụi")
    day(sqlite_store, reminding, clock, "2026-11-20 07:00")  # before the hour of reminders
    day(sqlite_store, reminding, clock, "2026-11-20 08:00")
    assert len(mails(mailbox)) == 1
    day(sqlite_store, reminding, clock, "2026-11-23 08:00")
    assert [text.count("Khói bụi") for _, text in mails(mailbox)] == [0, 1]


def test_a_server_away_for_an_hour_still_brings_the_days_mail(
    sqlite_store: Store, town: Town, clock: Watch, reminding: Settings, office: Office, mailbox: Mailbox
) -> None:
    refer(sqlite_store, town, "2026-11-19 17:00", "Bãi rác")
    away = office(reminders=RULES, mail={"port": 9})
    day(sqlite_store, away, clock, "2026-11-20 08:00")
    refer(sqlite_store, town, "2026-11-20 17:00", "Khói bụi")
    day(sqlite_store, away, clock, "2026-11-20 09:00")
    day(sqlite_store, reminding, clock, "2026-11-20 13:00")
    ((_, text),) = mails(mailbox)
    assert "Bãi rác" in text


def test_one_caught_in_sending_keeps_the_next_back(
    sqlite_store: Store, town: Town, clock: Watch, reminding: Settings
) -> None:
    refer(sqlite_store, town, "2026-11-18 17:00")
    clock.set("2026-11-19 08:00")
    remind.run(sqlite_store, reminding, clock, quiet)
    with sqlite_store.begin() as session:
        session.execute(update(Delivery).values(state="sending"))
    refer(sqlite_store, town, "2026-11-20 17:00")
    clock.set("2026-11-20 08:00")
    assert remind.run(sqlite_store, reminding, clock, quiet).counts == {}


def test_each_step_is_told_once_and_the_leader_is_named_by_post(
    sqlite_store: Store, town: Town, clock: Watch, reminding: Settings, mailbox: Mailbox
) -> None:
    refer(sqlite_store, town, "2026-11-18 17:00")
    for number in range(16, 29):
        day(sqlite_store, reminding, clock, f"2026-11-{number} 08:00")
    assert steps(sqlite_store) == ["before 1", "day", "after 1", "leader"]
    *_, before, (_, last) = mails(mailbox)
    assert "Đề nghị Giám đốc Sở quan tâm chỉ đạo" in last
    assert "Kính gửi:\n- Giám đốc Sở\n" in last.replace("\r", "")
    assert "Giám đốc" not in before[1]


def test_a_leader_is_asked_by_a_numbered_letter(
    sqlite_store: Store, town: Town, clock: Watch, reminding: Settings, mailbox: Mailbox
) -> None:
    first = refer(sqlite_store, town, "2026-11-10 17:00")
    day(sqlite_store, reminding, clock, "2026-11-17 08:00")
    refer(sqlite_store, town, "2026-11-11 17:00", title="Bãi rác thứ hai")
    day(sqlite_store, reminding, clock, "2026-11-18 08:00")
    refer(sqlite_store, town, "2026-11-17 17:00", title="Mới quá hạn")
    day(sqlite_store, reminding, clock, "2026-11-20 08:00")
    files = [list(message.iter_attachments()) for message, _ in mails(mailbox)]
    assert [[part.get_filename() for part in attached] for attached in files] == [
        ["cong-van-don-doc-1.docx"],
        ["cong-van-don-doc-2.docx"],
        [],
    ]
    document = Document(io.BytesIO(files[0][0].get_content()))
    cells = [cell.text for row in document.tables[0].rows for cell in row.cells]
    assert any("Số: 1/BTG" in cell and "V/v đôn đốc trả lời phiếu chuyển" in cell for cell in cells)
    words = "\n".join(paragraph.text for paragraph in document.paragraphs)
    assert f"1. Phiếu chuyển số {first}/PC-BTG ngày 09/11/2026: Bãi rác." in words
    assert "Thời hạn: 17:00 ngày 10/11/2026, quá hạn 4 ngày làm việc." in words
    assert "Đề nghị Giám đốc Sở quan tâm chỉ đạo việc trả lời." in words


def test_a_template_with_a_hole_stops_the_letter_not_the_stage(
    sqlite_store: Store, town: Town, clock: Watch, reminding: Settings, tmp_path: Path
) -> None:
    document = Document(str(shipped("state", "reminder")))
    document.add_paragraph("{{ reminder.nobody }}")
    document.save(str(tmp_path / "reminder.docx"))
    own = reminding.documents.model_copy(update={"templates": tmp_path})
    refer(sqlite_store, town, "2026-11-10 17:00")
    clock.set("2026-11-17 08:00")
    summary = remind.run(sqlite_store, reminding.model_copy(update={"documents": own}), clock, quiet)
    assert [failure.what for failure in summary.failures] == ["reminder to so-nnmt@example.vn"]
    assert steps(sqlite_store) == []
    with sqlite_store.read() as session:
        assert session.scalars(select(IssuedNumber)).all() == []


@pytest.mark.parametrize(
    "columns",
    [{"state": "answered"}, {"state": "refused"}, {"state": "approved"}, {"deadline_at": None}],
    ids=str,
)
def test_who_owes_nothing_is_not_reminded(
    sqlite_store: Store, town: Town, clock: Watch, reminding: Settings, columns: dict[str, object]
) -> None:
    refer(sqlite_store, town, "2026-11-18 17:00", **columns)
    clock.set("2026-11-20 08:00")
    assert remind.run(sqlite_store, reminding, clock, quiet).counts == {}


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-20 07:59", False),
        ("2026-11-20 08:00", True),
        ("2026-11-21 08:00", False),  # a Saturday
        ("2026-11-24 08:00", False),
    ],
)
def test_reminders_wait_for_the_hour_of_a_working_day(
    sqlite_store: Store, town: Town, clock: Watch, reminding: Settings, now: str, due: bool
) -> None:
    refer(sqlite_store, town, "2026-11-18 17:00")
    clock.set(now)
    stages = [summary.stage for summary in sequence.run_due(sqlite_store, reminding, clock, quiet)]
    assert ("remind" in stages) is due
    assert bool(steps(sqlite_store)) is due


def test_without_its_section_nobody_is_reminded(
    sqlite_store: Store, town: Town, clock: Watch, office: Office
) -> None:
    refer(sqlite_store, town, "2026-11-18 17:00")
    clock.set("2026-11-20 08:00")
    assert not remind.is_due(sqlite_store, office(), clock())
    assert remind.run(sqlite_store, office(), clock, quiet).counts == {}


def test_an_agency_without_an_address_is_told_of(
    sqlite_store: Store, town: Town, clock: Watch, reminding: Settings
) -> None:
    refer(sqlite_store, town, "2026-11-18 17:00", agency_key="gone", agency_name="Sở cũ")
    clock.set("2026-11-20 08:00")
    (failure,) = remind.run(sqlite_store, reminding, clock, quiet).failures
    assert (failure.what, failure.why) == ("Sở cũ", "cannot be reminded: it has no address")


def test_an_extended_deadline_begins_its_steps_anew(
    sqlite_store: Store, town: Town, clock: Watch, reminding: Settings, mailbox: Mailbox
) -> None:
    referral_id = refer(sqlite_store, town, "2026-11-18 17:00")
    day(sqlite_store, reminding, clock, "2026-11-18 08:00")
    Review(sqlite_store, reminding, clock).extend(referral_id, on("2026-11-20"), "lead:a", "chờ kết luận")
    day(sqlite_store, reminding, clock, "2026-11-20 08:00")
    assert steps(sqlite_store) == ["day", "day"]
    texts = [text for _, text in mails(mailbox)]
    assert ["đã gia hạn đến 17:00 ngày 20/11/2026" in text for text in texts] == [False, True]


@pytest.mark.parametrize(
    ("letter", "state", "reminded"),
    [("failed", "sent", 0), ("retry", "sent", 0), ("failed", "acknowledged", 1), ("sent", "sent", 1)],
)
def test_nobody_is_reminded_of_a_letter_that_came_back(
    sqlite_store: Store,
    town: Town,
    clock: Watch,
    reminding: Settings,
    letter: str,
    state: str,
    reminded: int,
) -> None:
    referral_id = refer(sqlite_store, town, "2026-11-19 17:00", state=state)
    with sqlite_store.begin() as session:
        session.add(
            Delivery(
                key="referral 1/1",
                kind="referral",
                referral_id=referral_id,
                recipient="so-nnmt@example.vn",
                subject="x",
                message_id="<1@example.vn>",
                message=b"",
                state=letter,
                queued_at=at(SENT),
                next_attempt_at=at("2026-12-30 09:00"),
            )
        )
    clock.set("2026-11-20 09:00")
    assert remind.run(sqlite_store, reminding, clock, quiet).counts.get("reminders", 0) == reminded
