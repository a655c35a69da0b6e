"""The letter as DOCX, from the template that ships beside the code."""

from dataclasses import asdict
from typing import Any

from docxtpl import DocxTemplate, RichText

from pipeline.documents.letter.content import Letter, Limit
from pipeline.documents.printable import printable
from pipeline.documents.rendering import TEMPLATES
from pipeline.documents.stable import stable_docx
from pipeline.formats import vn_date, vn_datetime


def letter_docx(letter: Letter) -> bytes:
    """The same letter always gives the same bytes."""
    letter = printable(letter)
    template = DocxTemplate(TEMPLATES / "letter.docx")
    template.render(_context(template, letter), autoescape=True)
    return stable_docx(
        template.docx,
        title=f"Phiếu chuyển {letter.number.removeprefix('Số: ')}",
        author=letter.office,
        made_at=letter.made_at,
    )


def _context(template: DocxTemplate, letter: Letter) -> dict[str, Any]:
    return {
        "letter": letter,
        "until": vn_datetime(letter.limit.until) if letter.limit.until else None,
        "answer_link": _link(template, letter.answer_at.url) if letter.answer_at else None,
        "answer_until": vn_date(letter.answer_at.until) if letter.answer_at else None,
        "statutory": [_clock(limit) for limit in letter.statutory],
        "sources": [
            asdict(source) | {"when": source.when, "link": _link(template, source.url)}
            for source in letter.sources
        ],
    }


def _clock(limit: Limit) -> dict[str, str | None]:
    until = vn_datetime(limit.until) if limit.until else None
    return {"text": limit.text, "until": until, "basis": limit.basis}


def _link(template: DocxTemplate, url: str) -> RichText:
    # Black and without underline: a state document is printed in black. The size is in half points.
    return RichText(url, url_id=template.build_url_id(url), size=24)
