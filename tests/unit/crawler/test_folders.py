"""Folders of saved pages and JSON Lines. All samples are invented."""

import gzip
import json
import os
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from crawler.kinds import folders, saved_lines
from crawler.kinds.folders import SavedBatch, SavedText, pieces_again, read_folder, with_pieces
from crawler.kinds.naming import UnreadableSource

NOW = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
TITLE = "Cầu treo thôn Hạ xuống cấp"


def put(folder: Path, name: str, content: str | bytes, seconds_ago: float = 60) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    os.utime(path, (NOW.timestamp() - seconds_ago,) * 2)
    return path


def line(**item: Any) -> str:
    return json.dumps({"url": "https://song.vn/cau", "title": TITLE} | item, ensure_ascii=False) + "\n"


def read(folder: Path, mark: str | None = None) -> SavedBatch:
    """Everything, as one batch."""
    batches = list(read_folder(folder, mark, NOW))
    return SavedBatch(
        texts=tuple(text for batch in batches for text in batch.texts),
        notices=tuple(notice for batch in batches for notice in batch.notices),
        mark=batches[-1].mark if batches else mark or "",
    )


@pytest.mark.parametrize("packed", [False, True])
def test_lines(tmp_path: Path, packed: bool) -> None:
    text = line(
        summary="Dân  lo <b>lắng</b>.", body="Đoạn một.\n\n Đoạn &amp; hai.", published="2026-11-20T08:00"
    )
    text += "\n" + line(url="https://song.vn/duong?utm_source=x&id=7", html="<h1>Đường</h1>", title=None)
    name = "2026/tin.jsonl.gz" if packed else "2026/tin.jsonl"
    put(tmp_path, name, gzip.compress(text.encode()) if packed else text)
    batch = read(tmp_path)
    assert batch.notices == ()
    assert batch.texts == (
        SavedText(
            url="https://song.vn/cau",
            origin=f"{name}:1",
            title=TITLE,
            summary="Dân lo lắng.",
            body="Đoạn một.\nĐoạn & hai.",
            published=datetime(2026, 11, 20, 1, 0, tzinfo=UTC),
        ),
        SavedText("https://song.vn/duong?id=7", f"{name}:3", html="<h1>Đường</h1>".encode()),
    )


BAD_LINES = {
    "no JSON": "{'url': 1}\n",
    "no JSON object": "[]\n",
    "cut off": line()[:-9],
    "not UTF-8": line().encode("utf-16"),
    "'url' is missing": line(url=None),
    "no web address": line(url="/cau"),
    "'title' is missing": line(title=" "),
    "'body' is no text": line(body=["a"]),
    "is no JSON": "[" * 100_000 + "\n",
}


@pytest.mark.parametrize("why", BAD_LINES)
def test_a_bad_line_is_named_and_the_rest_is_read(tmp_path: Path, why: str) -> None:
    bad = BAD_LINES[why]
    put(tmp_path, "a.jsonl", line().encode() + (bad.encode() if isinstance(bad, str) else bad))
    put(tmp_path, "b.jsonl", line(url="https://song.vn/khac"))
    batch = read(tmp_path)
    assert [text.origin for text in batch.texts] == ["a.jsonl:1", "b.jsonl:1"]
    assert "a.jsonl:2, which is left out" in batch.notices[0].what
    assert why in batch.notices[0].what


def test_many_bad_lines_are_counted(tmp_path: Path) -> None:
    put(tmp_path, "a.jsonl", "x\n" * 500 + line())
    batch = read(tmp_path)
    assert len(batch.texts) == 1
    assert len(batch.notices) == 11
    assert "490 more lines" in batch.notices[-1].what


def test_who_wrote_a_text_is_not_read(tmp_path: Path) -> None:
    put(tmp_path, "a.jsonl", line(author="Trần Văn Viết", comments=[{"user": "dan_123"}]))
    batch = read(tmp_path)
    assert batch.texts == (SavedText("https://song.vn/cau", "a.jsonl:1", title=TITLE),)
    assert batch.notices[0].what == "holds a.jsonl with keys that are not read: 'author', 'comments'"


ADDRESS = "https://song.vn/cau-treo-1.html"
PAGES = {
    "canonical": f'<link rel="Canonical" href="{ADDRESS}">',
    "open graph": f'<meta property="og:url" content="{ADDRESS}">',
    "a browser's mark": f"<!-- saved from url=(0031){ADDRESS} -->",
    "a program's mark": f"<!--\n Page saved with SingleFile \n url: {ADDRESS} \n-->",
    "a template that names the home page": f'<link rel="canonical" href="https://song.vn/">'
    f'<meta property="og:url" content="{ADDRESS}">',
    "tracking": f'<meta property="og:url" content="{ADDRESS}?fbclid=1">',
}


@pytest.mark.parametrize("how", PAGES)
def test_saved_pages_tell_their_address(tmp_path: Path, how: str) -> None:
    page = f"<html><head>{PAGES[how]}</head><h1>{TITLE}</h1></html>"
    put(tmp_path, "luu/trang.HTM", page)
    put(tmp_path, "luu/trang_files/anh.png", b"x")
    batch = read(tmp_path)
    assert (batch.texts, batch.notices) == ((SavedText(ADDRESS, "luu/trang.HTM", page.encode()),), ())


@pytest.mark.parametrize("beside", [f"{ADDRESS}\n", f"\ufeff[InternetShortcut]\r\nURL={ADDRESS}\r\n"])
def test_an_address_may_lie_beside_the_page(tmp_path: Path, beside: str) -> None:
    put(tmp_path, "trang.html", "<h1>x</h1>")
    first = read(tmp_path)
    assert first.texts == ()
    assert first.notices[0].remedy == "put its address into a file trang.html.url"
    put(tmp_path, "trang.html.url", beside)
    batch = read(tmp_path, first.mark)
    assert batch.texts == (SavedText(ADDRESS, "trang.html", b"<h1>x</h1>"),)


def test_what_is_known_is_not_read_again(tmp_path: Path) -> None:
    put(tmp_path, "a.jsonl", line(url="https://song.vn/a"))
    put(tmp_path, "b.jsonl", line(url="https://song.vn/b"))
    mark = read(tmp_path).mark
    assert list(read_folder(tmp_path, mark, NOW)) == []
    put(tmp_path, "b.jsonl", line(url="https://song.vn/b") + line(url="https://song.vn/c"))
    put(tmp_path, "c.jsonl", line(url="https://song.vn/d"), seconds_ago=9_000_000)
    again = read(tmp_path, mark)
    assert [text.origin for text in again.texts] == ["b.jsonl:1", "b.jsonl:2", "c.jsonl:1"]
    (tmp_path / "a.jsonl").unlink()
    (emptied,) = read_folder(tmp_path, again.mark, NOW)
    assert (emptied.texts, len(emptied.mark)) == ((), len(again.mark) - 8)


def test_a_batch_marks_only_what_is_wholly_in_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed between two batches, nothing is lost."""
    monkeypatch.setattr(folders, "_AT_ONCE", 2)
    put(tmp_path, "a.jsonl", "".join(line(url=f"https://song.vn/{number}") for number in range(3)))
    put(tmp_path, "b.jsonl", line(url="https://song.vn/b"))
    batches = list(read_folder(tmp_path, None, NOW))
    assert [len(batch.texts) for batch in batches] == [2, 2, 0]
    assert [len(batch.mark.split(" ")[0]) for batch in batches] == [0, 8, 16]
    assert [len(read(tmp_path, batch.mark).texts) for batch in batches] == [2, 0, 0]


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_of_lines_is_gone_on_with(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, packed: bool
) -> None:
    """However little one run reads, the next ones come to the end of it."""
    monkeypatch.setattr(folders, "_AT_ONCE", 2)
    name = "a.jsonl.gz" if packed else "a.jsonl"
    content = "\n".join(line(url=f"https://song.vn/đường-{number}") for number in range(5)).encode()
    put(tmp_path, name, gzip.compress(content) if packed else content)
    mark = None
    origins = []
    while batch := next(read_folder(tmp_path, mark, NOW), None):
        origins.append([text.origin for text in batch.texts])
        mark = batch.mark
    assert origins == [[f"{name}:1", f"{name}:3"], [f"{name}:5", f"{name}:7"], [f"{name}:9"]]


def test_a_changed_file_is_not_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "_AT_ONCE", 2)
    put(tmp_path, "a.jsonl", line() * 3)
    mark = next(read_folder(tmp_path, None, NOW)).mark
    put(tmp_path, "a.jsonl", line() * 4)
    assert len(read(tmp_path, mark).texts) == 4
    (tmp_path / "a.jsonl").unlink()
    assert read(tmp_path, mark).mark == ""


def test_what_is_to_be_read_again_is_read_last_and_once(tmp_path: Path) -> None:
    put(tmp_path, "a.jsonl", "x\n" + "".join(line(url=f"https://song.vn/{number}") for number in range(3)))
    put(tmp_path, "b.html", f'<link rel="canonical" href="{ADDRESS}">')
    first = read(tmp_path)
    pieces = {text.origin: text.piece for text in first.texts}
    mark = with_pieces(first.mark, {pieces["a.jsonl:3"]: 1, pieces["b.html"]: 2})
    assert pieces_again(mark) == {pieces["a.jsonl:3"]: 1, pieces["b.html"]: 2}

    put(tmp_path, "c.jsonl", line(url="https://song.vn/c"))
    again = read(tmp_path, mark)
    assert [text.origin for text in again.texts] == ["c.jsonl:1", "a.jsonl:3", "b.html"]
    assert again.texts[1:] == (first.texts[1], first.texts[3])
    assert list(read_folder(tmp_path, again.mark, NOW)) == []


def test_what_is_to_be_read_again_is_remembered_until_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folders, "_AT_ONCE", 1)
    put(tmp_path, "a.jsonl", line() * 2)
    first = read(tmp_path)
    one, other = (text.piece for text in first.texts)
    put(tmp_path, "b.jsonl", line())
    mark = with_pieces(first.mark, {one: 1, other: 1})
    batches = read_folder(tmp_path, mark, NOW)
    left = [(batch.texts[0].origin, pieces_again(batch.mark)) for batch in islice(batches, 3)]
    assert left == [("b.jsonl:1", {one: 1, other: 1}), ("a.jsonl:1", {other: 1}), ("a.jsonl:2", {})]


def test_a_file_that_has_changed_needs_no_piece_of_it_again(tmp_path: Path) -> None:
    path = put(tmp_path, "a.jsonl", line())
    first = read(tmp_path)
    mark = with_pieces(first.mark, {first.texts[0].piece: 1})
    path.unlink()
    put(tmp_path, "a.jsonl", line(url="https://song.vn/b"))
    again = read(tmp_path, mark)
    assert ([text.url for text in again.texts], pieces_again(again.mark)) == (["https://song.vn/b"], {})


def test_a_batch_of_large_pages_is_short(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folders, "_HEAVY", 100)
    for number in range(3):
        put(tmp_path, f"{number}.html", f'<link rel="canonical" href="{ADDRESS}">' + " " * 100)
    assert [len(batch.texts) for batch in read_folder(tmp_path, None, NOW)] == [1, 1, 1, 0]


def test_what_is_being_written_waits(tmp_path: Path) -> None:
    put(tmp_path, "a.jsonl", line()[:-5], seconds_ago=2)
    put(tmp_path, "b.jsonl", line(), seconds_ago=-2)
    put(tmp_path, ".c.jsonl", line())
    put(tmp_path, ".an/d.jsonl", line())
    put(tmp_path, "e.txt", line())
    assert list(read_folder(tmp_path, None, NOW)) == []
    put(tmp_path, "a.jsonl", line())
    assert len(read(tmp_path).texts) == 1


def test_no_pipe_is_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "ong.jsonl")
    os.utime(tmp_path / "ong.jsonl", (0, 0))
    (tmp_path / "mat.html").symlink_to(tmp_path / "khong-co.html")
    assert list(read_folder(tmp_path, None, NOW)) == []


def test_broken_and_endless_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "a.jsonl.gz", b"khong phai gzip")
    put(tmp_path, "b.jsonl.gz", gzip.compress(line().encode())[:-12])
    put(tmp_path, "c.jsonl.gz", gzip.compress(b" " * 200_000))
    put(tmp_path, "d.html", b" " * 200_000)
    monkeypatch.setattr(saved_lines, "_LONGEST_LINE", 100_000)
    monkeypatch.setattr("crawler.kinds.saved_pages._LARGEST", 100_000)
    batch = read(tmp_path)
    assert batch.texts == ()
    assert [notice.what.split(",")[0] for notice in batch.notices] == [
        "holds a.jsonl.gz",
        "holds b.jsonl.gz",
        "holds c.jsonl.gz:1",
        "holds d.html",
    ]


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSource, match="there is no folder") as raised:
        next(read_folder(tmp_path / "khong-co", None, NOW))
    assert raised.value.remedy
