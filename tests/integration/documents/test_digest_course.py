"""What the digest tells of an issue's course, of projects near it, of claims that wait. All is invented."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from pipeline.documents.digest import DigestContent, Line, collect, digest_html, digest_text, moment
from pipeline.growth import Growth, growth_of
from pipeline.settings import GrowthSettings, Settings
from store.models import Issue, RegisterEntry
from tests.integration.documents.conftest import DAY, NOW, Press


@pytest.fixture
def of_day(session: Session, settings: Settings):  # noqa: ANN201
    return lambda: collect(session, settings, NOW, DAY)


def lines(content: DigestContent) -> dict[int, Line]:
    shown = (*content.urgent, *content.developing, *(line for one in content.topics for line in one.lines))
    return {line.issue_id: line for line in shown}


def project(*codes: str, state: str = "open") -> RegisterEntry:
    return RegisterEntry(
        register="project", title="Mở đường Hàng Thử", unit_codes=list(codes), state=state, created_at=NOW
    )


def test_growth_is_told_in_words_with_a_curve(press: Press, of_day) -> None:  # noqa: ANN001
    issue = press.add_issue(detected_at=NOW - timedelta(days=9), state="confirmed")
    for hours in (20, 2):
        press.join(issue, press.add_article(NOW - timedelta(hours=hours)), at=NOW - timedelta(hours=1))
    quiet = press.add_issue()
    content = of_day()
    told = lines(content)[issue.id].growth
    assert told
    assert told.startswith(
        "3 ngày gần đây có thêm 2 tin, bài phản ánh (14 ngày trước đó: 0, không kể tin đầu"
    )
    assert "tăng rõ rệt" in told
    assert "▁" in told
    assert lines(content)[quiet.id].growth is None
    for shown in (digest_text(content), digest_html(content)):
        assert "Diễn biến" in shown


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        (project("00004"), ("Mở đường Hàng Thử",)),
        (project("00008", "01"), ("Mở đường Hàng Thử",)),  # all of the province
        (project("00008"), ()),
        (project("00004", state="done"), ()),
    ],
)
def test_a_project_near_an_issue_is_told(
    press: Press,
    session: Session,
    of_day,  # noqa: ANN001
    entry: RegisterEntry,
    told: tuple[str, ...],
) -> None:
    issue = press.add_issue()
    session.add(entry)
    session.flush()
    content = of_day()
    assert lines(content)[issue.id].projects == told
    assert ("Cùng địa bàn với dự án" in digest_text(content)) == bool(told)


def test_claims_past_their_day_wait_for_a_person(session: Session, of_day) -> None:  # noqa: ANN001
    for state, day in (("open", DAY - timedelta(days=1)), ("open", DAY), ("done", DAY - timedelta(days=1))):
        session.add(
            RegisterEntry(
                register="claim",
                title="Nước có độc",
                unit_codes=[],
                state=state,
                until_day=day,
                created_at=NOW,
            )
        )
    session.flush()
    content = of_day()
    assert content.waiting.late_claims == 1
    assert "1 thông tin cần trả lời công khai đã quá ngày đề nghị" in digest_text(content)
    assert DigestContent.from_dict(content.to_dict()) == content


def opened_again(press: Press) -> Issue:
    """The lead's answer of the first round was accepted, the co-agency's is in; nobody was asked since."""
    issue = press.add_issue(detected_at=NOW - timedelta(days=9), state="reopened", round=2)
    press.refer(issue, state="accepted", deadline_at=NOW + timedelta(days=2))
    press.refer(
        issue, agency_key="b", agency_name="Cơ quan B", role="co", state="answered",
        deadline_at=NOW + timedelta(days=2),
    )  # fmt: skip
    press.event(issue, "reopened")
    return issue


def test_clocks_and_letters_of_a_round_that_is_over_are_told_no_more(press: Press, of_day) -> None:  # noqa: ANN001
    issue = opened_again(press)
    line = lines(of_day())[issue.id]
    assert line.deadline
    assert (line.deadline.standing, line.deadline.text) == ("none", "chưa chuyển lại từ khi mở lại")
    assert line.agency
    assert (line.agency.routed, line.agency.text.partition(",")[0]) == ("proposed", "Sở Xây dựng")


def test_the_clock_of_the_new_round_is_told(press: Press, of_day) -> None:  # noqa: ANN001
    issue = opened_again(press)
    press.refer(issue, round=2, deadline_at=NOW + timedelta(days=6))
    line = lines(of_day())[issue.id]
    assert line.deadline
    assert line.deadline.standing == "running"
    assert line.deadline.until == NOW + timedelta(days=6)


def test_the_answer_of_a_co_agency_is_none_where_the_lead_refused(press: Press, of_day) -> None:  # noqa: ANN001
    issue = press.add_issue(state="referred", routing_problem="Sở Xây dựng từ chối.")
    press.refer(issue, state="refused")
    co = press.refer(issue, agency_key="b", agency_name="Cơ quan B", role="co")
    co.state = "answered"
    press.session.flush()
    line = lines(of_day())[issue.id]
    assert line.deadline
    assert (line.deadline.standing, line.deadline.text) == ("none", "chưa có cơ quan chủ trì nhận phiếu")


def test_all_who_let_the_same_deadline_pass_are_named(press: Press, of_day) -> None:  # noqa: ANN001
    issue = press.add_issue(detected_at=NOW - timedelta(days=9), state="referred")
    late = NOW - timedelta(hours=2)
    for key, until in (("xay-dung", late), ("b", late), ("c", late + timedelta(hours=1))):
        press.refer(issue, agency_key=key, agency_name=f"Cơ quan {key}", role="co", deadline_at=until)
    (line,) = of_day().overdue
    assert line.deadline
    assert line.deadline.text.endswith("(Cơ quan xay-dung; Cơ quan b)")


def test_the_growth_of_an_issue_is_reckoned_once(
    press: Press,
    of_day,  # noqa: ANN001
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Where it stands and what its line says of it are one figure."""
    issue = press.add_issue(detected_at=NOW - timedelta(days=9), state="confirmed")
    press.join(issue, press.add_article(NOW - timedelta(hours=2)), at=NOW - timedelta(hours=1))
    reckoned: list[int] = []

    def count(issue: Issue, settings: GrowthSettings, now: datetime) -> Growth | None:
        reckoned.append(issue.id)
        return growth_of(issue, settings, now)

    monkeypatch.setattr(moment, "growth_of", count)
    assert lines(of_day())[issue.id].growth
    assert reckoned == [issue.id]
