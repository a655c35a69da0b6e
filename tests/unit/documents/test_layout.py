import io

from docx import Document

from pipeline.documents.layout import state_document
from pipeline.documents.letter import build_template
from pipeline.documents.rendering import TEMPLATES


def test_the_page_has_the_decrees_margins_font_and_page_number() -> None:
    document = state_document()
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert 20 <= round(section.top_margin.mm) <= 25
    assert 20 <= round(section.bottom_margin.mm) <= 25
    assert 30 <= round(section.left_margin.mm) <= 35
    assert 15 <= round(section.right_margin.mm) <= 20
    normal = document.styles["Normal"]
    assert normal.font.name == "Times New Roman"
    assert normal.font.size.pt in (13, 14)
    assert section.different_first_page_header_footer
    assert section.first_page_header.is_linked_to_previous or not section.first_page_header.paragraphs[0].text
    assert "PAGE" in section.header.paragraphs[0]._p.xml


def test_the_template_that_ships_is_the_one_that_is_built() -> None:
    shipped = (TEMPLATES / "letter.docx").read_bytes()
    built = build_template.build()
    assert Document(io.BytesIO(shipped)).element.xml == Document(io.BytesIO(built)).element.xml
