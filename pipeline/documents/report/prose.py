"""The sentences of a report: what its figures say, nothing that they do not."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import islice

from pipeline.documents.report.content import Absent, Cell, Column, Part, Report, Table
from pipeline.documents.report.registers import STATES
from pipeline.documents.report.words import NO_COMMUNE, NOWHERE
from pipeline.formats import unit_in_sentence, vn_change, vn_date, vn_datetime, vn_number
from pipeline.registers import REGISTERS

MOST_NAMED = 5
MOST_LISTED = 120
"""names a reader goes through in a paragraph: the communes of a province; the workbook has them all"""
KINDS = ("Đặc khu", "Phường", "Thị trấn", "Xã")
NEWS = (
    "Trong kỳ đã đọc {read} tin, bài của {read_outlets} cơ quan báo chí; {articles} tin, bài của {outlets} "
    "cơ quan nêu vấn đề. Phát hiện {issues} vấn đề mới và {good_examples} gương tốt."
)
REFERRALS = (
    "Đã chuyển {referred} phiếu: {acknowledged} phiếu được tiếp nhận, {answered} phiếu được trả lời, "
    "{refused} phiếu bị từ chối."
)
DUE = "Trả lời đúng hạn {on_time} phiếu phải trả lời; {overdue} phiếu quá hạn, của {overdue_issues} vấn đề."
CLOSED = "Đã kết thúc {closed} vấn đề: {outcomes}. Mở lại {reopened} vấn đề."
LEFT = (
    "Đến {as_of} còn {open_issues} vấn đề chưa kết thúc và {waiting} phiếu còn chờ trả lời, trong đó {late}."
)


def subject(report: Report) -> str:
    """What the report is about, in the words of its title."""
    name, kind = report.period.name, report.period.kind
    about = "vấn đề người dân quan tâm và kết quả trả lời"
    if kind == "term":
        verb = "Tổng kết" if report.is_over else "Sơ kết"
        return f"{verb} {name}"
    if kind == "year":
        return f"Tổng kết {about} {name}"
    if kind in ("quarter", "window"):
        return f"Sơ kết {about} {name}"
    about = f"{about[:1].upper()}{about[1:]}"
    # The days stand below it anyway.
    return about if kind == "days" else f"{about}, {name}"


def days(report: Report) -> str:
    return f"từ ngày {vn_date(report.period.start)} đến ngày {vn_date(report.period.end)}"


def overview(report: Report) -> Iterator[str]:
    yield NEWS.format(**_numbers(report))
    if report.is_over:
        yield f"Số liệu tính đến hết ngày {vn_date(report.period.end)}."
    else:
        yield f"Kỳ báo cáo chưa kết thúc; số liệu tính đến {vn_datetime(report.as_of)}."


def compared(report: Report) -> Iterator[str]:
    """What the table below compares with; said once where there is nothing to compare with."""
    if report.uncompared:
        yield f"Chưa có số liệu của {' và '.join(report.uncompared)} để so sánh."
    if len(report.table("comparison").columns) > len(("name", "now")):
        yield "Các cột so sánh cho biết chênh lệch số lượng, không phải chênh lệch tỷ lệ."
        if not report.is_over:
            yield "Các kỳ đem so sánh là trọn kỳ, kỳ này thì chưa."


def by_topic(report: Report) -> Iterator[str]:
    yield from _most(_issues(report.table("topics")), "Nhiều vấn đề nhất: ")
    places = {
        unit_in_sentence(name): count
        for name, count in _issues(report.table("units")).items()
        # One each are in dozens of places, and where it is unclear is none.
        if count > 1 and name != NOWHERE and not name.endswith(NO_COMMUNE)
    }
    yield from _most(places, "Địa bàn có nhiều vấn đề nhất: ")


def _issues(table: Table) -> dict[str, int]:
    """Of each row, most first."""
    rows = sorted(table.records(), key=lambda row: -_count(row["issues"]))
    return {str(row["name"]): _count(row["issues"]) for row in rows if row["issues"]}


def _most(counts: Mapping[str, int], words: str) -> Iterator[str]:
    named = [f"{name} ({vn_number(count)})" for name, count in islice(counts.items(), MOST_NAMED)]
    if named:
        yield f"{words}{'; '.join(named)}."


def results(report: Report) -> Iterator[str]:
    numbers = _numbers(report)
    due = DUE.format(**numbers) if report.count("due") else "Chưa có phiếu nào phải trả lời."
    yield f"{REFERRALS.format(**numbers)} {due}"
    if isinstance(median := report.total("median_days"), float):
        yield (
            f"Số ngày trả lời (trung vị): {vn_number(median, 1)} ngày làm việc, trên "
            f"{vn_number(report.count('answered'))} phiếu đã trả lời."
        )
    if report.count("closed") or report.count("reopened"):
        yield CLOSED.format(**numbers, outcomes=_outcomes(report))
    moment = f"hết ngày {vn_date(report.period.end)}" if report.is_over else vn_datetime(report.as_of)
    late = "không có phiếu quá hạn"
    if report.count("waiting_overdue"):
        late = "{waiting_overdue} phiếu quá hạn của {waiting_overdue_issues} vấn đề".format(**numbers)
    yield LEFT.format(**numbers, as_of=moment, late=late)


def _outcomes(report: Report) -> str:
    table = report.table("outcomes")
    told = [
        f"{column.heading.lower()} {shown(cell)}"
        for column, cell in zip(table.columns[2:], (table.sum or ())[2:], strict=False)
        if cell
    ]
    return "; ".join(told) or "0"


def registers(report: Report) -> Iterator[str]:
    rows = [row for row in report.table("registers").records() if row["entries"]]
    told = [f"{str(row['name'])[:1].lower()}{str(row['name'])[1:]} {_entries(row)}" for row in rows]
    if told:
        yield f"Mục ghi mới hoặc cập nhật trong kỳ: {'; '.join(told)}."
    else:
        yield "Trong kỳ không ghi mục nào vào các sổ của chương trình."


def _entries(row: Mapping[str, Cell]) -> str:
    """3 (2 đang theo dõi, 1 đã hoàn thành)"""
    register = next(one for one in REGISTERS.values() if one.name == row["name"])
    states = [(state, _count(row[state])) for state in STATES if row[state]]
    if len(states) == 1:
        return f"{shown(row['entries'])} ({register.in_words(states[0][0])})"
    parts = ", ".join(f"{vn_number(count)} {register.in_words(state)}" for state, count in states)
    return f"{shown(row['entries'])} ({parts})"


def took_no_part(group: Absent) -> str:
    """Who, of how many; the first names where there are many. Who has time yet is counted, not named."""
    count = f"{group.words}: {vn_number(len(group.names))}/{vn_number(group.whole)}"
    if not group.names or group.key == "not_due":
        return f"{count}."
    names = group.names[:MOST_LISTED]
    listed = _by_kind(names) if group.key == "communes" else "; ".join(names)
    more = len(group.names) - len(names)
    return f"{count}: {listed}" + (
        f"; và {vn_number(more)} nơi khác (xem bảng tính kèm theo)." if more > 0 else "."
    )


def _by_kind(units: Sequence[str]) -> str:
    """phường A, B; xã C, D"""
    kinds: dict[str, list[str]] = {}
    for unit in units:
        kind = next((kind for kind in KINDS if unit.startswith(f"{kind} ")), "")
        kinds.setdefault(kind, []).append(unit.removeprefix(kind).strip())
    return "; ".join(f"{kind.lower()} {', '.join(names)}".strip() for kind, names in kinds.items())


def requests(report: Report) -> Iterator[str]:
    """What follows from the figures; the office adds its own."""
    late = [
        f"{row['name']} ({vn_number(_count(row['overdue']))} phiếu)"
        for row in report.table("agencies").records()
        if row["overdue"]
    ]
    if late:
        yield f"Đề nghị trả lời các phiếu đã quá hạn: {'; '.join(late)}."
    silent = next((group for group in report.absent if group.key == "silent"), None)
    if silent and silent.names:
        # They are named above, and only there.
        yield (
            f"Đề nghị {vn_number(len(silent.names))} cơ quan có phiếu đã hết hạn mà chưa phản hồi (mục 5) "
            "tiếp nhận và phân công xử lý phiếu chuyển."
        )
    if not late and not (silent and silent.names):
        yield "Không có phiếu quá hạn và không có cơ quan nào để phiếu hết hạn mà không phản hồi."


def _numbers(report: Report) -> dict[str, str]:
    return {total.key: shown(total.number) for total in report.totals}


def shown(cell: Cell) -> str:
    """As paper shows it: a part with its whole; a dash for what cannot be reckoned or is none of none."""
    if cell is None or (isinstance(cell, Part) and not cell.whole):
        return "–"
    if isinstance(cell, str):
        return cell
    if isinstance(cell, date):
        return vn_date(cell)
    if isinstance(cell, Part):
        return f"{vn_number(cell)}/{vn_number(cell.whole)}"
    return vn_number(cell, 1) if isinstance(cell, float) else vn_number(cell)


def shown_in(cell: Cell, column: Column) -> str:
    """A cell of a table as paper shows it: a change with plus or minus."""
    if column.signed and isinstance(cell, int | float):
        return vn_change(cell)
    return shown(cell)


def _count(cell: Cell) -> int:
    return int(cell) if isinstance(cell, int | float) else 0
