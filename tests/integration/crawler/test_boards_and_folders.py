"""Boards are turned page by page; folders are read without asking anybody."""

import json
import os
import signal
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from crawler.settings import CrawlerSettings
from tests.integration.crawler.conftest import Office, Site, article_page, shout_numbers

TITLE = "Hỏi về cấp nước sạch"


def put_board(site: Site, *pages: Sequence[int]) -> str:
    """A board whose pages name questions by number; the address of its first page."""
    for number, questions in enumerate(pages, start=1):
        rows = "".join(
            f'<li><h3><a href="/hoi-dap/cau-hoi-ve-cap-nuoc-sach-{question}.html">'
            f"{TITLE} ở tổ dân phố số {question}</a></h3><span>19/11/2026</span></li>"
            for question in questions
        )
        onward = f'<a href="/hoi-dap?trang={number + 1}">Trang sau</a>' if number < len(pages) else ""
        address = "/hoi-dap" if number == 1 else f"/hoi-dap?trang={number}"
        site.put(address, f"<html><body><ul>{rows}</ul>{onward}</body></html>", conditional=True)
        for question in questions:
            site.put(
                f"/hoi-dap/cau-hoi-ve-cap-nuoc-sach-{question}.html", article_page(f"{TITLE} {question}")
            )
    return site.url + "/hoi-dap"


def board_settings(office: Office, url: str, **source: Any) -> CrawlerSettings:
    return office.settings({"sources": [{"kind": "board", "url": url, **source}]}, visit_hours=[])


def turned(site: Site) -> list[str]:
    return [path for path, _ in site.asked if path.partition("?")[0] == "/hoi-dap"]


def test_a_board_is_turned_while_its_pages_name_something_new(office: Office, site: Site) -> None:
    url = put_board(site, (9, 8), (7, 6), (5, 4))
    settings = board_settings(office, url)
    summary = office.crawl(settings)
    assert summary.failures == []
    assert turned(site) == ["/hoi-dap", "/hoi-dap?trang=2", "/hoi-dap?trang=3"]
    assert len(office.articles()) == 6

    site.asked.clear()
    put_board(site, (10, 9), (8, 7), (6, 5), (4,))
    office.clock.now += timedelta(hours=1)
    assert office.crawl(settings).counts["articles_new"] == 1
    assert turned(site) == ["/hoi-dap", "/hoi-dap?trang=2"]

    site.asked.clear()
    office.clock.now += timedelta(hours=1)
    assert office.crawl(settings).counts["sources_unchanged"] == 1
    assert turned(site) == ["/hoi-dap"]


def test_a_board_is_turned_no_further_than_the_configuration_says(office: Office, site: Site) -> None:
    url = put_board(site, (9,), (8,), (7,), (6,))
    office.crawl(board_settings(office, url, max_pages=2))
    assert turned(site) == ["/hoi-dap", "/hoi-dap?trang=2"]
    assert len(office.articles()) == 2


def test_a_board_of_which_a_page_could_not_be_turned_is_turned_to_its_end_later(
    office: Office, site: Site
) -> None:
    settings = board_settings(office, put_board(site, (9, 8), (7, 6), (5, 4)))
    site.pages["/hoi-dap?trang=2"].status = 500
    summary = office.crawl(settings)
    assert [failure.what for failure in summary.failures] == ["answers 500 Internal Server Error"]
    assert len(office.articles()) == 2

    site.pages["/hoi-dap?trang=2"].status = 200
    office.clock.now += timedelta(hours=1)
    assert office.crawl(settings).counts["articles_new"] == 4

    site.asked.clear()
    office.clock.now += timedelta(hours=1)
    assert office.crawl(settings).counts["sources_unchanged"] == 1
    assert turned(site) == ["/hoi-dap"]


def test_a_board_without_marks_is_turned_to_its_end_once_only(office: Office, site: Site) -> None:
    settings = board_settings(office, put_board(site, (9, 8), (7, 6), (5, 4)))
    for number in (1, 2, 3):
        site.pages["/hoi-dap" if number == 1 else f"/hoi-dap?trang={number}"].conditional = False
    site.pages["/hoi-dap?trang=3"].status = 500
    for polled in (3, 3, 1):
        site.asked.clear()
        office.crawl(settings)
        assert len(turned(site)) == polled
        site.pages["/hoi-dap?trang=3"].status = 200
        office.clock.now += timedelta(hours=1)
    assert len(office.articles()) == 6


def test_what_a_board_names_beyond_the_limit_is_taken_up_from_its_later_pages_too(
    office: Office, site: Site
) -> None:
    url = put_board(site, (9,), (8, 7, 6), (5,))
    settings = office.settings(
        {"sources": [{"kind": "board", "url": url}]}, visit_hours=[], max_items_per_source=1
    )
    for _ in range(4):
        office.crawl(settings)
        office.clock.now += timedelta(hours=1)
    assert len(office.articles()) == 5


def test_a_board_that_is_configured_otherwise_is_turned_anew(office: Office, site: Site) -> None:
    url = put_board(site, (9,), (8,), (7,), (6,))
    office.crawl(board_settings(office, url, max_pages=2))
    office.crawl(board_settings(office, url, max_pages=3))
    assert len(office.articles()) == 3


def folder_settings(office: Office, folder: Path) -> CrawlerSettings:
    return office.settings({"sources": [{"kind": "folder", "path": str(folder)}]})


def put_lines(path: Path, *numbers: int) -> None:
    lines = (
        {
            "url": f"https://song-moi.example/tin/duong-lay-loi-{number}.html",
            "title": f"Đường lầy lội {number}",
            "summary": "Gọi 0912345678 để biết thêm",
            "body": "Người dân phải đi vòng.",
            "published": "2026-11-19T08:00:00+07:00",
        }
        for number in numbers
    )
    path.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines))


def test_a_folder_is_read_once_and_asks_nobody(office: Office, site: Site, tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    put_lines(folder / "tin.jsonl", 1, 2)
    (folder / "trang.html").write_text(article_page("Trang đã lưu"))
    (folder / "trang.html.url").write_text("https://song-moi.example/tin/trang-da-luu-7.html")
    (folder / "muc.html").write_text("<html><h1>Chuyên mục</h1></html>")
    (folder / "muc.html.url").write_text("https://song-moi.example/muc/doi-song-8.html")
    settings = folder_settings(office, folder)

    summary = office.crawl(settings)
    assert summary.failures == []
    assert (summary.counts["articles_new"], summary.counts["refused_not_article"]) == (3, 1)
    articles = office.articles()
    assert set(articles) == {"Đường lầy lội 1", "Đường lầy lội 2", "Trang đã lưu"}
    assert articles["Đường lầy lội 1"].lead == "Gọi [số điện thoại] để biết thêm"
    assert "đường ống chính" in (articles["Trang đã lưu"].body or "")
    assert {link.state for link in office.links().values()} == {"stored"}
    assert site.asked == []

    office.clock.now += timedelta(hours=30)
    assert office.crawl(settings).counts == {"sources_polled": 1, "sources_unchanged": 1}

    put_lines(folder / "moi.jsonl", 2, 3)
    office.clock.now += timedelta(hours=30)
    assert office.crawl(settings).counts["articles_new"] == 1
    assert len(office.articles()) == 4


def test_a_folder_that_is_not_there_is_a_failure_with_a_remedy(office: Office, tmp_path: Path) -> None:
    (failure,) = office.crawl(folder_settings(office, tmp_path / "nowhere")).failures
    assert failure.what.startswith("cannot be read: there is no folder")
    assert "make it" in failure.remedy
    assert office.source().failures == 1


def fatal(text: str) -> str:
    """Stands for masking, in the reading process: ends it at one title."""
    if "Trang đã lưu" in text:
        os.kill(os.getpid(), signal.SIGKILL)
    return text


def test_a_saved_page_at_which_the_reader_died_is_tried_three_times(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    put_lines(folder / "tin.jsonl", 1)
    (folder / "trang.html").write_text(article_page("Trang đã lưu"))
    (folder / "trang.html.url").write_text("https://song-moi.example/tin/trang-da-luu-7.html")
    settings = folder_settings(office, folder)
    remedies = []
    for _ in range(4):
        office.clock.now += timedelta(hours=30)
        remedies += [failure.remedy for failure in office.crawl(settings, mask=fatal).failures]
    assert ["tried again by itself" in remedy for remedy in remedies] == [True, True, False]
    assert set(office.articles()) == {"Đường lầy lội 1"}


def test_a_saved_page_at_which_the_reader_died_by_chance_is_read_at_the_next_run(
    office: Office, tmp_path: Path
) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    (folder / "trang.html").write_text(article_page("Trang đã lưu"))
    (folder / "trang.html.url").write_text("https://song-moi.example/tin/trang-da-luu-7.html")
    settings = folder_settings(office, folder)
    for mask in (fatal, shout_numbers):
        office.clock.now += timedelta(hours=30)
        office.crawl(settings, mask=mask)
    assert set(office.articles()) == {"Trang đã lưu"}
    office.clock.now += timedelta(hours=30)
    assert office.crawl(settings).counts == {"sources_polled": 1, "sources_unchanged": 1}


def stop_storing(office: Office, title: str) -> None:
    with office.store.begin() as session:
        session.execute(
            text(
                f"CREATE TRIGGER full BEFORE INSERT ON article WHEN NEW.title = '{title}' "
                "BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
            )
        )


def store_again(office: Office) -> None:
    with office.store.begin() as session:
        session.execute(text("DROP TRIGGER full"))


def test_a_file_that_was_read_in_part_is_gone_on_with(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    put_lines(folder / "tin.jsonl", *range(230))
    settings = folder_settings(office, folder)
    office.clock.now += timedelta(hours=30)
    stop_storing(office, "Đường lầy lội 120")
    assert office.crawl(settings).counts["articles_new"] == 100
    store_again(office)
    office.clock.now += timedelta(hours=30)
    counts = office.crawl(settings).counts
    assert (counts["pages_read"], counts["articles_new"], len(office.articles())) == (130, 130, 230)
    office.clock.now += timedelta(hours=30)
    assert office.crawl(settings).counts == {"sources_polled": 1, "sources_unchanged": 1}


def test_the_mark_of_a_folder_is_not_written_with_each_batch(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("crawler.spiders.folders._MARK_SECONDS", 3600)
    folder = tmp_path / "saved"
    folder.mkdir()
    put_lines(folder / "tin.jsonl", *range(230))
    with office.store.begin() as session:
        session.execute(text("CREATE TABLE mark (told TEXT)"))
        session.execute(
            text(
                "CREATE TRIGGER marked AFTER UPDATE OF etag ON source WHEN NEW.etag IS NOT OLD.etag "
                "BEGIN INSERT INTO mark VALUES (NEW.etag); END"
            )
        )
    office.clock.now += timedelta(hours=30)
    office.crawl(folder_settings(office, folder))
    with office.store.begin() as session:
        assert [len(told) for told in session.scalars(text("SELECT told FROM mark"))] == [8]


def test_what_could_not_be_stored_of_a_folder_is_read_again(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "saved"
    folder.mkdir()
    put_lines(folder / "tin.jsonl", 1)
    stop_storing(office, "Đường lầy lội 1")
    settings = folder_settings(office, folder)
    assert office.crawl(settings).counts["not_stored"] == 1
    store_again(office)
    office.clock.now += timedelta(hours=30)
    assert office.crawl(settings).counts["articles_new"] == 1
