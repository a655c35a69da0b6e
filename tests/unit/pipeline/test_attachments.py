"""Files from outside: names made harmless, contents looked at, one copy kept."""

import io
import re
import zipfile
from pathlib import Path

import pytest

from pipeline.answering.attachments import (
    LONGEST_NAME,
    Received,
    Unwanted,
    keep_all,
    keep_what_may_be,
    kind_of,
    neutral_name,
    path_of,
)
from pipeline.settings import Attachments

PDF = b"%PDF-1.7\nthu nghiem\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\0" * 20


def zipped(**files: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return made.getvalue()


ODT = zipped(mimetype=b"application/vnd.oasis.opendocument.text", **{"content.xml": b"<x/>"})


@pytest.mark.parametrize(
    ("given", "kind", "expected"),
    [
        ("Báo cáo số 12.pdf", "pdf", "Báo cáo số 12.pdf"),
        ("../../etc/passwd", "pdf", "passwd.pdf"),
        ("C:\\Users\\x\\cv.docx", "docx", "cv.docx"),
        ("cv.pdf.exe", "pdf", "cv-pdf.pdf"),
        ("cv.pdf", "jpg", "cv.jpg"),
        ("a\u202efdp.exe", "pdf", "afdp.pdf"),
        ("a\r\nSet-Cookie: x=1\0.pdf", "pdf", "aSet-Cookie- x-1.pdf"),
        ('"><script>alert(1)</script>.pdf', "pdf", "script.pdf"),
        ("'; rm -rf ~ #.pdf", "pdf", "rm -rf.pdf"),
        (".htaccess", "pdf", "htaccess.pdf"),
        ("....", "pdf", "tep dinh kem.pdf"),
        ("", "pdf", "tep dinh kem.pdf"),
        ("CON.pdf", "pdf", "tep CON.pdf"),
        ("Công văn 12/SNN-QLMT.pdf", "pdf", "SNN-QLMT.pdf"),
        ("Lie\u0302n he\u0323\u0302.pdf", "pdf", "Liên hệ.pdf"),
        ("Đơn bà Nguyễn Thị Bịa 0912345678.pdf", "pdf", "Đơn bà [họ tên] [số điện thoại].pdf"),
    ],
)
def test_names_are_made_harmless(given: str, kind: str, expected: str) -> None:
    assert neutral_name(given, kind) == expected


def test_a_long_name_is_cut() -> None:
    assert neutral_name("x" * 500 + ".pdf", "pdf") == "x" * LONGEST_NAME + ".pdf"


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PDF, "pdf"),
        (PNG, "png"),
        (b"\xff\xd8\xff\xe0" + b"\0" * 30, "jpg"),
        (ODT, "odt"),
        (zipped(**{"[Content_Types].xml": b"", "xl/workbook.xml": b""}), "xlsx"),
        (zipped(**{"word/document.xml": b""}), None),
        (zipped(mimetype=b"text/html"), None),
        (zipped(mimetype=b"application/vnd.oasis.opendocument.text" + b" " * 10_000), None),
        (b"PK\x03\x04 torn", None),
        (b"<!doctype html><html></html>", None),
        (b"GIF89a" + b"\0" * 20, None),
        (b"{\\rtf1 x}", None),
        (b"", None),
    ],
    ids=[
        "pdf",
        "png",
        "jpg",
        "odt",
        "xlsx",
        "half a docx",
        "zip",
        "odt padded",
        "torn",
        "html",
        "gif",
        "rtf",
        "empty",
    ],
)
def test_the_content_says_what_it_is(content: bytes, kind: str | None) -> None:
    assert kind_of(content) == kind


@pytest.mark.parametrize("packed", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=["bzip2", "lzma"])
@pytest.mark.parametrize("place", range(9, 60, 3))
def test_a_damaged_archive_is_of_no_kind(packed: int, place: int) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", packed) as archive:
        archive.writestr("mimetype", b"application/vnd.oasis.opendocument.text")
    content = bytearray(made.getvalue())
    content[place : place + 5] = b"\xff" * 5
    assert kind_of(b"PK" + bytes(content[2:])) is None


def test_an_archive_whose_table_points_behind_its_end_is_of_no_kind() -> None:
    content = bytearray(ODT)
    table = content.rindex(b"PK\5\6")
    entry = content.index(b"PK\1\2")
    content[entry + 42 : entry + 46] = (len(content) - 4).to_bytes(4, "little")
    assert table > entry
    assert kind_of(bytes(content)) is None


def test_too_many_entries_are_too_many() -> None:
    with pytest.raises(Unwanted, match="bất thường"):
        kind_of(zipped(**{"[Content_Types].xml": b"", **{str(number): b"" for number in range(5001)}}))


def test_the_same_content_is_kept_once_under_its_hash(tmp_path: Path) -> None:
    first, second = keep_all([Received("a.pdf", PDF), Received("b.pdf", PDF)], Attachments(), tmp_path)
    assert first.sha256 == second.sha256
    assert [first.name, second.name] == ["a.pdf", "b.pdf"]
    (stored,) = (path for path in (tmp_path / "attachments").rglob("*") if path.is_file())
    assert stored == path_of(tmp_path, first.sha256)
    assert stored.read_bytes() == PDF
    assert not stored.stat().st_mode & 0o111


def test_of_a_message_what_may_be_kept_is_kept(tmp_path: Path) -> None:
    files = [Received("a.pdf", PDF), Received("b.exe", b"MZ"), Received("c.png", PNG), Received("d.pdf", PDF)]
    kept, left_out = keep_what_may_be(files, Attachments(max_files=2), tmp_path)
    assert [file.name for file in kept] == ["a.pdf", "c.png"]
    assert len(left_out) == 2
    assert "“b.exe” không thuộc loại" in left_out[0]
    assert "“d.pdf” vượt quá số tệp" in left_out[1]


@pytest.mark.parametrize(
    ("sent", "named"),
    [
        ("xau.pdf", "xau.pdf"),
        ("Báo cáo.v2.HEIC", "Báo cáo-v2.HEIC"),
        ("C:\\tep\\xau.exe", "xau.exe"),
        ("xau", "xau"),
        ("anh.<b>", "anh"),
        ("goi 0912.345.678", "goi 0912-345"),
        ("xau.pdf\u202egnp", "xau"),
        (".pdf", "pdf"),
    ],
)
def test_a_refused_file_is_named_as_its_sender_sees_it(tmp_path: Path, sent: str, named: str) -> None:
    with pytest.raises(Unwanted, match=re.escape(f"Tệp “{named}” rỗng.")):
        keep_all([Received(sent, b"")], Attachments(), tmp_path)


@pytest.mark.parametrize("sha256", ["../../etc/passwd", "A" * 64, "a" * 63, ""])
def test_only_a_hash_names_a_file(tmp_path: Path, sha256: str) -> None:
    with pytest.raises(ValueError, match="is no SHA-256"):
        path_of(tmp_path, sha256)


def test_of_thousands_of_parts_only_the_number_is_said(tmp_path: Path) -> None:
    kept, left_out = keep_what_may_be([Received("x", b"?")] * 1000, Attachments(), tmp_path)
    assert kept == []
    assert len(left_out) == 11
    assert left_out[-1] == "Và 990 tệp khác."
