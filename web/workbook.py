"""A workbook of one sheet, written straight as the parts of its file (ECMA-376): a library that knows all of
them takes five times as long over a thousand rows.

Texts stand in their cells as texts, in the format of texts: no spreadsheet reckons with them, whatever they
begin with.
"""

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from functools import lru_cache
from html import escape
from string import ascii_uppercase
from typing import Any

from pipeline.clock import LOCAL
from pipeline.documents.printable import printable

MAX_CELL = 32_767
"""characters that a cell takes"""
EPOCH = datetime(1899, 12, 30, tzinfo=LOCAL)
"""day 0 of a spreadsheet, whose moments are those of an official's watch"""
DAY = 86_400
QUICKLY = 3
"""packed: of ZIP's nine levels; half the time of the usual one, and a sixth more to carry"""
_CODED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
"""which a spreadsheet would take for a character's number"""


class Style(IntEnum):
    """Of a cell: its place among `cellXfs`."""

    DEFAULT, TEXT, NUMBER, MOMENT, LINE, BOLD, HEADING = range(7)


_TEXT, _NUMBER, _MOMENT = Style.TEXT.value, Style.NUMBER.value, Style.MOMENT.value


@dataclass(frozen=True)
class Sheet:
    name: str
    head: Sequence[Sequence[tuple[Any, Style]]]
    """rows above the table"""
    headings: Sequence[tuple[str, int]]
    """with the width of each column, in characters"""
    rows: Iterable[Sequence[Any]]
    """of texts, whole numbers, aware moments, and None"""


def packed(sheet: Sheet) -> bytes:
    heading_row = len(sheet.head) + 2
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS,
        "xl/workbook.xml": _WORKBOOK.format(name=escape(sheet.name), row=heading_row),
        "xl/_rels/workbook.xml.rels": _WORKBOOK_RELATIONS,
        "xl/styles.xml": _STYLES,
        "xl/worksheets/sheet1.xml": _sheet(sheet, heading_row),
    }
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED, compresslevel=QUICKLY) as file:
        for name, part in parts.items():
            file.writestr(name, part.encode())
    return written.getvalue()


def _sheet(sheet: Sheet, heading_row: int) -> str:
    columns = ascii_uppercase[: len(sheet.headings)]
    widths = (
        f'<col min="{number}" max="{number}" width="{width + 0.71}" customWidth="1"/>'
        for number, (_, width) in enumerate(sheet.headings, 1)
    )
    head = (
        _row(number, (_cell(f"{column}{number}", *cell) for column, cell in zip(columns, row, strict=False)))
        for number, row in enumerate(sheet.head, 1)
    )
    headings = _row(
        heading_row,
        (
            _cell(f"{column}{heading_row}", said, Style.HEADING)
            for column, (said, _) in zip(columns, sheet.headings, strict=True)
        ),
    )
    rows = (
        _row(number, [_cell(f"{column}{number}", value) for column, value in zip(columns, row, strict=True)])
        for number, row in enumerate(sheet.rows, heading_row + 1)
    )
    return _SHEET.format(
        top=heading_row, first=heading_row + 1, widths="".join(widths), rows="".join([*head, headings, *rows])
    )


def _row(number: int, cells: Iterable[str]) -> str:
    return f'<row r="{number}">{"".join(cells)}</row>'


def _cell(place: str, value: Any, style: Style | None = None) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, datetime):
        return f'<c r="{place}" s="{_MOMENT}"><v>{(value - EPOCH).total_seconds() / DAY:.8f}</v></c>'
    if isinstance(value, int):
        return f'<c r="{place}" s="{_NUMBER}"><v>{value}</v></c>'
    number = _TEXT if style is None else style.value
    return (
        f'<c r="{place}" s="{number}" t="inlineStr"><is><t xml:space="preserve">{_said(value)}</t></is></c>'
    )


@lru_cache(maxsize=500)
def _said(text: str) -> str:
    """The same topics, places and agencies stand in row after row."""
    return escape(_CODED.sub("_x005F_", printable(text)[:MAX_CELL]), quote=False)


_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TYPES = (
    f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_KIND}.styles+xml"/></Types>'
)
_RELATIONS = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
_WORKBOOK_RELATIONS = (
    f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="rId2" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>'
)
# The headings stand on every printed page.
_WORKBOOK = (
    f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
    '<sheets><sheet name="{name}" sheetId="1" r:id="rId1"/></sheets><definedNames>'
    """<definedName name="_xlnm.Print_Titles" localSheetId="0">'{name}'!${row}:${row}</definedName>"""
    "</definedNames></workbook>"
)
# Of 49 (text), 3 (#,##0) and 164, in the order of Style.
_STYLES = (
    f'{_XML}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="dd/mm/yyyy\\ hh:mm"/></numFmts>'
    '<fonts count="2"><font><sz val="12"/><name val="Times New Roman"/><family val="1"/></font>'
    '<font><b/><sz val="12"/><name val="Times New Roman"/><family val="1"/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill>'
    '<fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="2"><border><left/><right/><top/><bottom/><diagonal/></border>'
    '<border><left style="thin"/><right style="thin"/><top style="thin"/><bottom style="thin"/><diagonal/>'
    "</border></borders>"
    '<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>'
    '<cellXfs count="7"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">'
    '<alignment vertical="top" wrapText="1"/></xf>'
    '<xf numFmtId="3" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">'
    '<alignment vertical="top"/></xf>'
    '<xf numFmtId="164" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">'
    '<alignment horizontal="left" vertical="top"/></xf>'
    '<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyAlignment="1">'
    '<alignment vertical="top"/></xf>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/>'
    '<xf numFmtId="49" fontId="1" fillId="0" borderId="1" xfId="0" applyNumberFormat="1" applyFont="1" '
    'applyBorder="1" applyAlignment="1"><alignment horizontal="center" vertical="top" wrapText="1"/></xf>'
    '</cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles>'
    "</styleSheet>"
)
# Headings and the first two columns stay in sight; printed across A4, as wide as the page.
_SHEET = (
    f'{_XML}<worksheet xmlns="{_MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
    '<sheetViews><sheetView tabSelected="1" workbookViewId="0">'
    '<pane xSplit="2" ySplit="{top}" topLeftCell="C{first}" activePane="bottomRight" state="frozen"/>'
    '</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15.75"/><cols>{widths}</cols>'
    "<sheetData>{rows}</sheetData>"
    '<pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
    '<pageSetup paperSize="9" orientation="landscape" fitToHeight="0"/></worksheet>'
)
