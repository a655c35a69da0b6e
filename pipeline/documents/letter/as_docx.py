"""The letter as DOCX, from the office's template or the one that ships."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docxtpl import DocxTemplate, RichText

from pipeline.documents.citation import Citation
from pipeline.documents.draft_mark import marked_as_draft
from pipeline.documents.letter.content import Letter, Limit
from pipeline.documents.printable import printable
from pipeline.documents.stable import stable_docx
from pipeline.documents.templating import filled, shipped
from pipeline.formats import vn_date, vn_datetime


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


@dataclass(frozen=True)
class LetterContext:
    """What a template of the letter may name."""

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
    document = filled(path or shipped(letter.layout, "letter"), lambda template: _context(template, letter))
    if draft:
        document = marked_as_draft(document)
    return stable_docx(
        document,
        title=f"Phiếu chuyển {letter.number.removeprefix('Số').removeprefix(':').strip()}",
        author=letter.office,
        made_at=letter.made_at,
    )


def _context(template: DocxTemplate, letter: Letter) -> LetterContext:
    return LetterContext(
        letter=letter,
        until=vn_datetime(letter.limit.until) if letter.limit.until else None,
        answer_link=_link(template, letter.answer_at.url) if letter.answer_at else None,
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
        link=_link(template, source.url),
    )


def _link(template: DocxTemplate, url: str) -> Any:
    # Black and without underline: a document of an office is printed in black. The size is in half points.
    return RichText(url, url_id=template.build_url_id(url), size=24)
