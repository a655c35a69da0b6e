"""A workbook that is written by hand holds what a spreadsheet needs; every cell is invented."""

import io
import zipfile
from typing import Any

import pytest
from lxml import etree

from tests.office import at
from web.workbook import MAX_CELL, Sheet, Style, packed

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def parts_of(*rows: list[Any]) -> dict[str, Any]:
    sheet = Sheet("Vấn đề", [[("Thử & <b>", Style.BOLD)]], [("Một", 8), ("Hai", 60)], rows)
    with zipfile.ZipFile(io.BytesIO(packed(sheet))) as file:
        return {name: etree.fromstring(file.read(name)) for name in file.namelist()}


def cell_of(value: Any) -> Any:
    sheet = parts_of([value, None])["xl/worksheets/sheet1.xml"]
    return sheet.find(f".//{MAIN}c[@r='A4']")


@pytest.mark.parametrize(
    ("value", "stored", "style"),
    [
        ('=HYPERLINK("https://thu.example.vn")', '=HYPERLINK("https://thu.example.vn")', Style.TEXT),
        (" <a> & b ", " <a> & b ", Style.TEXT),
        ("dòng một\ndòng hai", "dòng một\ndòng hai", Style.TEXT),
        ("_x0041_", "_x005F_x0041_", Style.TEXT),
        ("một\x00hai\x1b", "mộthai", Style.TEXT),
        ("x" * (MAX_CELL + 1), "x" * MAX_CELL, Style.TEXT),
        (1234, "1234", Style.NUMBER),
        (0, "0", Style.NUMBER),
        (at("2026-11-20 18:00"), "46346.75000000", Style.MOMENT),
    ],
    ids=["formula", "markup", "lines", "coded", "control", "long", "number", "nought", "moment"],
)
def test_a_cell_holds_what_it_was_given(value: Any, stored: str, style: Style) -> None:
    cell = cell_of(value)
    assert (cell.xpath("string()"), cell.get("s")) == (stored, str(int(style)))
    assert not cell.findall(f"{MAIN}f")


def test_nothing_leaves_the_cell_empty() -> None:
    assert cell_of(None) is None
    assert cell_of("") is None


def test_the_parts_fit_together() -> None:
    parts = parts_of(["a", 1], ["b", 2])
    sheet, book = parts["xl/worksheets/sheet1.xml"], parts["xl/workbook.xml"]
    assert [row.get("r") for row in sheet.iter(f"{MAIN}row")] == ["1", "3", "4", "5"]
    assert sheet.find(f".//{MAIN}pane").get("topLeftCell") == "C4"
    assert book.find(f".//{MAIN}definedName").text == "'Vấn đề'!$3:$3"
    formats = parts["xl/styles.xml"].find(f"{MAIN}cellXfs")
    assert len(formats) == len(Style) == int(formats.get("count"))
    named = {one.get("PartName").lstrip("/") for one in parts["[Content_Types].xml"] if one.get("PartName")}
    assert named == {name for name in parts if name.startswith("xl/") and "_rels" not in name}
