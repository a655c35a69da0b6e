import pytest

from crawler.encoding import decode

TEXT = "Đường ngập, dân kêu cứu"


@pytest.mark.parametrize(
    ("body", "content_type", "text", "broken"),
    [
        (TEXT.encode(), None, TEXT, False),
        (TEXT.encode("utf-8-sig"), "text/html; charset=iso-8859-1", TEXT, False),
        (b"\xff\xfe" + TEXT.encode("utf-16-le"), None, TEXT, False),
        ("Café".encode("latin-1"), "text/html; charset=iso-8859-1", "Café", False),
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
