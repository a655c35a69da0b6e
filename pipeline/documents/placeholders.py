"""What a template names, held against what there is: every mistake, before a document is printed with it."""

import difflib
import re
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, is_dataclass
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from docx import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import PackageNotFoundError
from docx.text.paragraph import Paragraph
from docxtpl import DocxTemplate
from jinja2 import TemplateSyntaxError, nodes
from jinja2.defaults import DEFAULT_NAMESPACE

from pipeline.documents.covering import CoveringContext
from pipeline.documents.issuing import Kind
from pipeline.documents.letter.as_docx import LetterContext
from pipeline.documents.reminder import ReminderContext
from pipeline.documents.sampling import sample
from pipeline.documents.templating import Frame, TemplateMistake, filled, strict_environment

CONTEXTS: dict[Kind, type] = {
    "letter": LetterContext,
    "covering": CoveringContext,
    "reminder": ReminderContext,
    "digest": Frame,
    "report": Frame,
}
REQUIRED: dict[Kind, tuple[str, ...]] = {
    "letter": (
        *("head.number", "head.place_and_date", "letter.addressee", "letter.summary"),
        *("letter.request", "letter.limit", "head.signer_post"),
    ),
    "covering": ("head.number", "head.place_and_date", "covering.addressees", "covering.enclosed"),
    "reminder": ("head.number", "head.place_and_date", "reminder.addressees", "owed"),
    "digest": ("head.place_and_date", "content"),
    "report": ("head.place_and_date", "content"),
}
"""without which the document would not be one"""

PLACE = re.compile(r"\{\{\s*content\s*\}\}")

Scope = Mapping[str, Any]
"""names with the types of what they hold; None where that is not known"""


@dataclass(frozen=True)
class Mistake:
    what: str
    remedy: str


def mistakes(path: Path, kind: Kind) -> Iterator[Mistake]:
    """Unknown names with the nearest right one, required ones that are missing, and what cannot be read."""
    try:
        parts = _parts(path)
    except (OSError, KeyError, ValueError, BadZipFile, PackageNotFoundError):
        yield Mistake("is no DOCX file", "save it as DOCX in a word processor")
        return
    found = list(_mistakes(path, kind, parts))
    yield from found or _failures(path, kind)


def _failures(path: Path, kind: Kind) -> Iterator[Mistake]:
    """What cannot be told from names alone: it is filled in, with much and with as little as may be."""
    for full in (True, False):
        try:
            _try(path, sample(CONTEXTS[kind], full=full))
        except TemplateMistake as error:
            how = "everything" if full else "nothing that may be missing"
            yield Mistake(
                f"cannot be filled in where {how} is known: {error.__cause__}",
                "mend what stands between the braces {{ }} and {% %}",
            )
            return


def _try(path: Path, context: Any) -> None:
    filled(path, lambda _: context)


def _mistakes(path: Path, kind: Kind, parts: list[str]) -> Iterator[Mistake]:
    scope, used = typing.get_type_hints(CONTEXTS[kind]), set[str]()
    for part in parts:
        try:
            tree = strict_environment().parse(part)
        except TemplateSyntaxError as error:
            yield Mistake(
                f"cannot be read: {error.message}", "look at the braces {{ }} and {% %} of its text"
            )
            return
        reader = _Reader(used)
        reader.read(tree, scope)
        yield from reader.found
    if "content" in used and not any(PLACE.search(paragraph.text) for paragraph in _paragraphs(path)):
        yield Mistake(
            "has {{ content }} inside a table or a head", "give it a paragraph of its own in the text"
        )
    for name in REQUIRED[kind]:
        if not any(one == name or one.startswith(f"{name}.") for one in used):
            yield Mistake(f"nowhere names {{{{ {name} }}}}", "put it where the document shall say it")


def _paragraphs(path: Path) -> list[Paragraph]:
    paragraphs: list[Paragraph] = Document(str(path)).paragraphs
    return paragraphs


def _parts(path: Path) -> list[str]:
    """The text of body, headers and footers, its placeholders joined where the word processor cut them."""
    template = DocxTemplate(path)
    template.init_docx()
    parts = [template.patch_xml(template.get_xml())]
    for uri in (RELATIONSHIP_TYPE.HEADER, RELATIONSHIP_TYPE.FOOTER):
        parts += [
            template.patch_xml(template.get_part_xml(part)) for _, part in template.get_headers_footers(uri)
        ]
    return parts


class _Reader:
    """Walks what a template says, with the names known at each place."""

    def __init__(self, used: set[str]) -> None:
        self.used = used
        self.found: list[Mistake] = []

    def read(self, node: nodes.Node, scope: Scope) -> None:
        if isinstance(node, nodes.For):
            self._loop(node, scope)
        elif isinstance(node, nodes.Getattr | nodes.Name):
            self.type_of(node, scope)
        elif isinstance(node, nodes.Assign) and isinstance(node.target, nodes.Name):
            self.read(node.node, scope)
            typing.cast("dict[str, Any]", scope)[node.target.name] = None
        else:
            for child in node.iter_child_nodes():
                self.read(child, scope)

    def _loop(self, node: nodes.For, scope: Scope) -> None:
        inner = {**scope, "loop": None}
        element = _element(self.type_of(node.iter, scope))
        for name in node.target.find_all(nodes.Name):
            inner[name.name] = None
        if isinstance(node.target, nodes.Name):
            inner[node.target.name] = element
        for child in [*node.body, *node.else_, *([node.test] if node.test else [])]:
            self.read(child, inner)

    def type_of(self, node: nodes.Node, scope: Scope) -> Any:
        """What the expression holds; None where that is not known."""
        if isinstance(node, nodes.Name):
            return self._name(node, scope)
        if isinstance(node, nodes.Getattr):
            return self._attribute(node, scope)
        for child in node.iter_child_nodes():
            self.read(child, scope)
        return None

    def _name(self, node: nodes.Name, scope: Scope) -> Any:
        if node.ctx != "load" or node.name in DEFAULT_NAMESPACE:
            return None
        if node.name not in scope:
            self._unknown(node.name, list(scope))
            return None
        self.used.add(node.name)
        return scope[node.name]

    def _attribute(self, node: nodes.Getattr, scope: Scope) -> Any:
        holder = self.type_of(node.node, scope)
        if not is_dataclass(holder):
            return None
        name, known = _written(node), _attributes(typing.cast("type", holder))
        if node.attr not in known:
            before = name.rpartition(".")[0]
            self._unknown(name, [f"{before}.{attribute}" for attribute in known])
            return None
        self.used.add(name)
        return _inner(known[node.attr])

    def _unknown(self, name: str, known: list[str]) -> None:
        close = difflib.get_close_matches(name, known, n=1, cutoff=0.5)
        remedy = f"did you mean {{{{ {close[0]} }}}}?" if close else f"one of: {', '.join(sorted(known))}"
        self.found.append(Mistake(f"names {{{{ {name} }}}}, which there is not", remedy))


def _written(node: nodes.Node) -> str:
    if isinstance(node, nodes.Getattr):
        return f"{_written(node.node)}.{node.attr}"
    return node.name if isinstance(node, nodes.Name) else "…"


def _attributes(holder: type) -> dict[str, Any]:
    """Fields and properties with their types."""
    properties = {
        name: typing.get_type_hints(value.fget).get("return")
        for base in reversed(holder.__mro__)
        for name, value in vars(base).items()
        if isinstance(value, property) and value.fget
    }
    return typing.get_type_hints(holder) | properties


def _inner(annotation: Any) -> Any:
    """`X` of `X | None`."""
    if typing.get_origin(annotation) in (types.UnionType, typing.Union):
        return next(part for part in typing.get_args(annotation) if part is not type(None))
    return annotation


def _element(annotation: Any) -> Any:
    """`X` of `tuple[X, ...]`."""
    return typing.get_args(annotation)[0] if typing.get_origin(annotation) is tuple else None
