"""The store's rows of a period as data frames with one column for what each breakdown counts by."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from pipeline.calendar import WorkingCalendar
from pipeline.clock import LOCAL, local
from pipeline.names import place_name, topics
from pipeline.settings import Settings
from store.queries import report as queries
from store.queries.past import Past, outlets_of_issues, past_of

NOWHERE = "Chưa rõ địa bàn"
WHOLE = "whole"
OPEN = ("detected", "confirmed", "referred", "reopened")
STANDING = ["acknowledged", "answered", "on_time", "due", "overdue", "refused", "days"]


@dataclass(frozen=True)
class Frames:
    """`topic_name`, `unit` and, of articles and referrals, `outlet_name` and `agency_name` tell what a row
    belongs to; WHOLE is the same in every row."""

    articles: pd.DataFrame
    """every article read; `issue` is empty where it carries none"""
    issues: pd.DataFrame
    referrals: pd.DataFrame
    """sent in the period; acknowledged … refused as 0 or 1, days to the answer, empty where there is none"""
    closings: pd.DataFrame
    reopenings: pd.DataFrame
    standing: pd.DataFrame
    """every referral that was waiting for its answer at the end, whenever sent; `overdue` as 0 or 1"""
    open_issues: pd.DataFrame
    agencies: pd.DataFrame
    """issue and agency_name: who has been referred what, ever"""
    outlets: pd.DataFrame
    """issue and outlet_name: who has written of what, ever"""

    def by_agency(self) -> "Frames":
        """Every row once for each agency that its issue was referred to."""
        return self._spread(self.agencies, articles=_of_issues(self.articles, self.agencies))

    def by_outlet(self) -> "Frames":
        """Every row once for each outlet that wrote of its issue."""
        return self._spread(self.outlets, referrals=_of_issues(self.referrals, self.outlets))

    def _spread(self, links: pd.DataFrame, **others: pd.DataFrame) -> "Frames":
        spread = {
            name: _of_issues(getattr(self, name), links) for name in ("issues", "closings", "reopenings")
        }
        return replace(self, **spread, **others)


def _of_issues(frame: pd.DataFrame, links: pd.DataFrame) -> pd.DataFrame:
    told = frame.dropna(subset=["issue"]).astype({"issue": "int64"})
    own = [column for column in links.columns if column != "issue" and column in told.columns]
    return told.drop(columns=own).merge(links, on="issue")


def frames(
    session: Session,
    settings: Settings,
    first_day: date,
    last_day: date,
    as_of: datetime,
    *,
    to_spread: bool = False,
) -> Frames:
    """`to_spread`: with what by_agency and by_outlet need, which totals do without."""
    start = datetime.combine(first_day, time.min, LOCAL)
    end = datetime.combine(last_day + timedelta(days=1), time.min, LOCAL)
    past = past_of(session, as_of)
    ever = queries.referrals(session, past, min(end, as_of))
    calendar, names = WorkingCalendar(settings.calendar), topics(settings)
    sent = [row for row in ever if row.sent_at >= start]
    waiting = [row for row in ever if _is_waiting(row)]
    closings = queries.closings(session, past, start, end)
    reopenings = queries.reopenings(session, past, start, end)
    return Frames(
        articles=_frame(queries.ArticleRow, queries.articles(session, past, start, end), names),
        issues=_frame(queries.IssueRow, queries.issues(past, start, end), names),
        referrals=_frame(queries.ReferralRow, sent, names).join(_standings(sent, as_of, calendar)),
        closings=_frame(queries.ChangeRow, closings, names),
        reopenings=_frame(queries.ChangeRow, reopenings, names),
        standing=_frame(queries.ReferralRow, waiting, names).join(_standings(waiting, as_of, calendar)),
        open_issues=_frame(queries.IssueRow, _open(past), names),
        agencies=_links("agency_name", {(row.issue, row.agency_name) for row in ever}),
        outlets=_links("outlet_name", outlets_of_issues(session, past) if to_spread else set()),
    )


def _is_waiting(row: queries.ReferralRow) -> bool:
    return row.answered_at is None and row.refused_at is None and row.ended_at is None


def _open(past: Past) -> list[queries.IssueRow]:
    rows = queries.issues(past, datetime.min.replace(tzinfo=LOCAL), past.as_of)
    return [row for row in rows if row.kind == "concern" and past.issues[row.issue].state in OPEN]


def _links(name: str, pairs: set[tuple[int, str]]) -> pd.DataFrame:
    return pd.DataFrame(sorted(pairs), columns=["issue", name]).astype({"issue": "int64"})


def _frame(row: type[Any], rows: Sequence[Any], names: dict[str, str]) -> pd.DataFrame:
    """The rows, with the names of topic and unit."""
    frame = pd.DataFrame.from_records(list(rows), columns=list(row._fields))
    # From the rows, not from the frame: it turns None into a NaN, which is true.
    frame["topic_name"] = [names.get(row.topic, row.topic) for row in rows]
    frame["unit"] = [_unit(row.province_code, row.commune_code) for row in rows]
    frame[WHOLE] = WHOLE
    return frame


def _unit(province_code: str | None, commune_code: str | None) -> str:
    if commune_code:
        return place_name(commune_code)
    return f"{place_name(province_code)} (chưa rõ xã, phường)" if province_code else NOWHERE


def _standings(
    rows: Sequence[queries.ReferralRow], as_of: datetime, calendar: WorkingCalendar
) -> pd.DataFrame:
    records = [(*_standing(row, as_of), _days(row, calendar)) for row in rows]
    whole = dict.fromkeys(STANDING[:-1], "int64") | {"days": "float64"}
    return pd.DataFrame.from_records(records, columns=STANDING).astype(whole)


def _standing(row: queries.ReferralRow, as_of: datetime) -> tuple[bool, ...]:
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


def _days(row: queries.ReferralRow, calendar: WorkingCalendar) -> float | None:
    if row.answered_at is None:
        return None
    return calendar.working_days_between(local(row.sent_at).date(), local(row.answered_at).date())
