"""Boards of portals. All pages are invented; their makes are those of real portals."""

from datetime import datetime

import pytest

from crawler.kinds.boards import read_board
from crawler.kinds.naming import Named
from crawler.kinds.pagers import BY_SCRIPT
from crawler.times import LOCAL

URL = "https://cong.vn/hoi-dap"
ROWS = """<table>
<tr><td>1</td><td><a href="/hoi-dap/chi-tiet?id=7">Đường thôn 3 hỏng từ ngày 01/02/2026, bao giờ sửa?</a></td>
<td>20/11/2026 08:30</td></tr>
<tr><td>2</td><td><a href="/hoi-dap/chi-tiet?id=6">Nước sạch thôn 4</a></td>
<td>Ngày hỏi: 18/11/2026</td><td>Ngày trả lời: 19/11/2026</td></tr>
<tr><td>3</td><td><a href="/hoi-dap/chi-tiet?id=5">Điện</a></td><td>Đã trả lời</td></tr></table>"""


def test_rows_and_their_dates() -> None:
    board = read_board(ROWS.encode(), URL)
    assert board.named == (
        Named("https://cong.vn/hoi-dap/chi-tiet?id=7", published=datetime(2026, 11, 20, 8, 30, tzinfo=LOCAL)),
        Named("https://cong.vn/hoi-dap/chi-tiet?id=6", changed=datetime(2026, 11, 19, tzinfo=LOCAL)),
        Named("https://cong.vn/hoi-dap/chi-tiet?id=5"),
    )
    assert (board.next_page, board.notices) == (None, ())


def test_the_date_of_one_row_is_not_anothers() -> None:
    items = "".join(
        f"<li><a href='/hoi-dap/chi-tiet?id={day}'><img></a><a href='/hoi-dap/chi-tiet?id={day}'>Câu hỏi</a>"
        f"<p>{day}/11/2026</p></li>"
        for day in (18, 17)
    )
    board = read_board(f"<p>Hôm nay 20/11/2026</p><ul>{items}</ul>".encode(), URL)
    assert [named.published.day for named in board.named if named.published] == [18, 17]


NEXT = {
    # pager: (this page, the pager, the page after it)
    "rel": ("", '<link rel="next" href="?page=2">', "?page=2"),
    "rel of an anchor": ("?page=2", '<a href="?page=1">1</a><a rel="next" href="?page=3">x</a>', "?page=3"),
    "words": ("", '<a href="?trang=2">Trang sau »</a>', "?trang=2"),
    "one word": ("", '<a href="?trang=2">Tiếp</a>', "?trang=2"),
    "words in capitals": ("", '<a href="?p=2"> TIẾP THEO </a>', "?p=2"),
    "a title": ("", '<a href="?p=2" title="Trang tiếp"><i></i></a>', "?p=2"),
    "a label": ("", '<a href="?p=2" aria-label="Next"><svg/></a>', "?p=2"),
    "an arrow": ("", '<a href="?p=2">›</a><a href="?p=9">»</a>', "?p=2"),
    "a double arrow": ("?p=2", '<a href="?p=1">«</a><a href="?p=3">»</a>', "?p=3"),
    "a double arrow to the last": ("", '<a href="?p=9">»</a>', None),
    "a class": ("", '<li class="pager-next"><a href="?page=1">&gt;</a></li>', "?page=1"),
    "numbers": ("", '<b class="current">1</b><a href="?page=2">2</a><a href="?page=3">3</a>', "?page=2"),
    "numbers from nought": ("?page=1", '<b class="active">2</b><a href="?page=2">3</a>', "?page=2"),
    "numbers in the path": ("/trang-2", '<a href="/hoi-dap/trang-3">3</a>', "/trang-3"),
    "numbers and an ending": (".html/page/2", '<a href="/hoi-dap.html/page/3">3</a>', ".html/page/3"),
    "numbers of something else": ("", '<a href="/tin/2">2</a><a href="/khac?page=2">2</a>', None),
    "the last page": ("?page=3", '<a href="?page=2">2</a><b class="active">3</b>', None),
    "a link that is off": ("?p=3", '<li class="next disabled"><a href="?p=4">x</a></li>', None),
    "this page again": ("?page=2", '<a rel="next" href="?page=2">Sau</a>', None),
    "another site": ("", '<a rel="next" href="https://khac.vn/?page=2">Sau</a>', None),
    "a carousel": ("", '<div class="slick-next"><a href="/tin-1" class="next">x</a></div>', None),
    "none": ("", "", None),
}  # fmt: skip


@pytest.mark.parametrize("how", NEXT)
def test_the_next_page(how: str) -> None:
    here, pager, then = NEXT[how]
    pager = pager.replace('href="?', 'href="/hoi-dap?')
    board = read_board(f"<body>{ROWS}{pager}</body>".encode(), URL + here)
    assert board.next_page == (None if then is None else URL + then)
    assert board.notices == ()


def test_a_selector_names_the_next_page() -> None:
    pager = '<a rel="next" href="/tin-sau">Tin sau</a><div id="x"><a href="/hoi-dap/cu-hon">Cũ hơn</a></div>'
    assert read_board((ROWS + pager).encode(), URL, next_selector="#x a").next_page == f"{URL}/cu-hon"
    assert read_board((ROWS + pager).encode(), URL, next_selector="#y a").next_page is None


@pytest.mark.parametrize(
    "pager",
    [
        """<a href="javascript:__doPostBack('ctl00$grid','Page$2')">2</a>""",
        """<a href="#" onclick="__doPostBack('x','')">2</a>""",
        '<a href="javascript:void(0)">Trang sau</a>',
    ],
)
def test_pages_turned_by_a_script_are_told_of(pager: str) -> None:
    board = read_board((ROWS + pager).encode(), URL)
    assert (board.next_page, board.notices) == (None, (BY_SCRIPT,))
