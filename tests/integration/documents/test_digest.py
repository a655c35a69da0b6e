"""The digest of a day over a small invented press: what stands where, what is counted, what is not said."""

import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from docx import Document
from sqlalchemy.orm import Session

from nlp.text import sentences
from pipeline.documents.digest import DigestContent, Line, collect, digest_docx, digest_html, digest_text
from pipeline.settings import Settings
from store.models import Delivery, Digest, Issue, Link
from tests.integration.documents.conftest import DAY, HEAD, NOW, SINCE, Press

Collect = Callable[[], DigestContent]
LONG_AGO = NOW - timedelta(days=9)


@pytest.fixture
def collected(session: Session, settings: Settings) -> Collect:
    return lambda: collect(session, settings, NOW, DAY)


def places(content: DigestContent) -> dict[str, list[int]]:
    """Which issues stand in which list."""
    lists: dict[str, tuple[Line, ...]] = {
        "urgent": content.urgent,
        "topics": tuple(line for topic in content.topics for line in topic.lines),
        "developing": content.developing,
        "answered": content.answered,
        "overdue": content.overdue,
        "due_soon": content.due_soon,
        "good_examples": content.good_examples,
        "restricted": content.waiting.restricted,
        "unrouted": content.waiting.unrouted,
        "unreferred": content.waiting.unreferred,
    }
    return {name: [line.issue_id for line in lines] for name, lines in lists.items() if lines}


def old(press: Press, **columns: object) -> Issue:
    return press.add_issue(detected_at=LONG_AGO, **columns)  # type: ignore[arg-type]


def with_new_articles(press: Press, number: int) -> Issue:
    issue = old(press, state="confirmed")
    for _ in range(number):
        press.join(issue, press.add_article())
    return issue


def reopened(press: Press) -> Issue:
    issue = old(press, state="reopened")
    press.event(issue, "reopened")
    return issue


def referred(press: Press, deadline: datetime, **columns: object) -> Issue:
    issue = old(press, state="referred", **columns)
    press.refer(issue, deadline_at=deadline, sent_at=LONG_AGO)
    return issue


def replied(press: Press) -> Issue:
    issue = referred(press, NOW + timedelta(days=9))
    press.reply(issue.referrals[0])
    return issue


def reported_handled(press: Press) -> Issue:
    issue = old(press, state="confirmed")
    press.join(issue, press.add_article(finding={"kind": "answer"}), role="answer")
    return issue


def closed(press: Press, at: datetime) -> Issue:
    issue = old(press, state="closed", outcome="explained")
    press.event(issue, "closed", at=at)
    return issue


def urgent_and_acknowledged(press: Press) -> Issue:
    issue = referred(press, NOW + timedelta(days=20), urgency=4)
    press.event(issue.referrals[0], "acknowledged")
    return issue


def late(press: Press, **columns: object) -> Issue:
    return referred(press, NOW - HOURS, **columns)


def late_and_reported_handled(press: Press) -> Issue:
    issue = late(press)
    press.join(issue, press.add_article(finding={"kind": "answer"}), role="answer")
    return issue


def late_beside_an_answer(press: Press) -> Issue:
    issue = late(press)
    press.reply(press.refer(issue, agency_key="b", agency_name="Cơ quan B", role="co"))
    return issue


def late_beside_a_returned_answer(press: Press) -> Issue:
    issue = late_beside_an_answer(press)
    press.give_back(issue.referrals[1].replies[0])
    return issue


def answered_too_late(press: Press) -> Issue:
    issue = late(press)
    press.reply(issue.referrals[0])
    return issue


def answer_returned(press: Press) -> Issue:
    issue = replied(press)
    press.give_back(issue.referrals[0].replies[0])
    press.event(issue.referrals[0], "returned")
    return issue


def with_referral(
    press: Press, state: str, referral_state: str, *, issues_round: int = 1, **columns: object
) -> Issue:
    """Nothing happened to it lately."""
    issue = old(press, state=state)
    issue.round = issues_round
    press.refer(issue, state=referral_state, sent_at=LONG_AGO, **columns)
    return issue


HOURS = timedelta(hours=1)
SITUATIONS: dict[str, tuple[Callable[[Press], Issue], str | None]] = {
    "new and urgent": (lambda press: press.add_issue(urgency=3), "urgent"),
    "new": (lambda press: press.add_issue(urgency=2), "topics"),
    "old and unchanged": (lambda press: old(press), None),
    "one more article": (lambda press: with_new_articles(press, 1), "topics"),
    "several more articles": (lambda press: with_new_articles(press, 2), "developing"),
    "reopened": (reopened, "developing"),
    "urgent and changed": (urgent_and_acknowledged, "urgent"),
    "replied": (replied, "answered"),
    "reported handled": (reported_handled, "answered"),
    "closed since": (lambda press: closed(press, NOW - HOURS), "answered"),
    "closed before": (lambda press: closed(press, SINCE - HOURS), None),
    "at the minute of its deadline": (lambda press: referred(press, NOW), "due_soon"),
    "a minute after its deadline": (lambda press: referred(press, NOW - timedelta(minutes=1)), "overdue"),
    "due on the next working day": (lambda press: referred(press, NOW + timedelta(days=3)), "due_soon"),
    "due in a month": (lambda press: referred(press, NOW + timedelta(days=30)), None),
    "urgent and overdue": (lambda press: late(press, urgency=4), "overdue"),
    "overdue and reported handled": (late_and_reported_handled, "overdue"),
    "overdue beside another's answer": (late_beside_an_answer, "overdue"),
    "overdue beside a returned answer": (late_beside_a_returned_answer, "overdue"),
    "answered too late": (answered_too_late, "answered"),
    "answer returned": (answer_returned, "topics"),
    "a good example": (lambda press: press.add_issue(kind="commendation", urgency=0), "good_examples"),
    "an old good example": (lambda press: old(press, kind="commendation"), None),
    "restricted": (lambda press: press.add_issue(restricted=True, urgency=4), "restricted"),
    "restricted and old": (lambda press: old(press, restricted=True), "restricted"),
    "restricted and closed": (lambda press: old(press, restricted=True, state="closed"), None),
    "restricted, referred and unchanged": (
        lambda press: _set(with_referral(press, "referred", "acknowledged"), restricted=True),
        None,
    ),
    "restricted, confirmed and changed": (
        lambda press: _confirmed(old(press, restricted=True, state="confirmed"), press),
        "topics",
    ),
    "restricted and overdue": (lambda press: late(press, restricted=True), "overdue"),
    "restricted good example": (
        lambda press: press.add_issue(restricted=True, kind="commendation"),
        "restricted",
    ),
    "without an agency": (
        lambda press: old(press, state="confirmed", routing_problem="Không rõ."),
        "unrouted",
    ),
    "confirmed, its draft withdrawn": (
        lambda press: with_referral(press, "confirmed", "withdrawn"),
        "unreferred",
    ),
    "reopened, answered before": (
        lambda press: with_referral(press, "reopened", "accepted", issues_round=2),
        "unreferred",
    ),
    "asked of a co-agency alone": (
        lambda press: with_referral(press, "confirmed", "approved", role="co"),
        "unreferred",
    ),
    "refused, then nobody chosen": (lambda press: with_referral(press, "referred", "refused"), "unreferred"),
    "confirmed and drafted": (lambda press: with_referral(press, "confirmed", "drafted"), None),
    "confirmed and approved": (lambda press: with_referral(press, "confirmed", "approved"), None),
    "referred and accepted": (lambda press: with_referral(press, "referred", "accepted"), None),
    "dismissed": (lambda press: press.add_issue(state="dismissed", urgency=4), None),
    "merged": (lambda press: press.add_issue(state="merged", urgency=4), None),
    "dismissed and overdue": (
        lambda press: _set(referred(press, NOW - HOURS), state="dismissed"),
        None,
    ),
}


def _confirmed(issue: Issue, press: Press) -> Issue:
    press.event(issue, "confirmed")
    return issue


def _set(issue: Issue, **columns: object) -> Issue:
    for name, value in columns.items():
        setattr(issue, name, value)
    return issue


@pytest.mark.parametrize("situation", SITUATIONS)
def test_each_situation_has_its_list(press: Press, collected: Collect, situation: str) -> None:
    make, expected = SITUATIONS[situation]
    issue = make(press)
    press.session.flush()
    assert places(collected()) == ({expected: [issue.id]} if expected else {})


def test_no_issue_stands_twice_and_every_line_cites_its_sources(press: Press, collected: Collect) -> None:
    for make, _ in SITUATIONS.values():
        make(press)
    press.session.flush()
    content = collected()
    ids = [issue_id for listed in places(content).values() for issue_id in listed]
    assert len(ids) == len(set(ids)) == sum(expected is not None for _, expected in SITUATIONS.values())
    html, text = digest_html(content), digest_text(content)
    for line in _lines(content):
        assert line.sources
        for source in line.sources:
            assert f'href="{source.url}"' in html
            assert source.url in text
            assert source.at.strftime("%H:%M %d/%m") in text


def _lines(content: DigestContent) -> list[Line]:
    topics = [line for topic in content.topics for line in topic.lines]
    others = (content.urgent, content.developing, content.answered, content.overdue, content.due_soon)
    others = (*others, content.good_examples, content.waiting.lines)
    return [*topics, *(line for lines in others for line in lines)]


def test_articles_outlets_and_issues_are_counted_apart(press: Press, collected: Collect) -> None:
    issue = press.add_issue(articles=3)
    press.join(issue, press.add_article(outlet_key="ben-cau"), role="reprint")
    press.add_issue(urgency=4)
    press.add_article(finding={"kind": "none"})
    press.add_article(seen_at=SINCE)
    press.add_issue(state="dismissed")
    press.add_issue(kind="commendation")
    content = collected()
    counts = content.counts
    assert (counts.articles, counts.outlets) == (8, 2)
    assert (counts.concern_articles, counts.concern_outlets) == (5, 2)
    assert (counts.new_issues, counts.changed_issues, counts.urgent) == (2, 0, 1)
    (line,) = [line for line in _lines(content) if line.issue_id == issue.id]
    assert (line.articles, line.outlets, line.reprints) == (4, 2, 1)
    assert "Đã đọc 8 tin, bài mới của 2 cơ quan báo chí; trong đó 5 tin, bài của 2 cơ quan" in digest_text(
        content
    )
    assert "4 tin, bài của 2 cơ quan báo chí, trong đó 1 bài đăng lại" in digest_html(content)


def test_it_looks_back_to_the_previous_digest_not_to_todays(
    press: Press, session: Session, collected: Collect
) -> None:
    made = NOW - timedelta(hours=60)
    session.add(Digest(day=DAY - timedelta(days=2), made_at=made, content={}, html=""))
    session.add(Digest(day=DAY, made_at=NOW - HOURS, content={}, html=""))
    issue = press.add_issue(detected_at=NOW - timedelta(hours=50))
    press.add_issue(detected_at=NOW - timedelta(hours=61))
    content = collected()
    assert content.since == made
    assert content.since_previous
    assert places(content) == {"topics": [issue.id]}


def test_a_restricted_issue_is_named_and_cited_but_never_quoted(press: Press, collected: Collect) -> None:
    press.add_issue(restricted=True, title="Việc cần người xem")
    content = collected()
    (line,) = content.waiting.restricted
    assert (line.quotation, line.reasons) == (None, ())
    for shown in (
        digest_text(content),
        digest_html(content),
        json.dumps(content.to_dict(), ensure_ascii=False),
    ):
        assert "Việc cần người xem" in shown
        assert "nhiều lần kiến nghị" not in shown


def test_a_restricted_issue_that_a_person_released_is_still_not_quoted(
    press: Press, collected: Collect
) -> None:
    issue = late(press, restricted=True, title="Việc đã được duyệt")
    press.reply(press.refer(issue, agency_key="b", agency_name="Cơ quan B", role="co"))
    content = collected()
    assert content.waiting.restricted == ()
    (line,) = content.overdue
    assert (line.quotation, line.reasons) == (None, ())
    assert line.note == "Cơ quan B trả lời tại văn bản 77/SXD-QLĐB"
    for shown in (digest_text(content), digest_html(content), _printed(content)):
        assert "Việc đã được duyệt" in shown
        assert "nhiều lần kiến nghị" not in shown


def test_late_and_nearly_late_are_counted_wherever_they_stand(press: Press, collected: Collect) -> None:
    for make in (late, late_and_reported_handled, late_beside_a_returned_answer):
        make(press)
    late(press, restricted=True)
    soon = referred(press, NOW + timedelta(days=1), urgency=4)
    press.event(soon.referrals[0], "acknowledged")
    referred(press, NOW + timedelta(days=1))
    content = collected()
    assert (len(content.urgent), len(content.due_soon)) == (1, 1)
    assert (content.counts.overdue, content.counts.due_soon) == (4, 2)
    said = [line.deadline.standing for line in _lines(content) if line.deadline]
    assert (said.count("overdue"), said.count("due_soon")) == (4, 2)
    assert "4 vấn đề quá hạn; 2 vấn đề sắp đến hạn" in digest_text(content)


def test_a_quotation_has_at_most_two_sentences_and_the_reason_stands_beside_it(
    press: Press, collected: Collect
) -> None:
    press.add_issue()
    content = collected()
    (line,) = _lines(content)
    assert line.quotation == "Bà con đã nhiều lần kiến nghị mà chưa được giải quyết."
    assert len(sentences(line.quotation)) <= 2
    assert line.reasons == ("dấu hiệu kiến nghị: nhiều lần kiến nghị",)
    assert "Vì sao nêu: dấu hiệu kiến nghị: nhiều lần kiến nghị" in digest_text(content)


@pytest.mark.parametrize(
    ("topic", "commune", "routed", "words"),
    [
        ("traffic", "00004", "proposed", "Sở Xây dựng, phối hợp: UBND phường Ba Đình"),
        ("water", "00004", "problem", "Chưa có quy tắc chuyển nào có hiệu lực cho lĩnh vực"),
    ],
)
def test_before_a_referral_the_rules_propose_or_say_why_not(
    press: Press, collected: Collect, topic: str, commune: str, routed: str, words: str
) -> None:
    press.add_issue(topic=topic, commune_code=commune)
    (line,) = _lines(collected())
    assert line.agency is not None
    assert line.agency.routed == routed
    assert words in line.agency.text
    assert line.deadline is not None
    assert line.deadline.text == "chưa chuyển"


def test_an_overdue_line_names_agency_deadline_and_delay(press: Press, collected: Collect) -> None:
    issue = referred(press, NOW - timedelta(days=2, hours=14))
    press.refer(
        issue, agency_key="b", agency_name="Cơ quan B", role="co", deadline_at=NOW + timedelta(days=9)
    )
    (line,) = collected().overdue
    assert line.agency is not None
    assert line.agency.text == "Sở Xây dựng, phối hợp: Cơ quan B"
    assert line.deadline is not None
    assert line.deadline.text == "17:00 ngày 17/11/2026 – quá hạn 2 ngày làm việc (Sở Xây dựng)"


def test_what_has_waited_longest_stands_first_among_equally_urgent(press: Press, collected: Collect) -> None:
    later = referred(press, NOW - timedelta(hours=1))
    sooner = referred(press, NOW - timedelta(hours=20))
    urgent = referred(press, NOW - timedelta(minutes=1), urgency=3)
    assert places(collected()) == {"overdue": [urgent.id, sooner.id, later.id]}


def test_an_answer_says_who_and_what(press: Press, collected: Collect) -> None:
    replied(press)
    reported_handled(press)
    notes = {line.note for line in collected().answered}
    assert "Sở Xây dựng trả lời tại văn bản 77/SXD-QLĐB: “Sẽ vá mặt đường trước ngày 30/11/2026”" in notes
    assert any(note and note.startswith("Báo Sông Mẫu đưa tin đã xử lý: “") for note in notes)


def test_many_sources_are_counted_not_listed(press: Press, collected: Collect) -> None:
    press.add_issue(articles=8)
    content = collected()
    (line,) = _lines(content)
    assert (len(line.sources), line.more_sources) == (5, 3)
    assert "và 3 nguồn khác" in digest_html(content)
    assert "và 3 nguồn khác" in digest_text(content)


MARKS = {
    "changed": ({"changed_at": NOW}, " (đã sửa lúc 07:00 20/11/2026)"),
    "taken down": ({"changed_at": NOW, "gone_at": NOW}, " (đã gỡ)"),
    "as it was": ({}, ""),
}


@pytest.mark.parametrize(("columns", "mark"), MARKS.values(), ids=MARKS)
def test_a_changed_article_is_marked(
    press: Press, collected: Collect, columns: dict[str, datetime], mark: str
) -> None:
    press.join(press.add_issue(articles=0), press.add_article(**columns))
    content = collected()
    (line,) = _lines(content)
    (source,) = line.sources
    assert DigestContent.from_dict(content.to_dict()).topics[0].lines[0].sources[0].marks == mark
    for shown in (digest_text(content), digest_html(content), _printed(content)):
        assert f"{source.short_when}{mark}: " in shown


def test_topics_stand_in_the_taxonomys_order(press: Press, collected: Collect) -> None:
    for topic in ("rural", "land", "traffic"):
        press.add_issue(topic=topic)
    assert [topic.topic for topic in collected().topics] == ["land", "traffic", "rural"]


def test_an_empty_day_says_so(collected: Collect) -> None:
    content = collected()
    assert content.is_empty
    for shown in (digest_text(content), digest_html(content), _printed(content)):
        assert "Không có vấn đề mới hoặc thay đổi trong thời gian này." in shown


def test_what_waits_and_what_is_stuck_is_listed(press: Press, session: Session, collected: Collect) -> None:
    press.add_issue()
    old(press)
    old(press, state="confirmed", routing_problem="Không rõ.")
    delivery = {"kind": "referral", "subject": "Phiếu chuyển", "message": b"", "queued_at": SINCE}
    for state, number in (("retry", 1), ("quarantined", 2), ("sent", 3), ("queued", 4)):
        session.add(
            Delivery(
                key=f"referral {number}",
                recipient=f"{state}@so.example.vn",
                message_id=f"<{number}@x>",
                state=state,
                attempts=number,
                next_attempt_at=NOW,
                last_error="550 mailbox unavailable",
                **delivery,
            )
        )
    session.flush()
    content = collected()
    assert (content.waiting.unconfirmed, content.waiting.routing_problems) == (2, 1)
    assert [stuck.recipient for stuck in content.stuck] == [
        "quarantined@so.example.vn",
        "retry@so.example.vn",
    ]
    assert "2 vấn đề chờ xác nhận; 1 vấn đề vướng nơi chuyển" in digest_text(content)
    assert "550 mailbox unavailable" in digest_html(content)


SOURCES = {
    "well": ({}, 0, None),
    "failing": ({"failures": 3, "last_error": "HTTP 503"}, 0, "failing"),
    "never read": ({"last_ok_at": None, "last_new_at": None}, 0, "unread"),
    "silent": ({"last_new_at": NOW - timedelta(hours=49)}, 0, "silent"),
    "almost silent": ({"last_new_at": NOW - timedelta(hours=48)}, 0, None),
    "no page can be read": ({}, 3, "unreadable"),
    "new layout": ({"layout_changed_at": NOW - HOURS}, 0, "layout"),
    "paused": ({"failures": 9, "paused_at": NOW - HOURS}, 0, "paused"),
    "failed once": ({"failures": 1}, 0, None),
    "two odd pages": ({}, 2, None),
}


@pytest.mark.parametrize("case", SOURCES)
def test_a_source_in_trouble_is_told(press: Press, session: Session, collected: Collect, case: str) -> None:
    columns, unreadable, trouble = SOURCES[case]
    source = press.add_source("ben-cau", "Tin Bến Cầu", **columns)
    for number in range(unreadable):
        url = f"https://ben-cau.example.vn/muc/{number}"
        link = {"url": url, "canonical_url": url, "discovered_at": NOW - HOURS}
        session.add(Link(source_id=source.id, state="refused", reason="not an article", attempts=1, **link))
    session.flush()
    health = collected().health
    assert [found.trouble for found in health.troubles] == ([trouble] if trouble else [])
    assert health.configured == 2
    assert health.failed == (1 if columns.get("failures") else 0)
    assert health.read == (1 if case == "never read" else 2)


def test_what_waits_for_a_person_has_a_number_in_every_form(press: Press, collected: Collect) -> None:
    with_referral(press, "confirmed", "withdrawn")
    press.add_issue(state="reopened")
    old(press, state="confirmed", routing_problem="Không rõ.")
    for state in ("confirmed", "referred", "dismissed"):
        with_referral(press, state, "drafted")
    judged = replied(press).referrals[0].replies[0]
    judged.judgement = "accepted"
    waits_long = referred(press, NOW + timedelta(days=9))
    press.reply(waits_long.referrals[0], at=LONG_AGO)
    press.session.flush()
    content = collected()
    waiting = content.waiting
    assert (waiting.without_referral, waiting.drafted_referrals, waiting.unjudged_replies) == (2, 2, 1)
    plain = content.to_dict()["waiting"]
    assert [plain[name] for name in ("without_referral", "drafted_referrals", "unjudged_replies")] == [
        2,
        2,
        1,
    ]
    for shown in (digest_html(content), digest_text(content), _printed(content)):
        assert "2 vấn đề đã xác nhận nhưng chưa có phiếu chuyển" in shown
        assert "2 phiếu chuyển chờ duyệt" in shown
        assert "1 văn bản trả lời chờ đánh giá" in shown
        assert "Chờ người xem (2)" in shown or "CHỜ NGƯỜI XEM (2)" in shown


def test_an_issue_closed_or_answered_in_the_period_has_changed(press: Press, collected: Collect) -> None:
    closed(press, NOW - HOURS)
    press.event(replied(press).referrals[0], "answered")
    content = collected()
    assert content.counts.changed_issues == 2
    assert {line.changes for line in content.answered} == {("đã kết thúc",), ("đã trả lời: Sở Xây dựng",)}
    assert "Tình trạng: đã kết thúc: đã giải thích\n" in digest_text(content)


def test_what_brought_an_issue_into_its_state_is_said_once(press: Press, collected: Collect) -> None:
    reopened(press)
    assert "Tình trạng: mở lại\n" in digest_text(collected())


def test_a_source_never_crawled_is_told_and_one_no_longer_configured_is_not(
    press: Press, collected: Collect
) -> None:
    press.add_source("da-bo", "Báo đã bỏ", failures=9)
    health = collected().health
    assert [(found.outlet, found.trouble) for found in health.troubles] == [("Tin Bến Cầu", "unread")]


def test_titles_are_text_not_markup(press: Press, collected: Collect) -> None:
    press.add_issue(title='Cầu <b>tạm</b> & "đường" <script>alert(1)</script>')
    html = digest_html(collected())
    assert "<script>" not in html
    assert "&lt;b&gt;tạm&lt;/b&gt; &amp;" in html


def test_the_html_stands_alone(press: Press, collected: Collect) -> None:
    press.add_issue()
    html = digest_html(collected())
    for foreign in ("<script", "<img", "<link", "src=", "@import", "url("):
        assert foreign not in html


def test_json_is_plain_and_whole(press: Press, collected: Collect) -> None:
    for make, _ in SITUATIONS.values():
        make(press)
    content = collected()
    read = json.loads(json.dumps(content.to_dict()))
    assert read["day"] == "2026-11-20"
    assert read["made_at"] == "2026-11-20T07:00:00+07:00"
    assert [line["issue_id"] for line in read["urgent"]] == [line.issue_id for line in content.urgent]
    assert read["urgent"][0]["sources"][0]["url"].startswith("https://song-mau.example.vn/")


def test_the_json_is_read_back_as_the_same_content(
    press: Press, session: Session, collected: Collect
) -> None:
    for make, _ in SITUATIONS.values():
        make(press)
    outside(press, "Mưa lũ ở tỉnh bạn", "concern", "79", urgency=2)
    outside(press, "Đã vá xong ổ gà", "answer", "01", urgency=0)
    press.add_source("ben-cau", "Tin Bến Cầu", failures=3, last_error="HTTP 503")
    delivery = {"kind": "referral", "subject": "Phiếu", "message": b"", "queued_at": SINCE, "state": "retry"}
    session.add(Delivery(key="1", recipient="a@b.vn", message_id="<1@x>", next_attempt_at=NOW, **delivery))
    session.flush()
    content = collected()
    again = DigestContent.from_dict(json.loads(json.dumps(content.to_dict())))
    assert again == content
    assert all((content.elsewhere, content.handled, content.stuck, content.health.troubles))
    assert digest_docx(again, HEAD) == digest_docx(content, HEAD)
    assert digest_html(again) == digest_html(content)


def test_json_of_another_shape_is_refused(collected: Collect) -> None:
    plain = collected().to_dict()
    del plain["waiting"]
    with pytest.raises(ValueError, match="waiting"):
        DigestContent.from_dict(plain)


def test_the_same_content_has_the_same_bytes(press: Press, collected: Collect) -> None:
    for make, _ in SITUATIONS.values():
        make(press)
    assert digest_docx(collected(), HEAD) == digest_docx(collected(), HEAD)
    assert digest_html(collected()) == digest_html(collected())


def test_the_docx_says_what_the_mail_says(press: Press, collected: Collect) -> None:
    press.add_issue(title="Cầu treo đứt cáp", urgency=4)
    referred(press, NOW - HOURS, title="Cống tắc")
    document = Document(io.BytesIO(digest_docx(collected(), HEAD)))
    printed = "\n".join(paragraph.text for paragraph in document.paragraphs)
    for said in ("VIỆC KHẨN (1)", "1. Cầu treo đứt cáp (mới)", "QUÁ HẠN TRẢ LỜI (1)", "1. Cống tắc"):
        assert said in printed
    assert "- Báo Sông Mẫu, 05:00 20/11: " in printed
    assert "https://" not in printed
    targets = {relation.target_ref for relation in document.part.rels.values() if relation.is_external}
    assert any(target.startswith("https://song-mau.example.vn/") for target in targets)
    assert printed.rstrip().endswith("./.")


def _printed(content: DigestContent) -> str:
    return "\n".join(
        paragraph.text for paragraph in Document(io.BytesIO(digest_docx(content, HEAD))).paragraphs
    )


def outside(press: Press, title: str, kind: str, province: str | None, **finding: object) -> None:
    """An article that joined no issue; grouped an hour before the digest."""
    places = [
        {"code": province, "province_code": province, "name": title, "level": "province", "as_written": "x"}
    ]
    told = {"kind": kind, "places": places if province else [], "grouped_at": NOW - timedelta(hours=1)}
    press.add_article(title=title, finding=told | finding)


def test_what_joined_no_issue_is_named_at_the_end(press: Press, collected: Collect) -> None:
    outside(press, "Mưa lũ ở tỉnh bạn", "concern", "79", urgency=2)
    outside(press, "Cháy chợ ở tỉnh bạn", "concern", "79", urgency=4)
    outside(press, "Đã vá xong ổ gà", "answer", "01", urgency=0)
    outside(press, "Đã vá xong ổ gà ở tỉnh bạn", "answer", "79", urgency=0)
    outside(press, "Tranh chấp ở tỉnh bạn", "concern", "79", restricted=True)
    outside(press, "Tin hôm kia", "concern", "79", grouped_at=LONG_AGO)
    content = collected()
    assert [mention.source.title for mention in content.elsewhere] == [
        "Cháy chợ ở tỉnh bạn",
        "Mưa lũ ở tỉnh bạn",
    ]
    assert [mention.source.title for mention in content.handled] == ["Đã vá xong ổ gà"]
    assert content.is_empty
    for text in (digest_html(content), digest_text(content), _printed(content)):
        assert "Thành phố Hồ Chí Minh" in text
        assert text.index("Đã vá xong ổ gà") < text.index("Cháy chợ ở tỉnh bạn")


def test_a_long_list_of_other_provinces_is_cut_and_counted(press: Press, collected: Collect) -> None:
    for number in range(18):
        outside(press, f"Việc thứ {number} ở tỉnh bạn", "concern", "79", urgency=2)
    content = collected()
    assert len(content.elsewhere) == 18
    for text in (digest_html(content), digest_text(content), _printed(content)):
        assert text.count("ở tỉnh bạn") == 15
        assert "và 3 tin, bài khác" in text
