"""What a report shows in pictures: how the period went, where problems are, who answers."""

from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta

from pipeline.clock import local
from pipeline.documents.report.content import Cell, Chart, Series, Table
from pipeline.documents.report.frames import Frames
from pipeline.formats import vn_day_month

MOST_BARS = 12
"""More than fit half a page; the title says so, and the table has them all."""
DAYS_BY_DAY = 31
DAYS_BY_WEEK = 200


def charts(data: Frames, tables: Iterable[Table], start: date, end: date) -> tuple[Chart, ...]:
    """`end`: the last day there can be figures of."""
    by_key = {table.key: table for table in tables}
    drawn = (
        _course(data, start, end),
        _by_topic(by_key["topics"]),
        _answers(by_key["agencies"]),
    )
    return tuple(chart for chart in drawn if chart.categories and not chart.is_empty)


def _course(data: Frames, start: date, end: date) -> Chart:
    concerns = data.issues[data.issues["kind"] == "concern"]
    buckets = list(_buckets(start, end))
    lines = (
        ("Vấn đề phát hiện", concerns["detected_at"]),
        ("Phiếu đã chuyển", data.referrals["sent_at"]),
        ("Vấn đề kết thúc", data.closings["at"]),
    )
    begin = [first for first, _ in buckets]
    counted = [
        (name, Counter(bisect_right(begin, local(at).date()) - 1 for at in moments))
        for name, moments in lines
    ]
    series = tuple(
        Series(name, tuple(counts[place] for place in range(len(buckets)))) for name, counts in counted
    )
    return Chart("course", "Diễn biến trong kỳ", "line", tuple(words for _, words in buckets), series)


def _buckets(start: date, end: date) -> Iterator[tuple[date, str]]:
    """First day and name of every day, week or month; the first may have begun before."""
    length = (end - start).days + 1
    following: Callable[[date], date]
    if length <= DAYS_BY_DAY:
        following, name = _next_day, vn_day_month
    elif length <= DAYS_BY_WEEK:
        following, name = _next_monday, vn_day_month
    else:
        following, name = _next_month, _month
    day = start
    while day <= end:
        yield day, name(day)
        day = following(day)


def _next_day(day: date) -> date:
    return day + timedelta(days=1)


def _next_monday(day: date) -> date:
    return day + timedelta(days=7 - day.weekday())


def _next_month(day: date) -> date:
    return date(day.year + day.month // 12, day.month % 12 + 1, 1)


def _month(day: date) -> str:
    return f"{day.month:02}/{day.year}"


def _by_topic(topics: Table) -> Chart:
    rows = sorted(topics.records(), key=lambda row: -_count(row["issues"]))
    shown = rows[:MOST_BARS]
    series = tuple(
        Series(name, tuple(_count(row[measure]) for row in shown))
        for name, measure in (("Vấn đề phát hiện", "issues"), ("Vấn đề kết thúc", "closed"))
    )
    title = _title("Vấn đề phát hiện, kết thúc theo lĩnh vực", "lĩnh vực nhiều vấn đề nhất", rows)
    return Chart("topics", title, "bars", tuple(str(row["name"]) for row in shown), series)


def _title(title: str, most: str, rows: Sequence[object]) -> str:
    """It says where not all are shown."""
    return f"{title} ({MOST_BARS} {most})" if len(rows) > MOST_BARS else title


def _answers(agencies: Table) -> Chart:
    """Every referral once: answered in time, answered late, refused, overdue, waiting still or ended."""
    rows = sorted(agencies.records(), key=lambda row: (-_count(row["referred"]), str(row["name"])))
    told_of = [row for row in rows if row["referred"]]
    rows = told_of[:MOST_BARS]
    parts = {
        "Đúng hạn": [_count(row["on_time"]) for row in rows],
        "Muộn hoặc không có hạn": [_count(row["answered"]) - _count(row["on_time"]) for row in rows],
        "Từ chối": [_count(row["refused"]) for row in rows],
        "Quá hạn": [_count(row["overdue"]) for row in rows],
    }
    told = [sum(values) for values in zip(*parts.values(), strict=True)]
    parts["Còn hạn hoặc đã kết thúc"] = [
        _count(row["referred"]) - sum_ for row, sum_ in zip(rows, told, strict=True)
    ]
    series = tuple(Series(name, tuple(values)) for name, values in parts.items())
    return Chart(
        "agencies",
        _title("Phiếu chuyển đã gửi trong kỳ, theo cơ quan nhận", "cơ quan nhận nhiều phiếu nhất", told_of),
        "stacked",
        tuple(str(row["name"]) for row in rows),
        series,
    )


def _count(cell: Cell) -> int:
    return int(cell) if isinstance(cell, int | float) else 0
