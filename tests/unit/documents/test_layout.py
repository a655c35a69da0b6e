import io
from typing import get_args

import pytest
from docx import Document

from pipeline.documents.build_templates import BUILDERS, build
from pipeline.documents.issuing import Kind
from pipeline.documents.layout import Layout, blank_document
from pipeline.documents.templating import shipped

LAYOUTS = get_args(Layout)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_page_has_the_rules_margins_font_and_page_number(layout: Layout) -> None:
    document = blank_document(layout)
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins] == [20, 20, 30, 15]
    normal = document.styles["Normal"]
    assert normal.font.name == "Times New Roman"
    assert normal.font.size.pt == {"state": 13, "party": 14}[layout]
    assert section.different_first_page_header_footer
    assert section.first_page_header.is_linked_to_previous or not section.first_page_header.paragraphs[0].text
    assert "PAGE" in section.header.paragraphs[0]._p.xml


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("kind", BUILDERS)
def test_the_templates_that_ship_are_those_that_are_built(kind: Kind, layout: Layout) -> None:
    ships, built = shipped(layout, kind).read_bytes(), build(kind, layout)
    assert Document(io.BytesIO(ships)).element.xml == Document(io.BytesIO(built)).element.xml
