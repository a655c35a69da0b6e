"""The page of a document: the State's (NĐ 30/2020, phụ lục I) or the Party's (QĐ 399-QĐ/TW, HD 05-HD/VPTW).

A4, margins 20/20/30/15 mm (the Party's rule, and within the decree's 20-25, 20-25, 30-35, 15-20), Times New
Roman, black, page number top centre from page 2 on. What differs is the head, the sizes and how it ends.
"""

# ruff: noqa: SLF001 - python-docx gives its own XML only under names with an underscore
from collections.abc import Sequence
from typing import Any, Literal, cast

from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.oxml.text.paragraph import CT_P
from docx.shared import Length, Mm, Pt, RGBColor
from docx.table import Table, _Cell, _Row
from docx.text.paragraph import Paragraph
from docx.text.run import Run

FONT = "Times New Roman"
BLACK = RGBColor(0, 0, 0)
CENTRE = WD_ALIGN_PARAGRAPH.CENTER
LEFT = WD_ALIGN_PARAGRAPH.LEFT
JUSTIFIED = WD_ALIGN_PARAGRAPH.JUSTIFY
TEXT_WIDTH = Mm(210 - 30 - 15)
COUNTRY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
PARTY = "ĐẢNG CỘNG SẢN VIỆT NAM"
Layout = Literal["state", "party"]
BODY_SIZE: dict[Layout, int] = {"state": 13, "party": 14}


def blank_document(layout: Layout) -> DocxDocument:
    """An empty A4 page with margins, fonts and page number."""
    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(20)
    section.left_margin, section.right_margin = Mm(30), Mm(15)
    section.header_distance = section.footer_distance = Mm(10)
    normal = document.styles["Normal"]
    set_font(normal.element.get_or_add_rPr())
    normal.font.size = Pt(BODY_SIZE[layout])
    normal.font.color.rgb = BLACK
    normal.paragraph_format.space_before = normal.paragraph_format.space_after = Pt(0)
    normal.paragraph_format.line_spacing = 1.0
    normal.paragraph_format.widow_control = True
    section.different_first_page_header_footer = True
    _page_number(section.header.paragraphs[0])
    return document


def set_font(properties: Any) -> None:
    """Every script in Times New Roman: Word would else take another font for some Vietnamese letters."""
    fonts = properties.get_or_add_rFonts()
    for name in [name for name in fonts.attrib if name.endswith("Theme")]:
        del fonts.attrib[name]
    for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
        fonts.set(qn(script), FONT)
    language = OxmlElement("w:lang")
    for existing in properties.findall(qn("w:lang")):
        properties.remove(existing)
    language.set(qn("w:val"), "vi-VN")
    properties.append(language)


def _page_number(paragraph: Paragraph) -> None:
    paragraph.alignment = CENTRE
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        run = paragraph.add_run()
        run.font.size = Pt(13)
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = text
        run._r.append(element)


def write(
    paragraph: Paragraph,
    text: str,
    *,
    size: float | None = None,
    bold: bool = False,
    italic: bool = False,
) -> Run:
    run = paragraph.add_run(text)
    run.bold, run.italic = bold or None, italic or None
    if size is not None:
        run.font.size = Pt(size)
    return run


def centred(cell: _Cell, text: str, *, size: float, bold: bool = False, italic: bool = False) -> Paragraph:
    """One centred line; the cell's first, empty paragraph is used up first."""
    paragraphs = cell.paragraphs
    unused = len(paragraphs) == 1 and not paragraphs[0].runs
    paragraph: Paragraph = paragraphs[0] if unused else cell.add_paragraph()
    paragraph.alignment = CENTRE
    write(paragraph, text, size=size, bold=bold, italic=italic)
    return paragraph


def rule_under(paragraph: Paragraph, width: Length, room: Length) -> None:
    """A centred line of `width` under `paragraph`, which stands in a space `room` wide."""
    line = cast("CT_P", OxmlElement("w:p"))
    paragraph._p.addnext(line)
    rule = Paragraph(line, paragraph._parent)
    indent = Length((room - width) // 2)
    rule.paragraph_format.left_indent = rule.paragraph_format.right_indent = indent
    rule.paragraph_format.line_spacing = Pt(4)
    border = OxmlElement("w:bottom")
    for name, value in (("val", "single"), ("sz", "6"), ("space", "1"), ("color", "000000")):
        border.set(qn(f"w:{name}"), value)
    borders = OxmlElement("w:pBdr")
    borders.append(border)
    properties: Any = rule._p.get_or_add_pPr()
    properties.insert_element_before(borders, "w:spacing", "w:ind", "w:jc", "w:rPr")


def head(
    document: DocxDocument,
    layout: Layout,
    *,
    parent: str,
    office: str,
    number: str,
    place_and_date: str,
    about: str | None = None,
) -> None:
    """Issuer, number, place and date; `about`: a công văn tells under its number what it is about."""
    left_width, right_width = (Mm(67), Mm(98)) if layout == "state" else (Mm(80), Mm(85))
    table = document.add_table(rows=2, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    set_widths(table, (left_width, right_width))
    left, right = table.rows[0].cells
    if layout == "state":
        centred(left, parent, size=12)
        rule_under(centred(left, office, size=12, bold=True), Mm(24), left_width)
        centred(right, COUNTRY, size=12, bold=True)
        rule_under(centred(right, MOTTO, size=13, bold=True), Mm(58), right_width)
    else:
        centred(left, parent, size=14)
        centred(left, office, size=14, bold=True)
        centred(left, "*", size=14)
        rule_under(centred(right, PARTY, size=15, bold=True), Mm(76), right_width)
    left, right = table.rows[1].cells
    size = BODY_SIZE[layout]
    for line in (centred(right, place_and_date, size=size, italic=True), centred(left, number, size=size)):
        line.paragraph_format.space_before = Pt(5 if layout == "state" else 0)
    if about is not None:
        centred(left, about, size=12, italic=layout == "party").paragraph_format.space_before = Pt(6)


def set_widths(table: Table, widths: Sequence[Length], *, side: int = 0) -> None:
    """Widths of the columns and, as LibreOffice and Word each heed another of the two, of every cell.

    `side` is the margin left and right in every cell, in twentieths of a point.
    """
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
        for cell in column.cells:
            cell.width = width
            _set_side_margins(cell, side)


def _set_side_margins(cell: _Cell, side: int) -> None:
    """Left and right margin of a cell in twentieths of a point."""
    margins = OxmlElement("w:tcMar")
    for name in ("left", "right"):
        margin = OxmlElement(f"w:{name}")
        margin.set(qn("w:w"), str(side))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    cell._tc.get_or_add_tcPr().append(margins)


def title(document: DocxDocument, layout: Layout, name: str, subject: str) -> None:
    """Type of the document and what it is about, with what closes them off."""
    for text, size, before in ((name, 14 if layout == "state" else 16, 18), (subject, 14, 0)):
        paragraph = document.add_paragraph()
        paragraph.alignment = CENTRE
        paragraph.paragraph_format.space_before = Pt(before)
        write(paragraph, text, size=size, bold=True)
    if layout == "state":
        rule_under(paragraph, Mm(50), TEXT_WIDTH)
        return
    paragraph = document.add_paragraph()
    paragraph.alignment = CENTRE
    write(paragraph, "-----", size=14)


def body(document: DocxDocument, *, indent: bool = True, left: bool = False) -> Paragraph:
    """A paragraph of the text: justified, first line 10 mm in, 6 pt before, the decree's least."""
    paragraph = document.add_paragraph()
    paragraph.alignment = LEFT if left else JUSTIFIED
    paragraph.paragraph_format.space_before = Pt(6)
    if indent:
        paragraph.paragraph_format.first_line_indent = Mm(10)
    return paragraph


def signature(document: DocxDocument, layout: Layout, *, post: str, copies: list[str]) -> None:
    """Receivers at the left, the post that signs at the right, with room for hand and seal."""
    table = document.add_table(rows=1, cols=2)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    table.autofit = False
    set_widths(table, (Mm(82), Mm(83)))
    left, right = table.rows[0].cells
    if layout == "state":
        write(left.paragraphs[0], "Nơi nhận:", size=12, bold=True, italic=True)
    else:
        write(left.paragraphs[0], "Nơi nhận:", size=14).underline = True
    for line in copies:
        write(left.add_paragraph(), line, size=11 if layout == "state" else 12)
    centred(right, post, size=14, bold=True)
    no_break_inside(table.rows[0])
    for _ in range(3):
        right.add_paragraph()


def keep_together(paragraph: Paragraph) -> None:
    paragraph.paragraph_format.keep_with_next = True


def no_break_inside(row: _Row) -> None:
    """A row that a page break does not tear apart."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def repeat_on_every_page(row: _Row) -> None:
    """The heading of a table that runs over pages."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
