"""A list of issues as a workbook: real dates and numbers, and no text that a spreadsheet would reckon."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pipeline import names
from pipeline.formats import vn_number
from pipeline.settings import Settings
from pipeline.states import IN_WORDS
from store.queries.search import Listed
from web.asking import Asked, in_words
from web.words import KIND
from web.workbook import Sheet, Style, packed

MAX_ROWS = 1_000


@dataclass(frozen=True)
class _Column:
    heading: str
    width: int
    value: Callable[[Listed], Any]


def as_xlsx(
    settings: Settings,
    asked: Asked,
    issues: Sequence[Listed],
    *,
    more: bool,
    at: datetime,
) -> bytes:
    """`more`: there are others, which the workbook says."""
    topics = names.topics(settings)
    columns = _columns(topics)
    said = _said(asked, topics, len(issues), more=more, at=at)
    head = [
        [(settings.office.name, Style.BOLD)],
        *([(name, Style.LINE), (value, Style.LINE)] for name, value in said),
    ]
    values = [column.value for column in columns]
    return packed(
        Sheet(
            name="Vấn đề",
            head=head,
            headings=[(column.heading, column.width) for column in columns],
            rows=([value(issue) for value in values] for issue in issues),
        )
    )


def _columns(topics: Mapping[str, str]) -> list[_Column]:
    return [
        _Column("Số", 8, lambda issue: issue.id),
        _Column("Vấn đề", 60, lambda issue: issue.title),
        _Column("Lĩnh vực", 18, lambda issue: topics.get(issue.topic, issue.topic)),
        _Column("Địa bàn", 24, lambda issue: issue.place_name),
        _Column("Mức độ (0–4)", 9, lambda issue: issue.urgency if issue.kind == "concern" else None),
        _Column("Tình trạng", 18, lambda issue: IN_WORDS[issue.state]),
        _Column("Kết quả", 24, lambda issue: names.OUTCOME_IN_WORDS.get(issue.outcome or "")),
        _Column("Cơ quan chủ trì", 34, lambda issue: "\n".join(issue.leads) or None),
        _Column("Số bài", 8, lambda issue: issue.articles),
        _Column("Tin đầu tiên", 18, lambda issue: issue.first_seen_at),
        _Column("Tin gần nhất", 18, lambda issue: issue.last_seen_at),
    ]


def _said(
    asked: Asked, topics: Mapping[str, str], rows: int, *, more: bool, at: datetime
) -> list[tuple[str, Any]]:
    cut = f"Còn vấn đề khác; bảng chỉ gồm {vn_number(rows)} vấn đề đầu: hãy thu hẹp điều kiện"
    return [
        ("Lập lúc", at),
        ("Điều kiện", in_words(asked, topics, IN_WORDS, KIND)),
        ("Số vấn đề", rows),
        *(("Ghi chú", note) for note in [*([cut] if more else []), *asked.notes, *asked.problems]),
    ]
