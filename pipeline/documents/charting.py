"""Charts as Word draws them: the chart's XML and the workbook behind it both come from XlsxWriter.

A chart in DOCX is the same DrawingML as one in a workbook. So a small workbook with the chart is made, its
chart part becomes the document's, and the workbook lies behind it for "Edit Data".
"""

import io
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from docx.document import Document
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.shared import Length, Mm
from docx.text.paragraph import Paragraph
from lxml import etree
from xlsxwriter import Workbook
from xlsxwriter.chart import Chart as XlsxChart
from xlsxwriter.worksheet import Worksheet

CHART_NS = "http://schemas.openxmlformats.org/drawingml/2006/chart"
REL_NS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
GREYS = ("#404040", "#A6A6A6", "#D9D9D9", "#7F7F7F", "#F2F2F2")
"""told apart on paper printed in black"""
FONT = {"name": "Times New Roman", "size": 10}
MOST_LEVEL = 10
"""names of days that stand beside each other; more are turned upright, or they would break or be left out"""
ROW, AROUND, CURVE = Mm(9), Mm(32), Mm(65)
"""a bar's row holds a name of two lines; title, axis and legend stand around the rows"""
UPRIGHT = Mm(12)
SHOWN_VALUES = {"value": True, "font": FONT, "num_format": "#,##0;;"}
"""no figure where there is nothing: a bar of no length says that"""
DASHES = ("solid", "dash", "round_dot")
LABELS = {
    "showLegendKey": 1,
    "showVal": 2,
    "showCatName": 3,
    "showSerName": 4,
    "showPercent": 5,
    "showBubbleSize": 6,
}
"""in the order of the schema, after what tells of their look"""
SHEET = "Số liệu"
LONG_AGO = datetime(1980, 1, 1)  # noqa: DTZ001 - a workbook bears no zone
"""so that the same chart is the same bytes"""


class Chart(Protocol):
    """`kind`: bars | stacked | line"""

    @property
    def title(self) -> str: ...
    @property
    def kind(self) -> Any: ...
    @property
    def categories(self) -> tuple[str, ...]: ...
    @property
    def series(self) -> tuple[Any, ...]: ...


def add_chart(document: Document, chart: Chart, number: int, width: Length) -> Paragraph:
    """A paragraph with the chart, as high as it needs; `number` tells the document's charts apart."""
    packed = _workbook(chart)
    with zipfile.ZipFile(io.BytesIO(packed)) as parts:
        drawn = parts.read("xl/charts/chart1.xml")
    package = document.part.package
    book = Part(PackURI(f"/word/embeddings/chart{number}.xlsx"), CONTENT_TYPE.SML_SHEET, packed, package)
    part = Part(PackURI(f"/word/charts/chart{number}.xml"), CONTENT_TYPE.DML_CHART, b"", package)
    part._blob = _with_data(drawn, part.relate_to(book, RELATIONSHIP_TYPE.PACKAGE))  # noqa: SLF001
    key = document.part.relate_to(part, RELATIONSHIP_TYPE.CHART)
    paragraph = document.add_paragraph()
    paragraph.add_run()._r.append(_drawing(chart.title, key, number, width, height_of(chart)))  # noqa: SLF001
    return paragraph


def height_of(chart: Chart) -> Length:
    """What its rows need: with less, word processors leave names out."""
    if chart.kind == "line":
        return Length(CURVE + (UPRIGHT if len(chart.categories) > MOST_LEVEL else 0))
    return Length(AROUND + ROW * len(chart.categories))


def draw(book: Workbook, sheet: Worksheet, chart: Chart, row: int) -> XlsxChart:
    """Writes the chart's data at `row` of the sheet and makes the chart of them; it is to be inserted."""
    kinds: Mapping[str, dict[str, str]] = {
        "bars": {"type": "bar"},
        "stacked": {"type": "bar", "subtype": "stacked"},
        "line": {"type": "line"},
    }
    text = book.add_format({"num_format": "@"})
    drawn = book.add_chart(kinds[chart.kind])
    last = row + len(chart.categories)
    for number, category in enumerate(chart.categories, start=row + 1):
        sheet.write_string(number, 0, category, text)
    for column, series in enumerate(chart.series, start=1):
        sheet.write_string(row, column, series.name, text)
        for number, value in enumerate(series.values, start=row + 1):
            sheet.write_number(number, column, value)
        drawn.add_series(
            {
                "name": [sheet.name, row, column],
                "categories": [sheet.name, row + 1, 0, last, 0],
                "values": [sheet.name, row + 1, column, last, column],
                **_look(chart.kind, column - 1),
            }
        )
    _axes(drawn, chart)
    return drawn


def _look(kind: str, number: int) -> dict[str, Any]:
    grey = GREYS[number % len(GREYS)]
    if kind == "line":
        line = {"color": GREYS[0], "width": 1.5, "dash_type": DASHES[number % len(DASHES)]}
        markers = ("circle", "square", "triangle")
        return {"line": line, "marker": {"type": markers[number % 3], "size": 5, "fill": {"color": grey}}}
    look: dict[str, Any] = {"fill": {"color": grey}, "border": {"color": "#000000", "width": 0.5}, "gap": 60}
    return look | ({"data_labels": SHOWN_VALUES} if kind == "bars" else {"overlap": 100})


def _axes(drawn: XlsxChart, chart: Chart) -> None:
    lines = {"visible": True, "line": {"color": "#D9D9D9"}}
    marks = {"major_tick_mark": "outside", "minor_tick_mark": "none"}
    whole: dict[str, Any] = marks | {
        "num_font": FONT,
        "num_format": "#,##0",
        "min": 0,
        "major_gridlines": lines,
    }
    # No steps of a half: what is counted is whole.
    if _highest(chart) < 6:
        whole["major_unit"] = 1
    names: dict[str, Any] = marks | {"num_font": FONT, "interval_unit": 1}
    if chart.kind == "line":
        upright = {"rotation": -90} if len(chart.categories) > MOST_LEVEL else {}
        drawn.set_x_axis(names | {"num_font": FONT | upright})
        drawn.set_y_axis(whole)
    else:
        # The first row of the table on top; every row has its name.
        drawn.set_y_axis(names | {"reverse": True, "crossing": "max"})
        drawn.set_x_axis(whole)
    drawn.set_title({"name": chart.title, "name_font": FONT | {"size": 11, "bold": True}, "overlay": False})
    drawn.set_legend({"position": "bottom", "font": FONT})


def _highest(chart: Chart) -> int:
    return max((sum(values) for values in zip(*(one.values for one in chart.series), strict=True)), default=0)


def _workbook(chart: Chart) -> bytes:
    packed = io.BytesIO()
    with Workbook(packed, {"in_memory": True}) as book:
        book.set_properties({"created": LONG_AGO})
        sheet = book.add_worksheet(SHEET)
        sheet.insert_chart(0, len(chart.series) + 2, draw(book, sheet, chart, 0))
    return packed.getvalue()


def _with_data(drawn: bytes, key: str) -> bytes:
    """The chart tells which part has its data; the schema wants that right before the print settings."""
    tree = etree.fromstring(drawn)
    _say_no(tree)
    told = etree.SubElement(tree, f"{{{CHART_NS}}}externalData", {f"{{{REL_NS}}}id": key})
    etree.SubElement(told, f"{{{CHART_NS}}}autoUpdate", {"val": "0"})
    settings = tree.find(f"{{{CHART_NS}}}printSettings")
    if settings is not None:
        settings.addprevious(told)
    written: bytes = etree.tostring(tree, xml_declaration=True, encoding="UTF-8", standalone=True)
    return written


def _say_no(tree: etree._Element) -> None:
    """What Excel takes for unwanted when it is not said, LibreOffice takes for wanted: it must be said."""
    for labels in tree.iter(f"{{{CHART_NS}}}dLbls"):
        wanted = {etree.QName(child).localname for child in labels}
        for name in LABELS:
            if name not in wanted:
                etree.SubElement(labels, f"{{{CHART_NS}}}{name}", {"val": "0"})
        labels[:] = sorted(labels, key=lambda child: LABELS.get(etree.QName(child).localname, 0))
    for line in tree.iter(f"{{{CHART_NS}}}lineChart"):
        for series in line.iterfind(f"{{{CHART_NS}}}ser"):
            etree.SubElement(series, f"{{{CHART_NS}}}smooth", {"val": "0"})


def _drawing(title: str, key: str, number: int, width: Length, height: Length) -> Any:
    drawing: Any = parse_xml(
        '<w:drawing xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
        ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
        ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
        f' xmlns:c="{CHART_NS}" xmlns:r="{REL_NS}">'
        '<wp:inline distT="0" distB="0" distL="0" distR="0">'
        f'<wp:extent cx="{int(width)}" cy="{int(height)}"/>'
        f'<wp:docPr id="{1000 + number}" name="Biểu đồ {number}"/><wp:cNvGraphicFramePr/>'
        f'<a:graphic><a:graphicData uri="{CHART_NS}"><c:chart r:id="{key}"/></a:graphicData></a:graphic>'
        "</wp:inline></w:drawing>"
    )
    # What a screen reader says in its place.
    drawing.find(".//{*}docPr").set("descr", title)
    return drawing
