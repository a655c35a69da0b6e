"""From the store to what the report of a period says."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

import pandas as pd
from sqlalchemy.orm import Session

from pipeline.clock import LOCAL, local
from pipeline.documents.report.comparison import Compared, comparison, periods_compared
from pipeline.documents.report.content import Column, Report, Table, Total
from pipeline.documents.report.frames import Frames, frames
from pipeline.documents.report.words import DEFINITIONS, HEADINGS, TOTALS
from pipeline.names import OUTCOME_IN_WORDS
from pipeline.settings import Settings

CLOCKED = ["acknowledged", "answered", "on_time", "due", "overdue"]
NEWS = ["articles", "outlets", "issues"]


def collect_report(session: Session, settings: Settings, start: date, end: date, *, now: datetime) -> Report:
    """The account of the days `start` to `end`, both included.

    What is overdue or answered is so at the end of the period, or `now` where that comes first.
    """
    as_of = min(local(now), _end_of(end))
    data = frames(session, settings, start, end, as_of)
    totals = _totals(data)
    compared = [(period, _totals_then(session, settings, period)) for period in periods_compared(start, end)]
    office = settings.office
    return Report(
        office=office.name,
        parent=office.parent,
        place=office.place,
        signer_post=office.signer_post,
        contact_unit=office.contact_unit,
        start=start,
        end=end,
        as_of=as_of,
        totals=totals,
        tables=(
            comparison(totals, compared),
            _breakdown("topics", "Theo lĩnh vực", "Lĩnh vực", "topic_name", data),
            _outcomes("outcomes", "Kết thúc theo kết quả", "Lĩnh vực", "topic_name", data),
            _agencies(data),
            _breakdown("units", "Theo địa bàn", "Địa bàn", "unit", data),
            _outlets(data),
        ),
        definitions=DEFINITIONS,
    )


def _end_of(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time.min, LOCAL)


def _totals_then(session: Session, settings: Settings, period: Compared) -> tuple[Total, ...] | None:
    """As of the period's end; None where nothing was read in it: no zero stands for what nobody counted."""
    data = frames(session, settings, period.start, period.end, _end_of(period.end))
    return _totals(data) if len(data.articles) else None


def _totals(data: Frames) -> tuple[Total, ...]:
    told = data.articles.dropna(subset=["issue"])
    numbers = {
        "read": len(data.articles),
        "read_outlets": data.articles["outlet"].nunique(),
        "articles": len(told),
        "outlets": told["outlet"].nunique(),
        "issues": int((data.issues["kind"] == "concern").sum()),
        "good_examples": int((data.issues["kind"] == "commendation").sum()),
        "referred": len(data.referrals),
        **{key: int(data.referrals[key].sum()) for key in CLOCKED},
        "overdue_issues": data.referrals.loc[data.referrals["overdue"] == 1, "issue"].nunique(),
        "closed": len(data.closings),
    }
    names = HEADINGS | TOTALS
    return tuple(Total(key, names[key], number) for key, number in numbers.items())


def _breakdown(key: str, title: str, heading: str, by: str, data: Frames) -> Table:
    """What was told, referred, answered and closed, by topic or unit."""
    counts = _joined(
        [_news(data, by), _referred(data, by), data.closings.groupby(by).size().rename("closed").to_frame()]
    )
    return _table(key, title, heading, counts, [*NEWS, "referred", *CLOCKED, "closed"])


def _news(data: Frames, by: str) -> pd.DataFrame:
    told = data.articles.dropna(subset=["issue"]).groupby(by)
    concerns = data.issues[data.issues["kind"] == "concern"].groupby(by)
    return _joined(
        [
            told.agg(articles=("article", "nunique"), outlets=("outlet", "nunique")),
            concerns.agg(issues=("issue", "nunique")),
        ]
    )


def _referred(data: Frames, by: str) -> pd.DataFrame:
    groups = data.referrals.groupby(by)
    return _joined([groups.agg(referred=("referral", "nunique")), groups[CLOCKED].sum()])


def _agencies(data: Frames) -> Table:
    groups = data.referrals.groupby("agency_name")
    counts = _joined([groups.agg(issues=("issue", "nunique")), _referred(data, "agency_name")])
    return _table("agencies", "Theo cơ quan nhận phiếu", "Cơ quan", counts, ["issues", "referred", *CLOCKED])


def _outcomes(key: str, title: str, heading: str, by: str, data: Frames) -> Table:
    counts = pd.crosstab(data.closings[by], data.closings["outcome"])
    return _table(key, title, heading, counts, list(OUTCOME_IN_WORDS))


def _outlets(data: Frames) -> Table:
    groups = data.articles.groupby("outlet_name")
    told = data.articles.dropna(subset=["issue"]).groupby("outlet_name")
    counts = _joined(
        [
            groups.agg(read=("article", "nunique")),
            told.agg(articles=("article", "nunique"), issues=("issue", "nunique")),
        ]
    )
    return _table(
        "outlets", "Theo cơ quan báo chí", "Cơ quan báo chí", counts, ["read", "articles", "issues"]
    )


def _joined(parts: Sequence[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(parts, axis=1).fillna(0)


def _table(key: str, title: str, heading: str, counts: pd.DataFrame, keys: Sequence[str]) -> Table:
    """Rows by what was told or done most, of equals by name."""
    whole = counts.reindex(columns=list(keys), fill_value=0).astype(int)
    named = zip(whole.index.astype(str), whole.to_numpy().tolist(), strict=True)
    rows: list[tuple[str, list[int]]] = sorted(named, key=lambda row: ([-cell for cell in row[1]], row[0]))
    columns = (Column("name", heading), *(Column(name, HEADINGS[name]) for name in keys))
    return Table(key, title, columns, tuple((name, *cells) for name, cells in rows))
