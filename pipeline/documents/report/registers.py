"""What a report tells of the programme's other contents: good examples, projects, claims, meetings."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from pipeline.documents.report.content import Cell, Column, Table
from pipeline.names import place_name
from pipeline.registers import REGISTERS, Register
from store.queries.registers import EntryThen, entries_then

STATES = ("open", "done", "dropped")
COLUMNS = (
    Column("name", "Sổ"),
    Column("title", "Nội dung", text=True),
    Column("place", "Địa bàn", text=True),
    Column("agency", "Cơ quan", text=True),
    Column("from_day", "Từ ngày"),
    Column("state", "Tình trạng", text=True),
    Column("done_on", "Ngày xong"),
    Column("outcome", "Kết quả", text=True),
)
HEADINGS = {"open": "Đang theo dõi hoặc chờ", "done": "Đã xong", "dropped": "Thôi"}


def registers(session: Session, start: datetime, end: datetime, as_of: datetime) -> tuple[Table, Table]:
    """How many entries of each register were made or changed their state in the period, and which."""
    found = {key: entries_then(session, key, start, end, as_of) for key in REGISTERS}
    columns = (Column("name", "Sổ"), Column("entries", "Số mục"))
    counts = Table(
        "registers",
        "Nội dung khác của chương trình",
        columns + tuple(Column(state, HEADINGS[state]) for state in STATES),
        tuple((REGISTERS[key].name, *_counts(entries)) for key, entries in found.items()),
    )
    rows = tuple(_row(REGISTERS[key], entry) for key, entries in found.items() for entry in entries)
    return counts, Table("entries", "Các mục ghi, cập nhật trong kỳ", COLUMNS, rows)


def _counts(entries: list[EntryThen]) -> Iterator[int]:
    yield len(entries)
    for state in STATES:
        yield sum(entry.state == state for entry in entries)


def _row(register: Register, entry: EntryThen) -> tuple[Cell, ...]:
    return (
        register.name,
        entry.title,
        "; ".join(place_name(code) for code in entry.unit_codes),
        entry.agency_name or "",
        entry.from_day or "",
        register.in_words(entry.state),
        entry.done_on or "",
        entry.outcome or "",
    )
