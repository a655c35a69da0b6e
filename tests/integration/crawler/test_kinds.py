"""Each kind of source, from its answer to the store."""

import json
import os
from datetime import timedelta
from pathlib import Path

from tests.integration.crawler.conftest import NOW, Office, Site, article_page

TITLE = "Cầu treo thôn Hạ xuống cấp"
BYLINE = "Trần Văn Viết"


def test_a_json_feed(office: Office, site: Site) -> None:
    link = site.put("/tin/cau-1.html", article_page(TITLE))
    item = {"url": f"{link}?utm_source=json", "title": TITLE, "author": {"name": BYLINE}}
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "S", "items": [item]}
    root = site.put("/feed.json", json.dumps(feed), content_type="application/feed+json")
    summary = office.crawl(office.settings({"sources": [{"kind": "feed", "url": root}]}))
    assert summary.failures == []
    assert [article.url for article in office.articles().values()] == [link]


def board(page: int, *days: int, more: bool = True) -> str:
    rows = "".join(
        f"<tr><td><a href='/hoi-dap/xem?id={day}'>Câu hỏi</a></td><td>{day}/11/2026</td></tr>" for day in days
    )
    pager = f"<a href='/hoi-dap?page={page + 1}'>Trang sau</a>" if more else ""
    return f"<table>{rows}</table>{pager}"


def test_a_board_is_turned_until_nothing_is_new(office: Office, site: Site) -> None:
    for day in range(13, 21):
        time = f"2026-11-{day}T09:00:00+07:00"
        site.put(f"/hoi-dap/xem?id={day}", article_page(f"Câu hỏi thứ {day}", published=time))
    root = site.put("/hoi-dap", board(1, 19, 18))
    site.put("/hoi-dap?page=2", board(2, 17, 16))
    site.put("/hoi-dap?page=3", board(3, 15, 14, more=False))
    settings = office.settings({"sources": [{"kind": "board", "url": root}]})
    assert office.crawl(settings).failures == []
    assert len(office.articles()) == 6
    office.clock.now += timedelta(days=2)
    site.put("/hoi-dap", board(1, 20, 19))
    site.asked.clear()
    office.crawl(settings)
    assert len(office.articles()) == 7
    assert [site.times(path) for path in ("/hoi-dap?page=2", "/hoi-dap?page=3")] == [1, 0]


def test_a_board_turns_no_more_pages_than_it_may(office: Office, site: Site) -> None:
    for day in range(13, 20):
        site.put(f"/hoi-dap/xem?id={day}", article_page(f"Câu hỏi thứ {day}"))
    root = site.put("/hoi-dap", board(1, 19))
    for page in range(2, 8):
        site.put(f"/hoi-dap?page={page}", board(page, 20 - page))
    source = {"kind": "board", "url": root, "max_pages": 3}
    office.crawl(office.settings({"sources": [source]}))
    assert len(office.articles()) == 3


def test_a_folder(office: Office, tmp_path: Path) -> None:
    folder = tmp_path / "luu"
    folder.mkdir()
    told = {
        "url": "https://song.vn/duong",
        "title": "Đường thôn Thượng lầy lội",
        "body": "Gọi 0912345678.\nChưa ai đến.",
        "published": "2026-11-19T09:00",
        "author": BYLINE,
    }
    (folder / "tin.jsonl").write_text(json.dumps(told, ensure_ascii=False) + "\nhỏng\n", encoding="utf-8")
    page = article_page(TITLE, head='<link rel="canonical" href="https://song.vn/tin/cau-treo-1.html">')
    (folder / "cau.html").write_text(page, encoding="utf-8")
    for path in folder.iterdir():
        os.utime(path, (NOW.timestamp() - 60,) * 2)
    settings = office.settings({"sources": [{"kind": "folder", "path": str(folder)}]})
    summary = office.crawl(settings)
    articles = office.articles()
    assert set(articles) == {TITLE, told["title"]}
    road = articles[told["title"]]
    assert (road.url, road.outlet_name) == ("https://song.vn/duong", "Sông Mới")
    assert road.body == "Gọi [số điện thoại].\nChưa ai đến."
    assert road.published_at.isoformat() == "2026-11-19T02:00:00+00:00"
    assert BYLINE not in (articles[TITLE].body or "")
    assert any("tin.jsonl:2" in notice.what for notice in summary.notices)
    office.clock.now += timedelta(days=1)
    assert office.crawl(settings).counts.get("pages_read", 0) == 0


def test_a_folder_that_is_not_there_is_told(office: Office, tmp_path: Path) -> None:
    source = {"kind": "folder", "path": str(tmp_path / "khong-co")}
    summary = office.crawl(office.settings({"sources": [source]}))
    assert "there is no folder" in summary.failures[0].what
    assert summary.failures[0].remedy
