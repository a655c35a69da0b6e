"""What happens after a period has ended changes nothing in its account."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from pipeline.clock import LOCAL
from pipeline.documents.report import Report, collect_report
from pipeline.documents.report.period import week
from pipeline.settings import Settings
from store.models import Issue, IssueArticle, Referral
from store.queries.reminders import EXTENDED, SENT_AGAIN
from tests.integration.documents.conftest import Press

WEEK = week(2026, 47)
IN_WEEK = datetime(2026, 11, 17, 9, 0, tzinfo=LOCAL)
DEADLINE = IN_WEEK + timedelta(days=2)
LATER = datetime(2026, 12, 1, 9, 0, tzinfo=LOCAL)
MUCH_LATER = LATER + timedelta(days=9)


def a_week(press: Press) -> tuple[Issue, Issue]:
    """An issue referred and answered, and one referred and late; their referrals are 1 and 2."""
    answered = press.add_issue(articles=2, detected_at=IN_WEEK, state="referred")
    press.reply(press.refer(answered, sent_at=IN_WEEK, deadline_at=DEADLINE), at=DEADLINE)
    late = press.add_issue(detected_at=IN_WEEK, state="referred", topic="water", commune_code="00008")
    press.refer(late, agency_key="b", agency_name="Cơ quan B", sent_at=IN_WEEK, deadline_at=DEADLINE)
    return answered, late


def _edit(press: Press, issue: Issue, **columns: object) -> None:
    before = {name: getattr(issue, name) for name in columns}
    for name, value in columns.items():
        setattr(issue, name, value)
    press.event(issue, "edited", LATER, before=before, after=dict(columns))


def _merged(press: Press, issue: Issue, other: Issue) -> None:
    press.become(issue, "merged", LATER)
    issue.merged_into_id = other.id
    _moved(press, issue, other)


def _moved(press: Press, issue: Issue, other: Issue) -> None:
    for member in press.session.query(IssueArticle).filter_by(issue_id=issue.id):
        member.issue_id = other.id
        press.event(other, "moved", LATER, before={"issue": issue.id}, after={"article": member.article_id})


def _moved_twice(press: Press, issue: Issue, other: Issue) -> None:
    _moved(press, issue, other)
    _moved(press, other, press.add_issue(articles=0, detected_at=LATER, topic="health"))


def _ended_and_reopened(press: Press, issue: Issue) -> None:
    press.become(issue, "closed", LATER)
    press.become(issue, "reopened", LATER)


def _edited_twice(press: Press, issue: Issue) -> None:
    _edit(press, issue, topic="health")
    _edit(press, issue, topic="land")


def _referral(issue: Issue) -> Referral:
    return issue.referrals[0]


def _extended(press: Press, _: Issue, late: Issue) -> None:
    for days in (20, 30):
        referral = _referral(late)
        before = referral.deadline_at
        assert before is not None
        referral.deadline_at = LATER + timedelta(days=days)
        press.event(referral, EXTENDED, LATER, before={"deadline_at": before.isoformat()})


def _sent_again(press: Press, _: Issue, late: Issue) -> None:
    referral = _referral(late)
    assert referral.deadline_at is not None
    before, referral.deadline_at = referral.deadline_at.isoformat(), LATER + timedelta(days=14)
    press.event(referral, SENT_AGAIN, LATER, before={"deadline_at": before})


def _joined(press: Press, _: Issue, late: Issue) -> None:
    press.join(late, press.add_article(LATER, outlet_key="ben-cau"), at=LATER, role="reprint")


def _returned(press: Press, answered: Issue, _: Issue) -> None:
    press.give_back(_referral(answered).replies[0])
    press.event(_referral(answered), "returned", LATER)


def _given_up(press: Press, _: Issue, late: Issue) -> None:
    _referral(late).state = "withdrawn"
    press.event(_referral(late), "ended", LATER)


def _refused(press: Press, _: Issue, late: Issue) -> None:
    _referral(late).state = "refused"
    press.event(_referral(late), "refused", LATER)


def _recorded_late(press: Press, _: Issue, late: Issue) -> None:
    press.reply(_referral(late), at=IN_WEEK).recorded_at = LATER


AFTERWARDS: dict[str, Callable[[Press, Issue, Issue], None]] = {
    "dismissed": lambda press, _answered, late: press.become(late, "dismissed", LATER),
    "closed": lambda press, _answered, late: press.become(late, "closed", LATER),
    "closed and reopened": lambda press, _answered, late: _ended_and_reopened(press, late),
    "merged": lambda press, answered, late: _merged(press, late, answered),
    "its articles moved": lambda press, answered, late: _moved(press, answered, late),
    "its articles moved twice": lambda press, answered, late: _moved_twice(press, answered, late),
    "another topic": lambda press, _answered, late: _edit(press, late, topic="health"),
    "another topic, twice": lambda press, _answered, late: _edited_twice(press, late),
    "another place": lambda press, _answered, late: _edit(press, late, commune_code=None, province_code="31"),
    "a good example after all": lambda press, _answered, late: _edit(press, late, kind="commendation"),
    "more time": _extended,
    "its letter came back and was sent again": _sent_again,
    "another outlet writes of it": _joined,
    "the answer returned": _returned,
    "refused": _refused,
    "given up": _given_up,
    "an answer that came in time was recorded late": _recorded_late,
}


def account(session: Session, settings: Settings) -> Report:
    session.flush()
    session.expire_all()
    return collect_report(session, settings, WEEK, now=MUCH_LATER)


@pytest.mark.parametrize("afterwards", AFTERWARDS)
def test_the_account_stays(session: Session, settings: Settings, press: Press, afterwards: str) -> None:
    answered, late = a_week(press)
    press.add_article(IN_WEEK, outlet_key="ben-cau", finding={"kind": "none"})
    before = account(session, settings)
    assert (before.total("answered"), before.total("overdue")) == (1, 1)
    AFTERWARDS[afterwards](press, answered, late)
    assert account(session, settings) == before


IN_TIME = {
    name: AFTERWARDS[name]
    for name in ("dismissed", "merged", "another topic", "more time", "the answer returned", "given up")
}


@pytest.mark.parametrize("meanwhile", IN_TIME)
def test_what_happened_within_the_period_does_count(
    session: Session, settings: Settings, press: Press, monkeypatch: pytest.MonkeyPatch, meanwhile: str
) -> None:
    answered, late = a_week(press)
    before = account(session, settings)
    monkeypatch.setattr(f"{__name__}.LATER", DEADLINE + timedelta(hours=1))
    IN_TIME[meanwhile](press, answered, late)
    assert account(session, settings) != before
