"""A decision is taken back as a whole, for some minutes, while nothing has come of it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from pipeline.review import Conflict, Review
from pipeline.review.registers import EntryContent
from pipeline.settings import Settings
from pipeline.stages import refer
from pipeline.states import NotAllowed
from store import Store
from store.history import record_of_referral
from store.models import (
    Attachment,
    Delivery,
    Event,
    Issue,
    IssueArticle,
    Parting,
    ProposedReply,
    ReceivedMail,
    Referral,
    RegisterEntry,
    Reply,
    TimeRequest,
    Undoable,
)
from store.queries.digest import events_by_issue
from store.queries.issues import closed_at
from store.queries.judgements import decided
from store.queries.placing import merged_into
from store.queries.referrals_then import first_events
from store.queries.reminders import REMINDED, extensions
from store.queries.search import IssueFilter, search
from tests.integration.web.town import NOW, MovableClock, Town
from tests.office import OFFICE

ANALYST, LEAD = "analyst:mot", "lead:hai"
LATER = (NOW + timedelta(days=20)).date()
"""Rows that a decision may change, with what does not come back: a version, a letter's number and words."""
COLUMNS = {
    Issue: {"version"},
    Referral: {"number", "number_year", "letter"},
    Delivery: set(),
    Reply: set(),
    ProposedReply: set(),
    Attachment: set(),
    TimeRequest: set(),
    IssueArticle: set(),
    RegisterEntry: {"version"},
    ReceivedMail: set(),
}


@dataclass
class Office:
    town: Town
    review: Review
    clock: Any

    def rows(self) -> dict[tuple[str, int], dict[str, Any]]:
        """All that may be changed, without drafts that were withdrawn again."""
        found = {}
        with self.town.store.read() as session:
            for model, apart in COLUMNS.items():
                for row in session.scalars(select(model)):
                    columns = {one.key: getattr(row, one.key) for one in model.__table__.columns}
                    kept = {name: value for name, value in columns.items() if name not in apart}
                    found[model.__tablename__, columns["id"]] = kept
        return found

    def partings(self) -> set[tuple[int, int]]:
        with self.town.store.read() as session:
            return {(one.first_id, one.second_id) for one in session.scalars(select(Parting))}

    def taken(self) -> Undoable:
        with self.town.store.read() as session:
            row = session.scalars(select(Undoable).order_by(Undoable.id.desc())).first()
            assert row is not None
            return row

    def undo(self) -> None:
        taken = self.taken()
        self.review.undo(taken.id, taken.actor)

    def events(self, *actions: str) -> list[Event]:
        with self.town.store.read() as session:
            return list(session.scalars(select(Event).where(Event.action.in_(actions)).order_by(Event.id)))


@pytest.fixture
def office(sqlite_store: Store, tmp_path: Path) -> Office:
    return office_over(sqlite_store, tmp_path)


def office_over(store: Store, tmp_path: Path) -> Office:
    settings = Settings.model_validate(
        OFFICE | {"data_dir": tmp_path, "review": {"undo_minutes": 10, "two_person": False}}
    )
    clock = MovableClock()
    return Office(Town(store, settings, clock), Review(store, settings, clock), clock)


def confirmed(office: Office) -> int:
    issue = office.town.issue(commune_code="11407")
    office.review.confirm(issue, ANALYST)
    return issue


def draft(office: Office) -> int:
    confirmed(office)
    with office.town.store.read() as session:
        return session.scalars(
            select(Referral.id).where(Referral.role == "lead").order_by(Referral.id.desc())
        ).all()[0]


def answered(office: Office) -> int:
    issue = office.town.issue(state="referred")
    return office.town.reply(office.town.sent_referral(issue, state="answered"), "Trả lời bịa.")


def proposed(office: Office) -> int:
    referral = office.town.sent_referral(office.town.issue(state="referred"))
    with office.town.store.begin() as session:
        row = ProposedReply(
            referral_id=referral, channel="mail", external_id="x", origin="thư", received_at=NOW,
            recorded_at=NOW, text="Có thể là trả lời.", left_out=[],
            attachments=[Attachment(name="a.pdf", kind="pdf", size=1, sha256="0")],
        )  # fmt: skip
        session.add(row)
        session.flush()
        return row.id


def with_letters(office: Office, state: str) -> int:
    """An issue whose letters are of every kind that a decision on it may end."""
    issue = office.town.issue(state=state, commune_code="11407")
    office.town.referral(issue)
    approved = office.town.sent_referral(issue, state="approved", sent_at=None, role="co")
    office.town.delivery(approved)
    return issue


def closed(office: Office) -> int:
    issue = office.town.issue(state="closed", outcome="no_action", commune_code="11407")
    office.town.delivery(office.town.sent_referral(issue), state="sent")
    office.town.delivery(office.town.sent_referral(issue, role="co"), state="retry", kind="link")
    return issue


def sent(office: Office) -> int:
    return office.town.sent_referral(office.town.issue(state="referred"), state="sent")


def asked(office: Office) -> int:
    return _put(office, TimeRequest(referral_id=sent(office), until=LATER, why="mưa lũ", asked_at=NOW))


def mail(office: Office) -> int:
    return _put(
        office, ReceivedMail(identity="x", kind="unmatched", subject="y", received_at=NOW, read_at=NOW)
    )


def entry(office: Office, state: str = "open") -> int:
    row = RegisterEntry(
        register="project", title="Cầu bịa", unit_codes=["11329"], state=state, created_at=NOW, text="Bịa",
    )  # fmt: skip
    return _put(office, row)


def _put(office: Office, row: Any) -> int:
    with office.town.store.begin() as session:
        session.add(row)
        session.flush()
        return int(row.id)


def supplemented(office: Office) -> int:
    """What may be a reply, where another waits to be judged."""
    number = proposed(office)
    with office.town.store.begin() as session:
        row = session.get_one(ProposedReply, number)
        row.referral.state = "answered"
        session.add(Reply(referral=row.referral, received_at=NOW, recorded_at=NOW, text="Trước đó."))
    return number


def pair(office: Office, state: str, other: str) -> int:
    """Two issues, the first with a draft; the second has the lower number."""
    office.town.issue(state=other, title="Vấn đề kia", urgency=1)
    issue = office.town.issue(state=state, articles=2)
    if state == "confirmed":
        office.town.referral(issue)
    return issue


def merged(office: Office) -> int:
    issue = pair(office, "confirmed", "detected")
    office.review.merge(issue, issue - 1, ANALYST, "trùng")
    return issue


def parted(office: Office) -> int:
    """Two that were held to be two problems."""
    issue = merged(office)
    office.review.unmerge(issue, ANALYST, "nhầm")
    return issue


def last_article(office: Office, issue: int) -> int:
    with office.town.store.read() as session:
        return session.get_one(Issue, issue).articles[-1].article_id


CASES: list[tuple[str, Callable[[Office], int], Callable[[Review, int], object]]] = [
    ("confirm", lambda o: o.town.issue(commune_code="11407"), lambda r, n: r.confirm(n, ANALYST)),
    ("confirm", lambda o: o.town.issue(topic="culture"), lambda r, n: r.confirm(n, ANALYST)),
    ("confirm", lambda o: o.town.issue(state="dismissed"), lambda r, n: r.confirm(n, ANALYST)),
    ("dismiss", lambda o: o.town.issue(), lambda r, n: r.dismiss(n, ANALYST, "Không thuộc địa bàn")),
    ("dismiss", lambda o: with_letters(o, "confirmed"), lambda r, n: r.dismiss(n, ANALYST, "trùng")),
    ("set_topic", lambda o: o.town.issue(), lambda r, n: r.set_topic(n, "traffic", ANALYST)),
    ("set_topic", confirmed, lambda r, n: r.set_topic(n, "traffic", ANALYST)),
    ("set_urgency", lambda o: o.town.issue(), lambda r, n: r.set_urgency(n, 4, ANALYST)),
    ("set_place", confirmed, lambda r, n: r.set_place(n, "11329", ANALYST)),
    ("set_title", lambda o: o.town.issue(), lambda r, n: r.set_title(n, "Tên khác", ANALYST)),
    ("set_agency", confirmed, lambda r, n: r.set_agency(n, "so-xay-dung", ANALYST)),
    ("approve", draft, lambda r, n: r.approve(n, LEAD)),
    ("withdraw", draft, lambda r, n: r.withdraw(n, ANALYST, "nhầm")),
    ("accept_reply", answered, lambda r, n: r.accept_reply(n, ANALYST)),
    ("return_reply", answered, lambda r, n: r.return_reply(n, ANALYST, "còn thiếu")),
    ("close", lambda o: with_letters(o, "referred"), lambda r, n: r.close(n, "no_action", LEAD, why="x")),
    ("reopen", closed, lambda r, n: r.reopen(n, ANALYST, "lại có tin")),
    ("set_reply_aside", proposed, lambda r, n: r.set_reply_aside(n, ANALYST, "quảng cáo")),
    ("take_reply", proposed, lambda r, n: r.take_reply(n, ANALYST)),
    ("take_reply", supplemented, lambda r, n: r.take_reply(n, ANALYST)),
    ("acknowledge", sent, lambda r, n: r.acknowledge(n, ANALYST)),
    ("record_reply", sent, lambda r, n: r.record_reply(n, ANALYST, text="Bịa", received_at=NOW)),
    ("refuse", sent, lambda r, n: r.refuse(n, "Sở Xây dựng", ANALYST, "không thuộc thẩm quyền")),
    ("extend", sent, lambda r, n: r.extend(n, LATER, LEAD, "mưa lũ")),
    ("grant_time", asked, lambda r, n: r.grant_time(n, LEAD)),
    ("decline_time", asked, lambda r, n: r.decline_time(n, LEAD, "gấp")),
    ("record_trigger", sent, lambda r, n: r.record_trigger(n, "bao-chi-30", NOW, ANALYST)),
    ("merge", lambda o: pair(o, "detected", "confirmed"), lambda r, n: r.merge(n, n - 1, ANALYST, "trùng")),
    ("merge", lambda o: pair(o, "confirmed", "detected"), lambda r, n: r.merge(n, n - 1, ANALYST, "trùng")),
    ("merge", parted, lambda r, n: r.merge(n, n - 1, ANALYST, "vẫn là một")),
    ("unmerge", merged, lambda r, n: r.unmerge(n, ANALYST, "nhầm")),
    ("mail_seen", mail, lambda r, n: r.mail_seen(n, ANALYST)),
    ("drop_entry", entry, lambda r, n: r.drop_entry(n, ANALYST, "thôi")),
    ("resume_entry", lambda o: entry(o, "dropped"), lambda r, n: r.resume_entry(n, ANALYST, "lại làm")),
    (
        "correct_entry",
        entry,
        lambda r, n: r.correct_entry(
            n, EntryContent("Cầu khác", agency_name="Sở bịa", unit_codes=("11329",)), ANALYST
        ),
    ),
    (
        "settle_entry",
        entry,
        lambda r, n: r.settle_entry(n, ANALYST, outcome="xong", day=NOW.date()),
    ),
]


@pytest.mark.parametrize(("action", "made", "decide"), CASES)
def test_everything_is_as_it_was(
    office: Office, action: str, made: Callable[[Office], int], decide: Callable[[Review, int], object]
) -> None:
    number = made(office)
    before, partings = office.rows(), office.partings()
    office.clock.now += timedelta(minutes=5)
    decide(office.review, number)
    assert office.rows() != before
    taken = office.taken()
    assert taken.action == action
    office.clock.now += timedelta(minutes=9)
    office.undo()
    after = office.rows()
    assert {key: after[key] for key in before} == before
    new = [row for key, row in after.items() if key not in before]
    assert all(row.get("judgement") == "undone" or row["state"] in ("withdrawn", "merged") for row in new)
    assert office.partings() == partings


@pytest.mark.parametrize("into", [None, "confirmed"])
def test_articles_that_were_parted_go_back(office: Office, into: str | None) -> None:
    issue = pair(office, "detected", into or "dismissed")
    before, partings = office.rows(), office.partings()
    article = last_article(office, issue)
    if into:
        office.review.move(issue, [article], issue - 1, ANALYST, "của vấn đề kia")
    else:
        new = office.review.split(issue, [article], ANALYST, "vấn đề khác")
    assert office.partings() != partings
    office.undo()
    after = office.rows()
    assert {key: after[key] for key in before} == before
    assert office.partings() == partings
    gone, back = office.events("undone")[-2:]
    assert (back.entity_id, back.after) == (issue, {"articles": [article]})
    assert (gone.after["articles_gone"], gone.after["issue"]) == ([article], issue)
    if not into:
        row = office.town.get(Issue, new)
        assert (row.state, row.merged_into_id) == ("merged", None)
        with office.town.store.read() as session:
            assert merged_into(session, issue) == []
            assert new not in search(session, IssueFilter()).ids
            assert new not in search(session, IssueFilter(states=("merged",))).ids
        with pytest.raises(NotAllowed, match="không được gộp vào"):
            office.review.unmerge(new, ANALYST, "nhầm")


def test_articles_that_joined_since_stand_in_the_way_of_parting_the_two(office: Office) -> None:
    issue = merged(office)
    joins(office, issue - 1)
    with pytest.raises(Conflict, match="Có tin, bài mới"):
        office.undo()


def test_a_merge_on_which_somebody_decided_since_stands(office: Office) -> None:
    issue = merged(office)
    taken = office.taken().id
    office.review.confirm(issue - 1, ANALYST)
    with pytest.raises(Conflict, match="vừa"):
        office.review.undo(taken, ANALYST)


def test_time_that_was_given_and_taken_back_is_no_extension(office: Office) -> None:
    number = asked(office)
    office.review.grant_time(number, LEAD)
    referral = office.town.get(TimeRequest, number).referral_id
    with office.town.store.read() as session:
        assert referral in extensions(session, [referral])
    office.undo()
    with office.town.store.read() as session:
        assert extensions(session, [referral]) == {}


@pytest.mark.parametrize(("mail", "stands"), [("queued", True), ("sent", True), ("cancelled", False)])
def test_time_of_which_the_agency_was_told_is_not_taken_back(office: Office, mail: str, stands: bool) -> None:
    """By a reminder, which names the day; one that was called off told nobody."""
    number = asked(office)
    referral = office.town.get(TimeRequest, number).referral_id
    office.review.grant_time(number, LEAD)
    given = office.town.get(Referral, referral).deadline_at
    assert given is not None
    reminder = office.town.delivery(referral, state=mail, kind="reminder")
    with office.town.store.begin() as session:
        record_of_referral(
            session, referral, REMINDED, at=office.clock(), actor="stage:remind",
            after={"step": "late 1", "deadline_at": given.astimezone(UTC).isoformat(), "delivery": reminder},
        )  # fmt: skip
    before = office.rows()
    if not stands:
        office.undo()
        return
    with pytest.raises(NotAllowed, match="đã báo cho cơ quan trong thư nhắc"):
        office.undo()
    assert office.rows() == before


def test_a_reminder_of_the_day_before_hinders_nothing(office: Office) -> None:
    number = asked(office)
    referral = office.town.get(TimeRequest, number).referral_id
    was = office.town.get(Referral, referral).deadline_at
    assert was is not None
    with office.town.store.begin() as session:
        record_of_referral(
            session, referral, REMINDED, at=NOW, actor="stage:remind",
            after={"step": "before 1", "deadline_at": was.astimezone(UTC).isoformat(), "delivery": 1},
        )  # fmt: skip
    office.review.grant_time(number, LEAD)
    office.undo()
    assert office.town.get(Referral, referral).deadline_at == was


def test_the_words_of_a_reply_are_not_kept_by_the_history(office: Office) -> None:
    """They expire; the history does not."""
    office.review.take_reply(supplemented(office), ANALYST)
    office.undo()
    assert office.events("undone")
    told = [str(event.before | event.after) for event in office.events("undone", "supplemented")]
    assert not any("Trước đó" in one or "Có thể là" in one for one in told)


def test_files_go_with_the_message_that_becomes_the_reply(office: Office) -> None:
    number = proposed(office)
    first = office.review.take_reply(number, ANALYST)
    assert office.town.get(Attachment, 1).reply_id == first
    office.undo()
    assert office.town.get(Attachment, 1).reply_id is None
    again = office.review.take_reply(number, ANALYST)
    assert office.town.get(Attachment, 1).reply_id == again != first


def corrected(office: Office) -> int:
    number = entry(office)
    content = EntryContent("Cầu khác", agency_name="Sở bịa", unit_codes=("11329",))
    office.review.correct_entry(number, content, ANALYST)
    return number


def test_an_entry_on_which_somebody_decided_since_stands(office: Office) -> None:
    number = corrected(office)
    correction = office.taken().id
    office.review.settle_entry(number, LEAD, outcome="xong", day=NOW.date())
    before = office.rows()
    with pytest.raises(Conflict, match="vừa được lead:hai ghi kết quả"):
        office.review.undo(correction, ANALYST)
    assert office.rows() == before
    office.undo()
    office.review.undo(correction, ANALYST)
    assert office.town.get(RegisterEntry, number).title == "Cầu bịa"


def test_a_clock_of_law_is_taken_back_though_the_letter_is_written(office: Office) -> None:
    referral = office.town.sent_referral(
        office.town.issue(state="referred"), state="approved", sent_at=None, letter_path="letters/1.docx"
    )
    office.review.record_trigger(referral, "bao-chi-30", NOW, ANALYST)
    office.undo()
    assert office.town.get(Referral, referral).statutory == []


def test_a_reply_that_was_recorded_by_a_slip_is_in_no_thread(office: Office) -> None:
    referral = sent(office)
    reply = office.review.record_reply(referral, ANALYST, text="Bịa", received_at=NOW)
    office.undo()
    again = office.review.record_reply(referral, ANALYST, text="Đúng", received_at=NOW)
    with office.town.store.read() as session:
        assert [one.id for one in session.get_one(Referral, referral).replies] == [again]
    assert again != reply


def test_a_draft_takes_the_place_of_another_on_postgresql_too(postgres_store: Store, tmp_path: Path) -> None:
    office = office_over(postgres_store, tmp_path)
    number = confirmed(office)
    before = office.rows()
    office.review.set_topic(number, "traffic", ANALYST)
    office.review.undo(office.taken().id, ANALYST)
    assert before.items() <= office.rows().items()


def test_what_was_put_together_is_parted_on_postgresql_too(postgres_store: Store, tmp_path: Path) -> None:
    office = office_over(postgres_store, tmp_path)
    issue = pair(office, "confirmed", "detected")
    before = office.rows()
    office.review.merge(issue, issue - 1, ANALYST, "trùng")
    office.undo()
    new = office.review.split(issue, [last_article(office, issue)], ANALYST, "khác")
    office.undo()
    after = office.rows()
    assert {key: after[key] for key in before} == before
    assert office.town.get(Issue, new).merged_into_id is None
    assert office.partings() == set()


def test_it_can_be_decided_again(office: Office) -> None:
    issue = confirmed(office)
    office.undo()
    office.review.confirm(issue, ANALYST)
    states = [row["state"] for (table, _), row in sorted(office.rows().items()) if table == "referral"]
    assert states == ["withdrawn"] * (len(states) // 2) + ["drafted"] * (len(states) // 2)


@pytest.mark.parametrize("key", ["so-nnmt", "commune"])
def test_who_could_not_be_written_to_is_tried_again_after_an_undone_confirmation(
    office: Office, key: str
) -> None:
    """A co-agency beside its lead, or the lead itself."""
    settings = office.town.settings
    without = {"communes": settings.communes.model_copy(update={"email": None})}
    if key == "so-nnmt":
        without = {"agencies": [one.model_copy(update={"email": None}) for one in settings.agencies]}
    issue = confirmed(office)
    office.undo()
    Review(office.town.store, settings.model_copy(update=without), office.clock).confirm(issue, ANALYST)
    mended = refer.run(office.town.store, settings, office.clock, lambda _: None)
    assert mended.counts["drafted"] == (1 if key == "commune" else 2)
    with office.town.store.read() as session:
        drafts = session.scalars(select(Referral.agency_key).where(Referral.state == "drafted")).all()
    assert sorted(drafts) == ["commune:11407", "so-nnmt"]


@pytest.mark.parametrize(
    ("minutes", "sentence"), [(10, "Đã quá thời gian"), (60 * 24 * 3, "Đã quá thời gian")]
)
def test_not_after_its_minutes(office: Office, minutes: int, sentence: str) -> None:
    confirmed(office)
    office.clock.now += timedelta(minutes=minutes)
    with pytest.raises(NotAllowed, match=sentence):
        office.undo()


def test_not_twice(office: Office) -> None:
    confirmed(office)
    office.undo()
    before = office.rows()
    with pytest.raises(Conflict, match=f"đã được {ANALYST} hoàn tác lúc 09:00 20/11/2026"):
        office.undo()
    assert office.rows() == before


def test_not_where_something_came_of_it(office: Office) -> None:
    confirmed(office)
    taken = office.taken().id
    with office.town.store.read() as session:
        referral = session.scalars(select(Referral.id)).first()
    assert referral
    office.review.approve(referral, LEAD)
    before = office.rows()
    with pytest.raises(Conflict, match="việc khác dựa trên"):
        office.review.undo(taken, ANALYST)
    assert office.rows() == before


def test_not_where_somebody_decided_on_the_issue_since(office: Office) -> None:
    """The reply that was accepted is what the issue was closed upon."""
    reply = answered(office)
    office.review.accept_reply(reply, ANALYST)
    taken = office.taken().id
    with office.town.store.read() as session:
        issue = session.get_one(Reply, reply).referral.issue_id
    office.review.close(issue, "explained", LEAD, reply_id=reply)
    with pytest.raises(Conflict, match="vừa được"):
        office.review.undo(taken, ANALYST)


def test_not_where_an_agency_has_answered_since(office: Office) -> None:
    reply = answered(office)
    office.review.return_reply(reply, ANALYST, "còn thiếu")
    taken = office.taken().id
    office.review.record_reply(
        office.town.get(Reply, reply).referral_id, ANALYST, text="Bổ sung.", received_at=NOW
    )
    with pytest.raises(Conflict, match="việc khác dựa trên"):
        office.review.undo(taken, ANALYST)


def test_articles_that_come_in_do_not_stand_in_the_way(office: Office) -> None:
    issue = confirmed(office)
    with office.town.store.begin() as session:
        row = session.get_one(Issue, issue)
        row.last_seen_at = NOW
        session.add(Event(at=NOW, actor="stage:group", entity="issue", entity_id=issue, action="joined",
                          before={}, after={"article": 1}))  # fmt: skip
    office.undo()
    assert office.town.get(Issue, issue).state == "detected"


def joins(office: Office, issue: int) -> None:
    with office.town.store.begin() as session:
        session.add(Event(at=NOW, actor="stage:group", entity="issue", entity_id=issue, action="joined",
                          before={}, after={"article": 1}))  # fmt: skip


def test_what_articles_have_a_say_in_does_not_come_back_over_them(office: Office) -> None:
    issue = office.town.issue(state="confirmed", urgency=2)
    office.review.set_urgency(issue, 1, ANALYST)
    joins(office, issue)
    with pytest.raises(Conflict, match="Có tin, bài mới"):
        office.undo()
    again = closed(office)
    office.review.reopen(again, ANALYST, "lại có tin")
    joins(office, again)
    with pytest.raises(Conflict, match="Có tin, bài mới"):
        office.undo()


def test_an_issue_that_waits_again_is_made_of_all_its_articles(office: Office) -> None:
    issue = office.town.issue(urgency=1)
    office.review.dismiss(issue, ANALYST, "trùng")
    joins(office, issue)
    office.undo()
    row = office.town.get(Issue, issue)
    assert (row.state, row.urgency) == ("detected", 3)


def test_one_issue_has_one_lead_whatever_is_undone(office: Office) -> None:
    reply = answered(office)
    issue = office.town.get(Referral, office.town.get(Reply, reply).referral_id).issue_id
    office.review.accept_reply(reply, ANALYST)
    taken = office.taken().id
    office.review.set_agency(issue, "so-xay-dung", ANALYST)
    with pytest.raises(Conflict):
        office.review.undo(taken, ANALYST)
    # A choice that only drafts is a decision like any other.
    office.undo()
    office.review.undo(taken, ANALYST)
    assert office.town.get(Reply, reply).judgement is None


def test_an_agency_that_has_another_draft_by_now_stands_in_the_way(office: Office) -> None:
    draft(office)
    with office.town.store.read() as session:
        co = session.scalars(select(Referral).where(Referral.role == "co")).one()
    office.review.withdraw(co.id, ANALYST, "nhầm")
    taken = office.taken().id
    office.review.set_agency(co.issue_id, co.agency_key, ANALYST)
    with pytest.raises(Conflict):
        office.review.undo(taken, ANALYST)


def test_nobody_puts_an_approved_letter_in_force_in_anothers_name(office: Office) -> None:
    referral = draft(office)
    office.review.approve(referral, LEAD)
    office.review.withdraw(referral, LEAD, "không gửi")
    with pytest.raises(NotAllowed, match="chỉ tài khoản đã làm"):
        office.review.undo(office.taken().id, ANALYST)
    office.undo()
    assert office.town.get(Referral, referral).state == "approved"


def test_no_decision_gets_the_number_of_an_old_one(office: Office) -> None:
    office.review.dismiss(office.town.issue(), ANALYST, "trùng")
    first = office.taken().id
    office.clock.now += timedelta(days=3)
    confirmed(office)
    assert office.taken().id != first


def test_a_letter_waits_until_its_approval_cannot_be_undone(office: Office) -> None:
    referral = draft(office)
    office.review.approve(referral, LEAD)

    def letters() -> int:
        summary = refer.run(office.town.store, office.town.settings, office.clock, lambda _: None)
        return summary.counts.get("letters", 0)

    assert letters() == 0
    office.clock.now += timedelta(minutes=9, seconds=59)
    assert letters() == 0
    office.clock.now += timedelta(seconds=1)
    assert letters() == 1
    with pytest.raises(NotAllowed, match="Đã quá thời gian"):
        office.undo()


def test_a_number_stays_with_its_letter(office: Office) -> None:
    referral = draft(office)
    office.review.approve(referral, LEAD)
    office.undo()
    row = office.town.get(Referral, referral)
    assert (row.state, row.number, row.approved_at, row.deadline_at) == ("drafted", 1, None, None)
    other = office.town.issue(commune_code="11407")
    office.review.confirm(other, ANALYST)
    with office.town.store.read() as session:
        drafts = session.scalars(select(Referral.id).where(Referral.issue_id == other)).all()
    office.review.approve(drafts[0], LEAD)
    office.review.approve(referral, LEAD)
    numbers = [office.town.get(Referral, one).number for one in (referral, drafts[0])]
    assert numbers == [1, 2]  # without gaps


def test_what_was_undone_teaches_nothing_and_is_not_counted(office: Office) -> None:
    kept, issue = office.town.issue(), office.town.issue()
    office.review.dismiss(kept, ANALYST, "Tin quảng bá, giải trí")
    office.review.dismiss(issue, ANALYST, "Tin quảng bá, giải trí")
    office.undo()
    reply = with_letters(office, "referred")
    office.review.close(reply, "no_action", LEAD, why="x")
    with office.town.store.read() as session:
        assert closed_at(session, reply) == NOW
    office.undo()
    referral = draft(office)
    office.review.approve(referral, LEAD)
    office.undo()
    with office.town.store.read() as session:
        assert [one.action for one in decided(session)] == ["dismissed", "confirmed"]
        assert closed_at(session, reply) is None
        assert referral not in first_events(session, ["approved"])["approved"]


def test_the_history_keeps_both(office: Office) -> None:
    issue = office.town.issue()
    office.review.dismiss(issue, ANALYST, "trùng")
    office.review.undo(office.taken().id, LEAD)
    dismissed, undone = office.events("dismissed", "undone")
    assert (dismissed.actor, undone.actor) == (ANALYST, LEAD)
    assert (undone.before["state"], undone.after["state"]) == ("dismissed", "detected")


def test_an_office_may_allow_none(office: Office) -> None:
    settings = office.town.settings.model_copy(
        update={"review": office.town.settings.review.model_copy(update={"undo_minutes": 0})}
    )
    Review(office.town.store, settings, office.clock).confirm(office.town.issue(), ANALYST)
    with office.town.store.read() as session:
        assert session.scalars(select(Undoable)).all() == []


def test_the_history_keeps_no_letters_words(office: Office) -> None:
    """They are an article's, which expire; the history does not."""
    referral = draft(office)
    office.review.approve(referral, LEAD)
    office.undo()
    with office.town.store.read() as session:
        events = session.scalars(select(Event).where(Event.entity == "referral")).all()
        assert not any("letter" in event.before | event.after for event in events)
        changes = [one for row in session.scalars(select(Undoable)) for one in row.changes]
        assert not any("letter" in one["before"] for one in changes)
    office.review.approve(referral, LEAD)
    with office.town.store.read() as session:
        again = session.get_one(Referral, referral)
        assert again.letter is not None
        assert again.letter["made_at"] == office.clock().isoformat()


def test_the_digest_tells_nothing_that_was_undone(office: Office) -> None:
    issue_id = office.town.issue(urgency=2)
    since = office.clock() + timedelta(seconds=1)
    office.clock.now = since + timedelta(minutes=1)
    office.review.dismiss(issue_id, ANALYST, "nhầm")
    office.undo()
    with office.town.store.read() as session:
        assert events_by_issue(session, since, office.clock()) == {}
