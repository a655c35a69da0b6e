"""Files of items; all invented."""

import gzip
from pathlib import Path

import pytest

from nlp.rows import rows_of, text_of

LINES = '{"title": "Cái cầu"}\n{"title": "Con đường", "summary": "Lú"}\n'.encode()


@pytest.mark.parametrize(
    ("name", "data"),
    [("a.jsonl", LINES), ("a.jsonl.gz", gzip.compress(LINES, mtime=0))],
    ids=["plain", "gzipped"],
)
def test_items_are_read_from_lines_gzipped_or_not(tmp_path: Path, name: str, data: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    assert [text_of(row) for row in rows_of(path)] == ["Cái cầu\n", "Con đường\nLú"]


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("a.jsonl", LINES + b"{", "a.jsonl: line 3: no JSON object"),
        ("a.jsonl", b"\xff\xfe", "a.jsonl: line 0: no JSON object"),
        ("a.jsonl.gz", LINES, "a.jsonl.gz: damaged after line 0"),
        ("a.jsonl.gz", gzip.compress(LINES, mtime=0)[:-12], "a.jsonl.gz: damaged after line"),
    ],
    ids=["cut short", "no UTF-8", "not gzipped", "gzip cut short"],
)
def test_a_damaged_file_is_named_with_its_line(tmp_path: Path, name: str, data: bytes, said: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    with pytest.raises(ValueError, match=said):
        list(rows_of(path))
