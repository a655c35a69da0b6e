"""Nguồn and Chương trình: what is configured, how it is, and what is to be done."""

import typing
from datetime import timedelta

from lxml import html
from sqlalchemy import select

from crawler.health import HealthState
from crawler.trouble_kinds import TroubleKind
from pipeline import watching
from store.models import Link, Source
from tests.integration.web.conftest import Enter
from tests.integration.web.town import NOW, Town


def rows(page: str) -> dict[str, list[str]]:
    """Cells by what begins the row's name."""
    return {
        row.find("th").text.strip(): [" ".join(cell.text_content().split()) for cell in row.findall("td")]
        for row in html.fromstring(page).xpath("//tbody/tr")
    }


def test_every_source_is_told_of_those_that_ail_first(enter: Enter, town: Town) -> None:
    town.source("Báo khỏe", last_new_at=NOW - timedelta(hours=1))
    town.source("Báo chặn", failures=4, last_error="answers 403", error_kind="forbidden")
    town.source("Báo im", last_new_at=NOW - timedelta(days=3))
    with town.store.begin() as session:
        well = session.scalars(select(Source.id).order_by(Source.id)).first()
        for number, days in enumerate((0, 3, 6, 8)):
            url = f"http://127.0.0.1/bai/{number}"
            at = NOW - timedelta(days=days, hours=1)
            session.add(Link(source_id=well, url=url, canonical_url=url, state="stored", discovered_at=at))
    page = enter("analyst").get("/nguon").text
    found = rows(page)
    assert list(found) == ["Báo chặn", "Báo im", "Báo khỏe"]
    kind, state, last_read, last_new, items, remedy = found["Báo khỏe"]
    assert (kind, state, items, remedy) == ("kênh RSS", "bình thường", "3", "–")
    assert (last_read, last_new) == ("20/11/2026 09:00", "20/11/2026 08:00")
    assert "trang từ chối cho đọc" in found["Báo chặn"][1]
    assert "Liên hệ tòa soạn" in found["Báo chặn"][5]
    assert "không có tin mới từ" in found["Báo im"][1]
    assert "answers" not in page
    assert list(rows(enter("operator").get("/nguon?loc=can-xem").text)) == ["Báo chặn", "Báo im"]


def test_there_are_words_for_every_state_and_every_trouble() -> None:
    assert set(watching.STATE_IN_WORDS) == set(typing.get_args(HealthState))
    assert set(watching._REMEDIES) == set(typing.get_args(TroubleKind))


def test_the_programme_says_what_the_configuration_says(enter: Enter, town: Town) -> None:
    page = enter("reader").get("/chuong-trinh").text
    text = " ".join(html.fromstring(page).find(".//main").text_content().split())
    for words in (
        "Phối hợp giải quyết vấn đề dân sinh",
        "01-CTPH/BTG",
        "từ 01/01/2026 đến 31/12/2030",
        "Quyết định thử nghiệm",
        "UBND thử nghiệm",
        "Tham mưu giải quyết vấn đề nổi cộm (căn cứ của phiếu chuyển)",
        "NĐ 237/2026 Đ18.1",
        "08:00–12:00 và 13:00–17:00",
    ):
        assert words in text
    tables = html.fromstring(page).xpath("//table")
    rules, agencies, deadlines, _, days = [
        {row.find("th").text_content(): [cell.text_content() for cell in row.findall("td")]
         for row in table.xpath("./tbody/tr[th]")} for table in tables
    ]  # fmt: skip
    assert rules["Môi trường – rác thải"][:3] == [
        "toàn địa bàn", "Sở Nông nghiệp và Môi trường", "UBND xã, phường nơi xảy ra",
    ]  # fmt: skip
    assert "so-nnmt@example.vn" in agencies["Sở Nông nghiệp và Môi trường"][2]
    assert deadlines["3"] == ["nghiêm trọng, kéo dài", "3 ngày làm việc"]
    assert days["24/11/2026"][:2] == ["thứ Ba", "nghỉ"]
    lacking = html.fromstring(page).xpath("//ul[@class='lacks']")[0].text_content()
    assert "Giáo dục" in lacking
    assert "chưa có cơ quan chủ trì từ 20/11/2026 đến 20/11/2027" in lacking
    assert "Môi trường" not in lacking
