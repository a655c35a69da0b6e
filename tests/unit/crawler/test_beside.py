"""What stands beside the box of the text and may be text."""

import pytest

from crawler.extraction.asides import Asides
from crawler.extraction.beside import words_beside
from crawler.extraction.tree import parse_page
from tests.unit.crawler.invented import LEAD, TITLE, html, paragraphs

COUNTED = len(LEAD)


@pytest.mark.parametrize(
    ("beside", "characters"),
    [
        ("", 0),
        (f"<p>{LEAD}</p>", COUNTED),
        (f"<div><span>{LEAD}</span><i>{LEAD}</i></div>", 2 * COUNTED),
        (f"<ul><li>{LEAD}</ul><table><tr><td>{LEAD}</table>", 2 * COUNTED),
        (f"\n  {LEAD}<br>{LEAD}\n", 2 * COUNTED),
        (f"<p><b>Hỏi:</b> {LEAD} <u>Đáp:</u></p>", COUNTED),
        ("Mục<br>Bài", 0),
        ("<p>Một dòng ngắn.</p>" * 9 + "<p>Mục</p>" + " " * 99, 0),
        (f"<p><a href='/'>{LEAD}</a></p><a href='/'><b>{LEAD}</b></a>", 0),
        (f"<script>{LEAD}</script><div><style>{LEAD}</style></div>", 0),
        (f"<nav><p>{LEAD}</p></nav><div><aside>{LEAD}</aside></div>", 0),
        (f'<div><div class="binh-luan"><p>{LEAD}</p></div></div>', 0),
    ],
)
@pytest.mark.parametrize("frame", ["{1}{0}", "{0}{1}", "<section><div>{0}</div></section>{1}"])
def test_what_may_be_text_is_counted(beside: str, characters: int, frame: str) -> None:
    box = f'<div class="than">{paragraphs()}</div>'
    page = parse_page(html(f"<title>{TITLE}</title>", frame.format(box, beside)))
    text = next(element for element in page.iter("div") if element.get("class") == "than")
    assert words_beside(text, Asides(page, [])) == characters
