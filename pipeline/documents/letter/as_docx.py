"""The letter as DOCX, from the office's template or the one that ships."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate, RichText

from pipeline.documents.citation import Citation
from pipeline.documents.draft_mark import marked_as_draft
from pipeline.documents.issuing import Head
from pipeline.documents.letter.content import Letter, Limit
from pipeline.documents.printable import printable
from pipeline.documents.stable import stable_docx
from pipeline.documents.templating import filled, shipped
from pipeline.formats import vn_date, vn_datetime

ANSWER_PAGE = "Trang trả lời phiếu chuyển"


@dataclass(frozen=True)
class ShownLimit:
    text: str
    until: str | None
    basis: str


@dataclass(frozen=True)
class ShownSource:
    outlet: str
    title: str
    when: str
    reprint: bool
    marks: str
    url: str
    link: RichText
    """outlet and time; an address of seventy signs would be torn by the line's end"""


@dataclass(frozen=True)
class LetterContext:
    """What a template of the letter may name."""

    head: Head
    letter: Letter
    until: str | None
    """the programme's deadline in words"""
    answer_link: RichText | None
    answer_until: str | None
    statutory: tuple[ShownLimit, ...]
    sources: tuple[ShownSource, ...]


def letter_docx(letter: Letter, path: Path | None = None, *, draft: bool = False) -> bytes:
    """The same letter and template always give the same bytes; without `path` the template that ships.

    A draft says on every page that it is one.

    Raises TemplateMistake.
    """
    letter = printable(letter)
    document = filled(
        path or shipped(letter.head.layout, "letter"), lambda template: _context(template, letter)
    )
    if draft:
        document = marked_as_draft(document)
    return stable_docx(
        document,
        title=f"Phiếu chuyển {letter.head.number.removeprefix('Số').removeprefix(':').strip()}",
        author=letter.head.office,
        made_at=letter.made_at,
    )


def _context(template: DocxTemplate, letter: Letter) -> LetterContext:
    return LetterContext(
        head=letter.head,
        letter=letter,
        until=vn_datetime(letter.limit.until) if letter.limit.until else None,
        answer_link=_link(template, ANSWER_PAGE, letter.answer_at.url) if letter.answer_at else None,
        answer_until=vn_date(letter.answer_at.until) if letter.answer_at else None,
        statutory=tuple(_limit(limit) for limit in letter.statutory),
        sources=tuple(_source(template, source) for source in letter.sources),
    )


def _limit(limit: Limit) -> ShownLimit:
    return ShownLimit(limit.text, vn_datetime(limit.until) if limit.until else None, limit.basis)


def _source(template: DocxTemplate, source: Citation) -> ShownSource:
    return ShownSource(
        outlet=source.outlet,
        title=source.title,
        when=source.when,
        reprint=source.reprint,
        marks=source.marks,
        url=source.url,
        link=_link(template, f"{source.outlet}, {source.when}", source.href),
    )


def _link(template: DocxTemplate, words: str, href: str | None) -> Any:
    if href is None:
        return RichText(words)
    # Black, since a document of an office is printed in black, and underlined, to be found on a screen.
    return RichText(words, url_id=template.build_url_id(href), underline=True)
