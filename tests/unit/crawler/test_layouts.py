"""Declared layouts, and what happens when they no longer hold."""

from datetime import date

import pytest

from crawler.extraction import Extracted, extract
from crawler.extraction.layouts import compiled
from crawler.settings import LayoutSettings
from tests.unit.crawler.invented import BODY, LEAD, PARAGRAPHS, STATED, TIME, TITLE, URL, html, paragraphs

ASIDE = "Chợ này từng được sửa hai lần, lần nào cũng dở dang, nay lại chờ vốn và chờ người đứng ra nhận việc."
MORE = "Tiểu thương nói họ đã góp tiền sửa mái từ tháng trước và mong phường cho biết bao giờ khởi công."
LAYOUT = LayoutSettings(title=".dau", lead=".tom", body=".than", time=".gio", drop=(".chen", "aside p"))


def page_of(
    body: str = "than", lead: str = "tom", time: str = "gio", inside: str = "", head: str = ""
) -> str:
    """A page that tells machines nothing, its parts under names that no reader knows."""
    return html(
        f"<title>Trang</title>{head}",
        f'<div class="dau">{TITLE}</div><i class="{time}">lúc 08:00 ngày 20/11/2026</i>'
        f'<div class="{lead}">{LEAD}</div><div class="{body}">{paragraphs()}{inside}</div>',
    )


def read(page: str, *layouts: LayoutSettings) -> Extracted:
    return extract(page, URL, layouts=layouts)


def test_every_part_where_it_is_declared() -> None:
    page = read(page_of(inside=f'<p class="chen">{ASIDE}</p><aside><p>{ASIDE}</p></aside>'), LAYOUT)
    assert (page.title, page.lead, page.published, page.body) == (TITLE, LEAD, TIME, BODY)
    assert (page.article, page.lead_is_printed, page.layout) == (True, True, "declared")


def test_paragraphs_may_be_declared_one_by_one() -> None:
    page = read(page_of(inside=f"<div>{ASIDE}</div>"), LayoutSettings(body=".than > p", time=".gio"))
    assert page.body == BODY


def test_boxes_of_the_same_name_elsewhere_are_none_of_the_text() -> None:
    cards = "".join(
        f'<li><div class="than"><p>{ASIDE}</p></div><p class="tom">{ASIDE}</p></li>' for _ in range(3)
    )
    page = read(page_of() + f"<ul>{cards}</ul>", LAYOUT)
    assert (page.lead, page.body) == (LEAD, BODY)


def test_boxes_beside_each_other_are_one_text() -> None:
    page = read(page_of().replace("</body>", f'<div class="than"><p>{ASIDE}</p></div></body>'), LAYOUT)
    assert page.body == f"{BODY}\n{ASIDE}"


def test_a_lead_of_several_paragraphs() -> None:
    page = read(
        page_of().replace(f'<div class="tom">{LEAD}', f'<p class="tom">{ASIDE}</p><div class="tom">{LEAD}'),
        LAYOUT,
    )
    assert page.lead == f"{ASIDE} {LEAD}"


def test_a_box_in_a_box_is_read_once() -> None:
    page = read(page_of(inside=f'<div class="than"><p>{ASIDE}</p></div>'), LAYOUT)
    assert page.body == f"{BODY}\n{ASIDE}"


@pytest.mark.parametrize(
    ("attribute", "hour"),
    [('datetime="2026-11-20T09:30+07:00"', 9), ('content="2026-11-20T02:30:00Z"', 9), ("", 8)],
)
def test_the_declared_time_is_its_attributes_else_its_text(attribute: str, hour: int) -> None:
    page = read(page_of().replace('class="gio"', f'class="gio" {attribute}'), LAYOUT)
    assert page.published is not None
    assert page.published.astimezone(TIME.tzinfo).hour == hour - 7


@pytest.mark.parametrize(
    ("stated", "hour"),
    [
        ("2026-11-20T08:00:00Z", 1),
        ("2026-11-20T01:00:00+07:00", 1),
        ("2026-11-20T08:03:00+07:00", 1),
        ("2026-11-20T10:00:00+07:00", 3),
    ],
)
def test_a_wrong_zone_is_seen_by_the_printed_time(stated: str, hour: int) -> None:
    """Local time called UTC, or UTC called local; other differences are the machine's to tell."""
    page = read(page_of(head=f'<meta property="article:published_time" content="{stated}">'), LAYOUT)
    assert page.published is not None
    assert page.published.astimezone(TIME.tzinfo).hour == hour


@pytest.mark.parametrize("gone", ["body", "title and time"])
def test_a_page_of_another_make_is_read_all_the_same_and_told(gone: str) -> None:
    body = f'<h1>{TITLE}</h1><div class="date">20/11/2026 08:00</div><p class="sapo">{LEAD}</p>'
    text = f'<div class="noi-dung">{paragraphs()}</div>' if gone == "body" else ""
    page = read(html(f"<title>{TITLE}</title>", body + text), LAYOUT)
    if gone == "body":
        assert (page.title, page.lead, page.published, page.body) == (TITLE, LEAD, TIME, BODY)
    assert page.layout == ("missed" if page.article else None)


def test_far_less_than_there_is_counts_as_missed() -> None:
    long = "".join(f"<p>{ASIDE} {number}</p>" for number in range(12))
    page = html(
        f"<title>{TITLE}</title>{STATED}",
        f'<h1>{TITLE}</h1><div class="noi-dung"><p class="than">{" ".join(PARAGRAPHS)}</p>{long}</div>',
    )
    extracted = read(page, LAYOUT)
    assert extracted.layout == "missed"
    assert extracted.body is not None
    assert extracted.body.count(ASIDE) == 12


def test_a_short_article_is_no_missed_layout() -> None:
    page = html(
        f"<title>{TITLE}</title>{STATED}",
        f'<h1>{TITLE}</h1><div class="than"><p>{PARAGRAPHS[0]}</p></div>',
    )
    assert (read(page, LAYOUT).layout, read(page, LAYOUT).body) == ("declared", PARAGRAPHS[0])


def test_teasers_beside_the_text_are_no_missed_layout() -> None:
    teasers = "".join(f'<h3><a href="/{n}">Chuyện khác {n}</a></h3><p>{ASIDE}</p>' for n in range(11))
    page = read(page_of() + f"<div>{teasers}</div>", LAYOUT)
    assert (page.layout, page.body) == ("declared", BODY)


def test_pages_that_are_no_articles_say_nothing_of_the_layout() -> None:
    page = html("<title>Video</title>", "<h1>Video</h1><div class='than'>Đang phát.</div>")
    assert (read(page, LAYOUT).article, read(page, LAYOUT).layout) == (False, None)


OLD = LayoutSettings(body=".cu, .than", lead=".tom-cu", until=date(2026, 11, 19))
NEW = LayoutSettings(body=".moi, .than", lead=".tom-moi")
BOTH = f'<p class="tom-cu">{LEAD}</p><p class="tom-moi">{ASIDE}</p><div class="than">{paragraphs()}</div>'


@pytest.mark.parametrize(
    ("published", "lead"),
    [("2026-11-19T23:59:00+07:00", LEAD), ("2026-11-20T00:01:00+07:00", ASIDE), ("", ASIDE)],
)
def test_the_layout_of_the_day_of_publication(published: str, lead: str) -> None:
    head = f'<meta property="article:published_time" content="{published}">'
    page = read(html(f"<title>{TITLE}</title>{head}", f"<h1>{TITLE}</h1>{BOTH}"), OLD, NEW)
    assert (page.lead, page.layout) == (lead, "declared")


def test_an_old_article_in_the_new_layout() -> None:
    head = '<meta property="article:published_time" content="2020-01-05T10:00:00+07:00">'
    page = read(html(head, f"<h1>{TITLE}</h1>{BOTH.replace('than', 'moi')}"), OLD, NEW)
    assert (page.body, page.lead, page.layout) == (BODY, ASIDE, "declared")


def test_no_layouts_is_another_thing_than_the_known_ones() -> None:
    page = html(
        f"<title>{TITLE}</title>{STATED}",
        f'<h1>{TITLE}</h1><div data-role="content">{paragraphs()}</div>',
    )
    address = "https://tuoitre.vn/he-duong-bi-lan-chiem-20261120080000001.htm"
    assert extract(page, address).layout == "declared"
    assert extract(page, address, layouts=()).layout is None
    assert extract(page, address, layouts=[LAYOUT]).layout == "missed"


@pytest.mark.parametrize("selector", ["div[", "p:nth(", "..a", "div >", ""])
def test_what_is_no_selector_is_refused(selector: str) -> None:
    with pytest.raises(ValueError, match="CSS selector"):
        compiled(LayoutSettings(body=selector))
