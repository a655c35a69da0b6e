import io
from dataclasses import dataclass

import pytest
from docx import Document

from pipeline.documents.printable import printable


@dataclass(frozen=True)
class Inner:
    text: str
    number: int


@dataclass(frozen=True)
class Outer:
    title: str
    note: str | None
    pairs: tuple[tuple[str, str], ...]
    inner: tuple[Inner, ...]


FORBIDDEN = [chr(code) for code in range(0x20) if chr(code) not in "\t\n"] + [
    "\ud800",
    "\udfff",
    "\ufffe",
    "\uffff",
]


@pytest.mark.parametrize("character", FORBIDDEN, ids=ascii)
def test_what_a_document_cannot_hold_is_left_out_at_any_depth(character: str) -> None:
    dirty = f"Ổ{character} gà"
    content = Outer(dirty, None, ((dirty, "a"),), (Inner(dirty, 3),))
    assert printable(content) == Outer("Ổ gà", None, (("Ổ gà", "a"),), (Inner("Ổ gà", 3),))
    document = Document()
    document.add_paragraph(printable(dirty))
    document.save(io.BytesIO())


@pytest.mark.parametrize("text", ["Một\tdòng\nhai", "“Cầu” – 1.234,5 ₫", "\U0001f6a7 rào chắn", ""])
def test_what_a_document_can_hold_stays(text: str) -> None:
    assert printable(text) == text
