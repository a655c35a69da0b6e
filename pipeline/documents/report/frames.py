"""The store's rows of a period as data frames with one column for what each breakdown counts by."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from pipeline.calendar import WorkingCalendar
from pipeline.clock import LOCAL, local
from pipeline.documents.report.words import NO_COMMUNE, NOWHERE
from pipeline.names import place_name, topics
from pipeline.settings import Settings
from store.queries import report as queries
from store.queries.past import IssueThen, LookBack, look_back, outlets_of_issues
from store.queries.referrals_then import ReferralRow, Referrals, agencies_of_issues, referrals

WHOLE = "whole"
OPEN = ("detected", "confirmed", "referred", "reopened")
STANDING = ["acknowledged", "answered", "on_time", "due", "overdue", "refused", "days"]


@dataclass(frozen=True)
class Frames:
    """`topic_name`, `unit` and, of articles and referrals, `outlet_name` and `agency_name` tell what a row
    belongs to; WHOLE is the same in every row."""

    read: pd.DataFrame
    """a row for each outlet with `read`, how many articles, whether they told of a concern or not"""
    articles: pd.DataFrame
    """those that told of a concern"""
    issues: pd.DataFrame
    referrals: pd.DataFrame
    """sent in the period; acknowledged … refused as 0 or 1, days to the answer, empty where there is none"""
    closings: pd.DataFrame
    reopenings: pd.DataFrame
    standing: pd.DataFrame
    """every referral that was waiting for its answer at the end, whenever sent; `overdue` as 0 or 1"""
    open_issues: int
    """at the end, whenever detected"""
    agencies: pd.DataFrame
    """issue and agency_name: who has been referred the issues of articles, issues, closings, reopenings"""
    outlets: pd.DataFrame
    """issue and outlet_name: who has written of the issues of issues, referrals, closings, reopenings"""

    def by_agency(self) -> "Frames":
        """Every row once for each agency that its issue was referred to."""
        return replace(self._spread(self.agencies), articles=_of_issues(self.articles, self.agencies))

    def by_outlet(self) -> "Frames":
        """Every row once for each outlet that wrote of its issue."""
        return replace(self._spread(self.outlets), referrals=_of_issues(self.referrals, self.outlets))

    def _spread(self, links: pd.DataFrame) -> "Frames":
        return replace(
            self,
            issues=_of_issues(self.issues, links),
            closings=_of_issues(self.closings, links),
            reopenings=_of_issues(self.reopenings, links),
        )


def _of_issues(frame: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    own = [column for column in links.columns if column != "issue" and column in frame.columns]
    # A frame without rows does not know that its issues are numbers.
    return frame.astype({"issue": "int64"}).drop(columns=own).merge(links, on="issue")


@dataclass(frozen=True)
class Collected:
    """What is read once for the period and for those that it is compared with."""

    back: LookBack
    referrals: Referrals
    changes: Sequence[queries.StateChange]


def collected(session: Session, first_day: date, since: datetime, until: datetime) -> Collected:
    """Enough for frames from `first_day` on, as of any moment from `since` until `until`."""
    return Collected(
        look_back(session, since),
        referrals(session, _midnight(first_day), since, until),
        queries.state_changes(session, until),
    )


def frames(
    session: Session,
    settings: Settings,
    known: Collected,
    first_day: date,
    last_day: date,
    as_of: datetime,
    *,
    to_spread: bool = False,
) -> Frames:
    """`to_spread`: with what by_agency and by_outlet need, which totals do without."""
    # In the zone of what the store tells: moments of one zone are compared ten times as fast.
    start, end = _midnight(first_day).astimezone(UTC), _midnight(last_day + timedelta(days=1)).astimezone(UTC)
    as_of = as_of.astimezone(UTC)
    past, until = known.back.at(as_of), min(end, as_of)
    ended = queries.endings(known.changes, as_of)
    ended_at = {issue: change.at for issue, change in ended.items()}
    letters = list(known.referrals.at(past, ended_at, start, until))
    sent = [row for row in letters if row.sent_at >= start]
    waiting = [row for row in letters if row.is_waiting]
    read = queries.read(session, start, end, named=to_spread)
    articles = queries.articles(session, past, start, end, _outlets(read))
    issues = queries.issues(past, start, end)
    closings = queries.closings(session, past, ended, start, end)
    reopenings = queries.reopenings(session, past, start, end)
    calendar, names = WorkingCalendar(settings.calendar), topics(settings)
    changed = {row.issue for rows in (issues, closings, reopenings) for row in rows} if to_spread else set()
    told = {row.issue for row in articles} if to_spread else set()
    referred = {row.issue for row in sent} if to_spread else set()
    return Frames(
        read=pd.DataFrame(read, columns=list(queries.ReadRow._fields)),
        articles=_frame(queries.ArticleRow, articles, names),
        issues=_frame(queries.IssueRow, issues, names),
        referrals=_frame(ReferralRow, sent, names).join(_standings(sent, as_of, calendar)),
        closings=_frame(queries.ChangeRow, closings, names),
        reopenings=_frame(queries.ChangeRow, reopenings, names),
        standing=_frame(ReferralRow, waiting, names).join(_standings(waiting, as_of, calendar)),
        open_issues=sum(_is_open(issue, as_of) for issue in past.issues.values()),
        agencies=_links("agency_name", agencies_of_issues(session, changed | told, until)),
        outlets=_links("outlet_name", outlets_of_issues(session, past, changed | referred)),
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min, LOCAL)


def _outlets(read: Sequence[queries.ReadRow]) -> dict[str, str] | None:
    """The outlets' names, where each has one: seldom is one renamed within a period."""
    names = {row.outlet: row.outlet_name for row in read}
    return names if len(names) == len(read) else None


def _is_open(issue: IssueThen, as_of: datetime) -> bool:
    return issue.kind == "concern" and issue.state in OPEN and issue.detected_at < as_of


def _links(name: str, pairs: Iterable[tuple[int, str]]) -> pd.DataFrame:
    return pd.DataFrame(sorted(pairs), columns=["issue", name]).astype({"issue": "int64"})


def _frame(row: type[Any], rows: Sequence[Any], names: dict[str, str]) -> pd.DataFrame:
    """The rows, with the names of topic and unit."""
    frame = pd.DataFrame.from_records(list(rows), columns=list(row._fields))
    # From the rows, not from the frame: it turns None into a NaN, which is true.
    frame["topic_name"] = [names.get(row.topic, row.topic) for row in rows]
    frame["unit"] = [_unit(row.province_code, row.commune_code) for row in rows]
    frame[WHOLE] = WHOLE
    return frame


@cache
def _unit(province_code: str | None, commune_code: str | None) -> str:
    if commune_code:
        return place_name(commune_code)
    return f"{place_name(province_code)} {NO_COMMUNE}" if province_code else NOWHERE


def _standings(rows: Sequence[ReferralRow], as_of: datetime, calendar: WorkingCalendar) -> pd.DataFrame:
    records = [(*_standing(row, as_of), _days(row, calendar)) for row in rows]
    whole = dict.fromkeys(STANDING[:-1], "int64") | {"days": "float64"}
    return pd.DataFrame.from_records(records, columns=STANDING).astype(whole)


def _standing(row: ReferralRow, as_of: datetime) -> tuple[bool, ...]:
    """A deadline missed by a minute is missed, as in pipeline.clocks.due.

    What was missed stays due when the issue ends, but is overdue no more: nobody waits for it. What was
    refused is another body's to answer.
    """
    refused, deadline = row.refused_at is not None, row.deadline_at
    answered = row.answered_at is not None
    missed = not answered and not refused and deadline is not None and (row.ended_at or as_of) > deadline
    on_time = row.answered_at is not None and deadline is not None and row.answered_at <= deadline
    return (
        row.acknowledged_at is not None or answered,
        answered,
        on_time,
        missed or (answered and deadline is not None),
        missed and row.ended_at is None,
        refused and not answered,
    )


def _days(row: ReferralRow, calendar: WorkingCalendar) -> float | None:
    if row.answered_at is None:
        return None
    return calendar.working_days_between(local(row.sent_at).date(), local(row.answered_at).date())
