"""The figures of a report, each counted in one place: whatever it is broken down by, and for the totals."""

from collections.abc import Sequence

import pandas as pd

from pipeline.documents.report.frames import Frames
from pipeline.names import OUTCOME_IN_WORDS

OUTCOMES = tuple(OUTCOME_IN_WORDS)
OF = {
    "acknowledged": "referred",
    "answered": "referred",
    "refused": "referred",
    "on_time": "due",
    "overdue": "due",
    **dict.fromkeys(OUTCOMES, "closed"),
}
"""of what a figure is a part; both are always shown"""
MEDIAN = "median_days"
MEASURES = (
    "articles",
    "outlets",
    "issues",
    "good_examples",
    "referred",
    "acknowledged",
    "answered",
    "on_time",
    "due",
    "overdue",
    MEDIAN,
    "refused",
    "reopened",
    "closed",
    *OUTCOMES,
)
COUNTED = ["acknowledged", "answered", "on_time", "due", "overdue", "refused"]


def measures(data: Frames, by: str) -> pd.DataFrame:
    """A row for each value of the column `by`, a column for each of MEASURES.

    Counts are whole numbers; the median is empty where nothing was answered.
    """
    parts = [
        _told(data.articles, by),
        _issues(data.issues, by),
        _referred(data.referrals, by),
        _distinct(data.reopenings, by, "reopened"),
        _distinct(data.closings, by, "closed"),
        _outcomes(data.closings, by),
    ]
    whole = pd.concat(parts, axis=1).reindex(columns=list(MEASURES))
    counts = [name for name in MEASURES if name != MEDIAN]
    whole[counts] = whole[counts].fillna(0).astype("int64")
    return whole


def _told(articles: pd.DataFrame, by: str) -> pd.DataFrame:
    told = articles.groupby(by)
    return told.agg(articles=("article", "nunique"), outlets=("outlet", "nunique"))


def _issues(issues: pd.DataFrame, by: str) -> pd.DataFrame:
    concerns = issues[issues["kind"] == "concern"]
    examples = issues[issues["kind"] == "commendation"]
    return pd.concat([_distinct(concerns, by, "issues"), _distinct(examples, by, "good_examples")], axis=1)


def _referred(referrals: pd.DataFrame, by: str) -> pd.DataFrame:
    groups = referrals.groupby(by)
    counts: Sequence[pd.DataFrame] = [
        groups.agg(referred=("referral", "nunique"), **{MEDIAN: ("days", "median")}),
        groups[COUNTED].sum(),
    ]
    return pd.concat(counts, axis=1)


def _distinct(frame: pd.DataFrame, by: str, name: str) -> pd.DataFrame:
    return frame.groupby(by).agg(**{name: ("issue", "nunique")})


def _outcomes(closings: pd.DataFrame, by: str) -> pd.DataFrame:
    return pd.crosstab(closings[by], closings["outcome"])
