"""The office's own DOCX files, or those that ship: found, filled in, and refused where wrong."""

from collections.abc import Callable, MutableMapping
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from types import CodeType
from typing import Any

from docx.document import Document
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate
from jinja2 import Environment, StrictUndefined, Template, nodes

from pipeline.documents.issuing import Head, Kind
from pipeline.documents.rendering import TEMPLATES
from pipeline.settings import Settings

CONTENT = "⟦content⟧"
"""what a frame's {{ content }} becomes until what the document says is laid out in its place"""


class TemplateMistake(Exception):
    """A template cannot be filled in; `dansinh check` tells where."""


@dataclass(frozen=True)
class Frame:
    """What the template of a document says that is laid out by itself, for its lists and tables."""

    head: Head
    title: str
    subject: str
    content: str = CONTENT


def template_of(settings: Settings, kind: Kind) -> Path:
    """The office's own where it has one."""
    own = settings.documents.templates
    if own is not None and (own / f"{kind}.docx").is_file():
        return own / f"{kind}.docx"
    return shipped(settings.office.layout, kind)


def shipped(layout: str, kind: Kind) -> Path:
    return TEMPLATES / layout / f"{kind}.docx"


def filled(path: Path, context: Callable[[DocxTemplate], Any]) -> Document:
    """`context` makes a dataclass of what the template may name; the template makes links.

    Raises TemplateMistake rather than print a document with a hole.
    """
    try:
        template = DocxTemplate(path)
        made = context(template)
        values = {field.name: getattr(made, field.name) for field in fields(made)}
        template.render(values, strict_environment(), autoescape=True)
    except Exception as error:  # a template is a program of the office's: it may fail in any way
        raise TemplateMistake(f"{path}: {error}") from error
    document: Document = template.docx
    return document


class _Strict(Environment):
    def from_string(
        self,
        source: str | nodes.Template,
        globals: MutableMapping[str, Any] | None = None,  # noqa: A002 - as Jinja calls it
        template_class: type[Template] | None = None,
    ) -> Template:
        """A template's text is read once, and not again for every letter."""
        known = _code(source) if isinstance(source, str) else self.compile(source)
        kind = template_class or self.template_class
        return kind.from_code(self, known, self.make_globals(globals))


def strict_environment() -> Environment:
    return _Strict(undefined=StrictUndefined, autoescape=True)


@lru_cache(maxsize=64)
def _code(text: str) -> CodeType:
    return strict_environment().compile(text)


def framed(path: Path, frame: Frame, lay_out: Callable[[Document], None]) -> Document:
    """The template, with what `lay_out` adds to the document in the place of {{ content }}."""
    document = filled(path, lambda _: frame)
    place = next((paragraph for paragraph in document.paragraphs if CONTENT in paragraph.text), None)
    if place is None:
        raise TemplateMistake(f"{path}: has no paragraph of its own with {{{{ content }}}}")
    _in_place(document, place, lay_out)
    return document


def _in_place(document: Document, place: Paragraph, lay_out: Callable[[Document], None]) -> None:
    body = document.element.body
    before = set(body)
    lay_out(document)
    for element in [element for element in body if element not in before]:
        place._p.addprevious(element)  # noqa: SLF001 - python-docx adds at the end only
    body.remove(place._p)  # noqa: SLF001
