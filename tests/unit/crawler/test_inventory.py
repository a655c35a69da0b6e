"""What one walk over a page gathers."""

import pytest
from lxml.html import HtmlElement

from crawler.extraction import extract
from crawler.extraction.inventory import Inventory
from crawler.extraction.names import LEAD, TEXT
from crawler.extraction.tree import parse_page
from tests.unit.crawler.invented import BODY, STATED, TIME, TITLE, URL, html, paragraphs


def inventory(body: str) -> Inventory:
    return Inventory(parse_page(html("<title>Tên trang</title>", body)))


def test_each_text_with_where_it_stands() -> None:
    page = inventory("\n <p id='a'>một <b>hai</b> ba</p> bốn<script>năm</script>\n<style>sáu</style> bảy")
    texts = [(text.strip(), at.tag, behind) for text, at, behind in page.texts]
    assert sorted(texts) == [
        ("ba", "b", True),
        ("bảy", "style", True),
        ("bốn", "p", True),
        ("hai", "b", False),
        ("một", "p", False),
    ]


def test_the_elements_that_say_what_they_are() -> None:
    page = inventory(
        "<div class='sapo'></div><div class='x1'></div><p itemprop='name'></p><time></time>"
        "<td id='noi-dung'></td>"
    )
    assert [(element.tag, part, stated) for element, part, stated in page.named] == [
        ("div", LEAD, None),
        ("p", 0, "name"),
        ("time", 0, None),
        ("td", TEXT, None),
    ]


@pytest.mark.parametrize(("pieces", "tags"), [(("hai",), ["b"]), (("x", "ba"), ["b"]), (("Tên",), [])])
def test_where_a_piece_is_printed(pieces: tuple[str, ...], tags: list[str]) -> None:
    found = inventory("<p>một <b>hai</b> ba</p>").that_print(*pieces)
    assert [element.tag for element in found] == tags


def test_a_text_behind_an_early_end_of_the_page_is_found() -> None:
    body = f'<h1>{TITLE}</h1></body></html><html><div class="article-body">{paragraphs()}</div>'
    page = extract(html(f"<title>{TITLE}</title>{STATED}", body), URL, layouts=())
    assert (page.title, page.published, page.body) == (TITLE, TIME, BODY)


def test_every_element_has_the_class_that_is_promised() -> None:
    page = parse_page(html("", "<form><input><select><option>a</select><label>b</label></form>"))
    assert {type(element) for element in page.iter()} == {HtmlElement}
