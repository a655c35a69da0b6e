"""Vấn đề and Tìm kiếm: one list, found by what an official types, with an address of its own."""

import io
import re
import zipfile
from datetime import timedelta
from html import unescape

import pytest
from lxml import etree

from pipeline.asked_units import asked_unit
from pipeline.names import place_name
from tests.integration.web.conftest import Enter
from tests.integration.web.town import NOW, Town
from web.issue_table import MAX_ROWS

LANDFILL = "Bãi rác Tràng Bịa ô nhiễm"
FORMULA = '=HYPERLINK("http://xau.example.vn","Bấm vào đây")'


def titles(page: str) -> list[str]:
    cells = re.findall(r'<td><a href="/van-de/\d+">(.*?)</a>', page)
    return [re.sub(r"<[^>]+>", "", cell) for cell in cells]


@pytest.fixture
def filled(town: Town) -> Town:
    town.issue(title=LANDFILL, commune_code="11407", state="closed")
    issue = town.issue(title="Đường Bịa ngập", topic="traffic", articles=2)
    town.article(issue, title="Nước dâng ở phố Bịa", lead="Người dân nói ô nhiễm vì bãi rác gần đó (bịa).")
    return town


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("/tim-kiem?q=o+nhiem+bai+rac", ["Đường Bịa ngập", LANDFILL]),
        ("/tim-kiem?q=bai+rac+trang", [LANDFILL]),
        ("/tim-kiem?q=o+nhiem+vi", ["Đường Bịa ngập"]),
        ("/tim-kiem?q=ô+nhiễm+BÃI+rác&xep=moi-nhat", ["Đường Bịa ngập", LANDFILL]),
        ("/tim-kiem?q=%22rac+trang%22", [LANDFILL]),
        ("/tim-kiem?q=o+nhiem&linh-vuc=traffic", ["Đường Bịa ngập"]),
        ("/tim-kiem?q=o+nhiem&tinh-trang=closed", [LANDFILL]),
        ("/tim-kiem?bao=bao-thu&q=trang", [LANDFILL]),
        ("/tim-kiem?bao=bao-khac", []),
        ("/tim-kiem?tu=21/11/2026", []),
        ("/tim-kiem?q=bia+trang&tu=20/11/2026&den=20/11/2026", [LANDFILL]),
        ("/tim-kiem?den=19/11/2026", []),
        ("/tim-kiem?dia-ban=11407", [LANDFILL]),
        ("/van-de", ["Đường Bịa ngập"]),
        ("/van-de?q=bai+rac", ["Đường Bịa ngập"]),
        ("/van-de?q=bai+rac&tinh-trang=tat-ca", ["Đường Bịa ngập", LANDFILL]),
    ],
)
def test_issues_are_found(enter: Enter, filled: Town, address: str, found: list[str]) -> None:
    answer = enter("reader").get(address)
    assert (answer.status_code, titles(answer.text)) == (200, found)


def test_what_was_looked_for_is_marked_in_title_and_article(enter: Enter, filled: Town) -> None:
    page = enter("reader").get("/tim-kiem?q=bai+rac").text
    assert '<mark title="từ tìm">Bãi rác</mark> Tràng Bịa ô nhiễm' in page
    assert "Báo Thử Nghiệm, 20/11/2026: Nước dâng ở phố Bịa" in page
    assert 'ô nhiễm vì <mark title="từ tìm">bãi rác</mark> gần đó' in page


def test_a_unit_is_found_by_the_name_it_had(enter: Enter, town: Town) -> None:
    old = asked_unit("xã An Đồng", "31")
    assert old.old_names == ("Xã An Đồng",)
    town.issue(title="Ở nơi xưa là xã (bịa)", commune_code=old.codes[0])
    town.issue(title="Ở nơi khác (bịa)", commune_code="11407")
    for written in ("xã An Đồng", "xa an dong", "An Đồng"):
        page = enter("reader").get("/tim-kiem", params={"dia-ban": written}).text
        assert titles(page) == ["Ở nơi xưa là xã (bịa)"], written
        assert f"nay thuộc: {place_name(old.codes[0])}" in page


def test_an_old_province_is_not_all_of_todays(enter: Enter, town: Town) -> None:
    town.issue(title="Ở Hải Dương xưa (bịa)", commune_code="10606")
    town.issue(title="Ở Hải Phòng xưa (bịa)", commune_code="11407")
    town.issue(title="Chưa rõ ở đâu (bịa)")
    client = enter("analyst")
    page = client.get("/tim-kiem", params={"dia-ban": "tỉnh Hải Dương"}).text
    assert titles(page) == ["Ở Hải Dương xưa (bịa)"]
    said = (
        "Tỉnh Hải Dương là tên cũ; nay thuộc 64 đơn vị cấp xã của Thành phố Hải Phòng. "
        "Danh sách gồm toàn bộ các đơn vị này. "
        "Vấn đề chỉ biết ở Thành phố Hải Phòng, chưa rõ nơi nào, không có trong đó."
    )
    assert said in page
    rows = rows_of(client.get("/tim-kiem/bang.xlsx", params={"dia-ban": "tỉnh Hải Dương"}).content)
    assert ["Số vấn đề", "1.0"] in rows
    assert ["Ghi chú", said] in rows


@pytest.mark.parametrize("written", ["thị xã Chí Linh", "TX. Chí Linh"])
def test_a_unit_is_found_by_the_type_it_had(enter: Enter, town: Town, written: str) -> None:
    town.issue(title="Ở nơi xưa là thành phố (bịa)", commune_code="10549")
    town.issue(title="Ở nơi khác (bịa)", commune_code="11407")
    page = enter("reader").get("/tim-kiem", params={"dia-ban": written}).text
    assert titles(page) == ["Ở nơi xưa là thành phố (bịa)"]
    assert f"Danh mục không có “{written}”; danh sách này là của: Thành phố Chí Linh." in page


def offered(page: str) -> dict[str, str]:
    """What else a unit's name may mean, with its address."""
    said = re.findall(r"<p[^>]*>[^<]*Có phải: (.*?)</p>", page)
    return {name: unescape(to) for to, name in re.findall(r'<a href="([^"]+)">(.*?)</a>', "".join(said))}


def test_what_else_a_units_name_may_mean_is_offered(enter: Enter, town: Town) -> None:
    town.issue(title="Ở huyện xưa (bịa)", commune_code="11725", topic="traffic")
    client = enter("analyst")
    rows = rows_of(client.get("/tim-kiem/bang.xlsx", params={"dia-ban": "Kiến Thụy"}).content)
    assert ["Ghi chú", "“Kiến Thụy” được hiểu là Xã Kiến Thụy hiện nay."] in rows
    page = client.get("/tim-kiem", params={"dia-ban": "Kiến Thụy", "linh-vuc": "traffic", "trang": "3"}).text
    assert titles(page) == []
    assert page.index("Có phải: ") < page.index("Không có vấn đề nào khớp")
    ((name, to),) = offered(page).items()
    assert name == "Huyện Kiến Thụy (cũ)"
    assert "linh-vuc=traffic" in to
    assert "&trang=" not in to
    taken = "“Kiến Thụy” được hiểu là Xã Kiến Thụy hiện nay."
    assert page.count(taken) == page.count(f'<p class="message">{taken} Có phải: ') == 1
    there = client.get(to).text
    assert titles(there) == ["Ở huyện xưa (bịa)"]
    assert not offered(there)


def test_a_unit_of_another_level_is_offered_where_none_is_found(enter: Enter, town: Town) -> None:
    town.issue(title="Ở phường hôm nay (bịa)", commune_code="10546")
    client = enter("reader")
    page = client.get("/tim-kiem", params={"dia-ban": "tỉnh Chí Linh"}).text
    assert "Không có xã, phường, quận, huyện nào tên “tỉnh Chí Linh”" in page
    links = offered(page)
    assert list(links) == ["Phường Chí Linh", "Thành phố Chí Linh (cũ)"]
    assert [titles(client.get(to).text) for to in links.values()] == [["Ở phường hôm nay (bịa)"]] * 2


def test_old_units_are_suggested(enter: Enter, town: Town) -> None:
    page = enter("reader").get("/tim-kiem").text
    suggested = re.findall(r'<option value="([^"]+)"></option>', page)
    assert {"Phường Chí Linh", "Thành phố Chí Linh", "Tỉnh Hải Dương"} <= set(suggested)
    assert len(set(suggested)) == len(suggested)


@pytest.mark.parametrize(
    "written", ["Tràng Cát", "trang cat", "phường Tràng Cát", '"Tràng Cát"', "“phường Tràng Cát”"]
)
def test_an_old_units_name_among_words_is_told_of(enter: Enter, town: Town, written: str) -> None:
    town.issue(title="Ở phường hôm nay (bịa)", commune_code="11413")
    client = enter("reader")
    page = client.get("/tim-kiem", params={"q": written, "linh-vuc": "environment"}).text
    assert "Phường Tràng Cát nay thuộc: Phường Hải An." in page
    (leads,) = re.findall(r'<a href="([^"]+)">Xem các vấn đề ở đó</a>', page)
    there = client.get(leads.replace("&amp;", "&"))
    assert titles(there.text) == ["Ở phường hôm nay (bịa)"]
    assert "linh-vuc=environment" in leads


@pytest.mark.parametrize("query", ["q=Hải+An", "q=rác", "q=Tràng+Cát+ngập", "q=Tràng+Cát&dia-ban=Hải+An"])
def test_other_words_are_no_old_unit(enter: Enter, query: str) -> None:
    assert "Xem các vấn đề ở đó" not in enter("reader").get(f"/tim-kiem?{query}").text


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", {"a", "b", "c", "d", "e"}),
        ("loai=can-tra-loi", {"a", "b", "d", "e"}),
        ("loai=guong-tot", {"c"}),
        ("tinh-trang=khong-bo", {"a", "b", "c", "e"}),
        ("phat-hien-tu=18/11/2026", {"a", "c", "d", "e"}),
        ("phat-hien-tu=hom+qua", set()),
        ("dia-ban=11413", {"a", "e"}),
        ("dia-ban=Phường+Hải+An&ro-noi=1", {"a"}),
    ],
)
def test_lists_can_be_as_narrow_as_counts(enter: Enter, town: Town, query: str, found: set[str]) -> None:
    town.issue(title="a", commune_code="11413")
    town.issue(title="b", detected_at=NOW - timedelta(days=9))
    town.issue(title="c", kind="commendation")
    town.issue(title="d", state="dismissed")
    town.issue(title="e", commune_candidates=["11413", "11407"])
    assert set(titles(enter("reader").get(f"/tim-kiem?{query}").text)) == found


@pytest.mark.parametrize("written", ["{}", "#{}", "số {}", "Vấn đề số {}", "van de so {}"])
def test_an_issues_number_leads_to_it(enter: Enter, town: Town, written: str) -> None:
    issue = town.issue()
    answer = enter("reader").get("/tim-kiem", params={"q": written.format(issue)}, follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, f"/van-de/{issue}")


@pytest.mark.parametrize(
    ("written", "offered"),
    [
        ("4025", True),
        ("Số: 4025/PC-BTGDV", True),
        (" 4025-PC/BTGDVTU ", True),
        ("phiếu chuyển số 4025", True),
        ("phieu 4025", True),
        ("4026/PC-BTGDV", False),
        ("4025/12/2026", False),
        ("bãi rác 4025", False),
        ("phiếu chuyển", False),
    ],
)
def test_a_letters_number_is_led_to_the_letters(
    enter: Enter, town: Town, written: str, offered: bool
) -> None:
    town.sent_referral(town.issue(state="referred", title="Việc của phiếu"), number=4025)
    reader = enter("reader")
    page = reader.get("/tim-kiem", params={"q": written}).text
    link = re.search(r'<a href="([^"]+)">Phiếu chuyển số 4025</a>', page)
    assert (link is not None) is offered
    assert ("Ngoài phiếu chuyển trên" in page) is offered
    if link:
        assert "Việc của phiếu" in reader.get(link[1]).text


def test_no_issue_is_said_not_to_match_where_none_was_looked_for(enter: Enter, town: Town) -> None:
    town.sent_referral(town.issue(state="referred"), number=25)
    page = enter("reader").get("/tim-kiem?q=25&tu=hom+qua").text
    assert "Phiếu chuyển" in page
    assert "không có vấn đề nào khớp" not in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("q=", "Tìm kiếm"),
        ("q=%3F%21", "“?!” không có chữ hay số nào để tìm"),
        ("q=999999", "Không có vấn đề số 999999"),
        ("q=99999999999999999999", "Không có vấn đề nào khớp"),
        ("q=%3Cscript%3E", "Không có vấn đề nào khớp"),
        ("q=%00%22*", "“&#34;*” không có chữ hay số nào để tìm"),
        ("q=bãy+rác", "Không có vấn đề nào khớp"),
        ("q=bái+rác", "với dấu như đã gõ"),
        ("dia-ban=Gotham", "Không có xã, phường, quận, huyện nào tên “Gotham”"),
        ("dia-ban=Hải+Phòng", LANDFILL),
        ("tu=32/13/2026", "“32/13/2026” không phải là ngày"),
        ("den=31/12/9999", "“31/12/9999” không phải là ngày"),
        ("tu=01/01/0001", "“01/01/0001” không phải là ngày"),
        ("co-quan=khong-co'--", "Không có vấn đề nào khớp"),
    ],
)
def test_odd_questions_are_answered_plainly(enter: Enter, filled: Town, query: str, said: str) -> None:
    answer = enter("reader").get(f"/tim-kiem?{query}")
    assert answer.status_code == 200
    assert said in answer.text
    assert "<script>" not in answer.text


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("linh-vuc=zzz", "Không có lĩnh vực “zzz”"),
        ("tinh-trang=zzz", "Không có tình trạng “zzz”"),
        ("loai=zzz", "Không có loại “zzz”"),
        ("loai=zzz&linh-vuc=environment", "Không có loại “zzz”"),
        ("tu=20/11/2026&den=01/11/2026", "Ngày đầu (20/11/2026) sau ngày cuối (01/11/2026): hãy đổi lại."),
    ],
)
@pytest.mark.parametrize("here", ["/tim-kiem", "/van-de"])
def test_a_condition_that_is_not_understood_finds_nothing(
    enter: Enter, filled: Town, here: str, query: str, said: str
) -> None:
    client = enter("analyst")
    page = client.get(f"{here}?{query}").text
    assert (titles(page), "bang.xlsx" in page) == ([], False)
    assert said in page
    assert "Không có vấn đề nào khớp" not in page
    rows = rows_of(client.get(f"/tim-kiem/bang.xlsx?{query}").content)
    assert ["Số vấn đề", "0.0"] in rows
    assert said in "".join(row[-1] for row in rows if row[0] == "Ghi chú")


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("co-quan=zzz", "Danh mục hiện nay không có cơ quan “zzz”."),
        ("bao=zzz", "Danh mục hiện nay không có báo, cổng thông tin “zzz”."),
    ],
)
def test_an_agency_or_outlet_that_is_no_longer_listed_is_told_of(
    enter: Enter, filled: Town, query: str, said: str
) -> None:
    assert said in enter("reader").get(f"/tim-kiem?{query}").text


def test_a_span_may_be_one_day(enter: Enter, filled: Town) -> None:
    page = enter("reader").get("/tim-kiem?tu=20/11/2026&den=20/11/2026").text
    assert "sau ngày cuối" not in page
    assert len(titles(page)) == 2


@pytest.mark.parametrize(
    ("query", "unknown", "instead"),
    [
        ("q=ô+nhiễm+khozqx", ["khozqx"], {"ô nhiễm": 2}),
        ("q=khozqx+%22bãi+rác%22+xozqx&linh-vuc=traffic", ["khozqx", "xozqx"], {'"bãi rác"': 1}),
        ("q=khozqx", ["khozqx"], {}),
        ("q=%22rác+bãi%22", ["rác bãi"], {}),
        # Each word is known, not all of them together: what finds nothing is not offered.
        ("q=trang+nuoc+nhiem", [], {"nuoc nhiem": 1, "trang nhiem": 1}),
        ("q=trang+nuoc+nhiem&linh-vuc=traffic", [], {"nuoc nhiem": 1}),
        ("q=trang+nuoc+nhiem&co-quan=so-khac", [], {}),
        ("q=trang+nuoc+nhiem+khozqx", ["khozqx"], {"nuoc nhiem": 1, "trang nhiem": 1}),
        ("q=nuoc&linh-vuc=environment", [], {}),
        ("q=999999", [], {}),
        ("q=o+nhiem&tu=32/13/2026", [], {}),
    ],
)
def test_it_says_by_which_word_nothing_is_found(
    enter: Enter, filled: Town, query: str, unknown: list[str], instead: dict[str, int]
) -> None:
    reader = enter("reader")
    said = re.findall(r'<p class="none">.*?</p>', reader.get(f"/tim-kiem?{query}").text)
    none = unescape(said[0]) if said else ""
    assert re.findall(r"<strong>“(.*?)”</strong>", none) == unknown
    links = re.findall(r'<a href="(.*?)">(.*?)</a>', none)
    assert {words: len(titles(reader.get(address).text)) for address, words in links} == instead


def test_a_long_list_has_pages_that_keep_the_question(enter: Enter, town: Town) -> None:
    for number in range(51):
        town.issue(title=f"Rác bịa {number}", articles=0)
    client = enter("reader")
    first = client.get("/tim-kiem?q=rac&linh-vuc=environment").text
    (following,) = re.findall(r'<a href="([^"]+)">Trang sau →</a>', first)
    second = client.get(following.replace("&amp;", "&")).text
    assert len(titles(first)) == 50
    assert titles(second) == ["Rác bịa 0"]
    assert "linh-vuc=environment" in following


def rows_of(packed: bytes) -> list[list[str]]:
    """Cells of the one sheet as they are stored: type and value."""
    with zipfile.ZipFile(io.BytesIO(packed)) as parts:
        sheet = etree.fromstring(parts.read("xl/worksheets/sheet1.xml"))
    assert not sheet.findall(".//{*}f")
    return [
        [
            said if cell.get("t") == "inlineStr" else str(float(said))
            for cell in row.findall("{*}c")
            if (said := str(cell.xpath("string()")))
        ]
        for row in sheet.findall(".//{*}row")
    ]


def test_a_list_is_taken_away_with_dates_and_numbers_and_without_formulas(enter: Enter, town: Town) -> None:
    issue = town.issue(title=FORMULA, articles=3, state="referred", place_name="+1")
    town.sent_referral(issue, agency_name="@Sở")
    answer = enter("analyst").get("/tim-kiem/bang.xlsx?tinh-trang=referred")
    assert answer.headers["content-disposition"] == 'attachment; filename="van-de-2026-11-20.xlsx"'
    *head, row = rows_of(answer.content)
    assert row[:3] == [str(float(issue)), FORMULA, "Môi trường – rác thải"]
    assert row[3:8] == ["+1", "3.0", "đã chuyển", "@Sở", "3.0"]
    assert all(float(moment) > 46_000 for moment in row[8:])
    assert ["Số vấn đề", "1.0"] in head


def test_a_list_that_is_cut_says_so(enter: Enter, town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("web.pages.issues.MAX_ROWS", 2)
    for _ in range(3):
        town.issue()
    rows = rows_of(enter("analyst").get("/tim-kiem/bang.xlsx").content)
    assert ["Số vấn đề", "2.0"] in rows
    assert ["Ghi chú", "Còn vấn đề khác; bảng chỉ gồm 2 vấn đề đầu: hãy thu hẹp điều kiện"] in rows
    assert MAX_ROWS >= 1_000
