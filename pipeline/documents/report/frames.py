"""The store's rows of a period as data frames with one column for what each breakdown counts by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from pipeline.clock import LOCAL
from pipeline.names import place_name, topics
from pipeline.settings import Settings
from store.queries import report as queries

NOWHERE = "Chưa rõ địa bàn"


@dataclass(frozen=True)
class Frames:
    """`topic_name` and `unit` name what a row belongs to; `agency_name`, `outlet` where there is one."""

    articles: pd.DataFrame
    """every article read; `issue` is empty where it carries none"""
    issues: pd.DataFrame
    referrals: pd.DataFrame
    """with on_time, due, overdue, answered, acknowledged as 0 or 1"""
    closings: pd.DataFrame


def frames(session: Session, settings: Settings, first_day: date, last_day: date, as_of: datetime) -> Frames:
    start = datetime.combine(first_day, time.min, LOCAL)
    end = datetime.combine(last_day + timedelta(days=1), time.min, LOCAL)
    names = topics(settings)
    referrals = queries.referrals(session, start, end, as_of)
    return Frames(
        articles=_frame(queries.ArticleRow, queries.articles(session, start, end), names),
        issues=_frame(queries.IssueRow, queries.issues(session, start, end), names),
        referrals=_frame(queries.ReferralRow, referrals, names).join(_standings(referrals, as_of)),
        closings=_frame(queries.ClosingRow, queries.closings(session, start, end, as_of), names),
    )


def _frame(row: type[Any], rows: Sequence[Any], names: dict[str, str]) -> pd.DataFrame:
    """The rows, with the names of topic and unit."""
    frame = pd.DataFrame.from_records(list(rows), columns=list(row._fields))
    # From the rows, not from the frame: it turns None into a NaN, which is true.
    frame["topic_name"] = [names.get(row.topic, row.topic) for row in rows]
    frame["unit"] = [_unit(row.commune_code or row.province_code) for row in rows]
    return frame


def _unit(code: str | None) -> str:
    return place_name(code) if code else NOWHERE


def _standings(rows: Sequence[queries.ReferralRow], as_of: datetime) -> pd.DataFrame:
    columns = ["acknowledged", "answered", "on_time", "due", "overdue"]
    return pd.DataFrame.from_records([_standing(row, as_of) for row in rows], columns=columns).astype(int)


def _standing(row: queries.ReferralRow, as_of: datetime) -> tuple[bool, bool, bool, bool, bool]:
    """A deadline missed by a minute is missed, as in pipeline.clocks.due.

    What was missed stays due when the issue ends, but is overdue no more: nobody waits for it.
    """
    answered, deadline = row.answered_at, row.deadline_at
    missed = answered is None and deadline is not None and (row.ended_at or as_of) > deadline
    overdue = missed and row.ended_at is None
    on_time = answered is not None and deadline is not None and answered <= deadline
    due = missed or (answered is not None and deadline is not None)
    return (
        row.acknowledged_at is not None or answered is not None,
        answered is not None,
        on_time,
        due,
        overdue,
    )
