import unicodedata

import pytest

from crawler.encoding import decode

TEXT = "Đường ngập, dân kêu cứu"


def in_windows_1258(text: str) -> bytes:
    """As old programs write it: letters with their form, tones as signs of their own."""
    written = bytearray()
    for letter in text:
        parts = unicodedata.normalize("NFD", letter)
        form = unicodedata.normalize("NFC", "".join(part for part in parts if part not in "̣̀́̃̉"))
        written += (form + "".join(part for part in parts if part in "̣̀́̃̉")).encode("windows-1258")
    return bytes(written)


@pytest.mark.parametrize(
    ("body", "content_type", "text", "broken"),
    [
        (TEXT.encode(), None, TEXT, False),
        (TEXT.encode("utf-8-sig"), "text/html; charset=iso-8859-1", TEXT, False),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), None, TEXT, False),
        (f"<p>{TEXT}".encode("utf-16-le"), None, f"<p>{TEXT}", False),
        (f"<p>{TEXT}".encode("utf-16-be"), None, f"<p>{TEXT}", False),
        (f"\n{{{TEXT}".encode("utf-16-be"), None, f"\n{{{TEXT}", False),
        (f"<p>{TEXT}".encode("utf-16-le")[:-1], None, f"<p>{TEXT[:-1]}�", True),
        (in_windows_1258(TEXT), "text/html; charset=windows-1258", TEXT, False),
        (in_windows_1258(TEXT), None, TEXT, True),
        (in_windows_1258(TEXT), "text/html; charset=utf-8", TEXT, True),
        (in_windows_1258(TEXT), "text/html; charset=iso-8859-1", TEXT, True),
        ("Café, però così".encode("latin-1"), "text/html; charset=iso-8859-1", "Café, però così", False),
        (b'<meta charset="cp1252">Caf\xe9', None, '<meta charset="cp1252">Café', False),
        (TEXT.encode(), "text/html; charset=us-ascii-khong-co", TEXT, False),
        (TEXT.encode(), "text/html; charset=gbk", TEXT, True),
        (b"Ng\xff\xfei", None, "Ng��i", True),
        ("hoà".encode() + b"\x00\x01", None, "hoà", False),
        ("Ngươ\u0300i".encode(), None, "Người", False),
        (b"", None, "", False),
    ],
)  # fmt: skip
def test_bytes_to_text(body: bytes, content_type: str | None, text: str, broken: bool) -> None:
    decoded = decode(body, content_type)
    assert (decoded.text, decoded.broken) == (text, broken)
