"""A list of issues as a workbook: real dates and numbers, and no text that a spreadsheet would reckon."""

import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from pipeline import names
from pipeline.clock import local
from pipeline.documents.printable import printable
from pipeline.formats import vn_number
from pipeline.settings import Settings
from pipeline.states import IN_WORDS
from store.queries.search import Listed
from web.asking import Asked, in_words

MAX_ROWS = 1_000
A4 = 9
"""as Excel numbers paper sizes"""
FONT = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
MAX_CELL = 32_767
"""characters that a cell takes"""


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
    packed = io.BytesIO()
    with Workbook(packed, {"in_memory": True}) as file:
        formats = {
            str: file.add_format(FONT | {"num_format": "@", "text_wrap": True}),
            int: file.add_format(FONT | {"num_format": "#,##0"}),
            datetime: file.add_format(FONT | {"num_format": "dd/mm/yyyy hh:mm", "align": "left"}),
        }
        sheet = file.add_worksheet("Vấn đề")
        columns = _columns(topics)
        first = _head(file, sheet, settings, [*_said(asked, topics, len(issues), more=more, at=at)])
        _headings(file, sheet, columns, first)
        for row, issue in enumerate(issues, start=first + 1):
            for number, column in enumerate(columns):
                _write(sheet, row, number, column.value(issue), formats)
    return packed.getvalue()


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
    cut = (
        f"; còn vấn đề khác, bảng chỉ gồm {vn_number(rows)} vấn đề đầu: hãy thu hẹp điều kiện" if more else ""
    )
    return [
        ("Lập lúc", at),
        ("Điều kiện", in_words(asked, topics, IN_WORDS)),
        ("Số vấn đề", f"{vn_number(rows)}{cut}"),
        *(("Ghi chú", note) for note in [*asked.notes, *asked.problems]),
    ]


def _head(file: Workbook, sheet: Worksheet, settings: Settings, said: Sequence[tuple[str, Any]]) -> int:
    """Row of the headings."""
    bold = file.add_format(FONT | {"bold": True, "num_format": "@"})
    text = file.add_format(FONT | {"num_format": "@"})
    moment = file.add_format(FONT | {"num_format": "dd/mm/yyyy hh:mm", "align": "left"})
    sheet.write_string(0, 0, printable(settings.office.name), bold)
    for row, (name, value) in enumerate(said, start=1):
        sheet.write_string(row, 0, name, text)
        if isinstance(value, datetime):
            sheet.write_datetime(row, 1, local(value).replace(tzinfo=None), moment)
        else:
            sheet.write_string(row, 1, printable(value), text)
    return len(said) + 2


def _headings(file: Workbook, sheet: Worksheet, columns: Sequence[_Column], row: int) -> None:
    heading = file.add_format(
        FONT | {"bold": True, "num_format": "@", "text_wrap": True, "border": 1, "align": "center"}
    )
    for number, column in enumerate(columns):
        sheet.set_column(number, number, column.width)
        sheet.write_string(row, number, column.heading, heading)
    sheet.freeze_panes(row + 1, 2)
    sheet.repeat_rows(row)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)


def _write(sheet: Worksheet, row: int, column: int, value: Any, formats: Mapping[type, Format]) -> None:
    if value is None or value == "":
        sheet.write_blank(row, column, None, formats[str])
    elif isinstance(value, datetime):
        sheet.write_datetime(row, column, local(value).replace(tzinfo=None), formats[datetime])
    elif isinstance(value, int):
        sheet.write_number(row, column, value, formats[int])
    else:
        # As text in a cell of texts: it stays one also when somebody edits it.
        sheet.write_string(row, column, printable(value)[:MAX_CELL], formats[str])
