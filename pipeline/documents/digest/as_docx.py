"""The digest as a printable document in the state layout."""

from pathlib import Path

from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

from pipeline.documents.citation import Citation
from pipeline.documents.digest import outline
from pipeline.documents.digest.content import DigestContent, Line
from pipeline.documents.hrefs import safe_href
from pipeline.documents.issuing import Head
from pipeline.documents.layout import body, keep_together, write
from pipeline.documents.printable import printable
from pipeline.documents.stable import stable_docx
from pipeline.documents.templating import Frame, framed, shipped
from pipeline.formats import vn_date, vn_datetime, vn_number


def digest_docx(content: DigestContent, head: Head, path: Path | None = None) -> bytes:
    """The same content and template always give the same bytes; without `path` the template that ships.

    Raises TemplateMistake.
    """
    content, head = printable(content), printable(head)
    frame = Frame(head, "BẢN TIN NGÀY", f"Vấn đề người dân quan tâm, ngày {vn_date(content.day)}")
    document = framed(
        path or shipped(head.layout, "digest"), frame, lambda document: _lay_out(document, content, head.end)
    )
    return stable_docx(
        document,
        title=f"Bản tin ngày {vn_date(content.day)}",
        author=content.office,
        made_at=content.made_at,
    )


def _lay_out(document: Document, content: DigestContent, end: str) -> None:
    write(body(document), f"{outline.period(content)}.", italic=True)
    for sentence in outline.summary(content):
        write(body(document), sentence)
    if content.is_empty:
        write(body(document), "Không có vấn đề mới hoặc thay đổi trong thời gian này.", bold=True)
    for part in outline.parts(content):
        if part.count:
            _part(document, part)
    _notes(document, content)
    _shortlists(document, content)
    _stuck(document, content)
    _health(document, content)
    write(body(document), f"Bản tin được lập lúc {vn_datetime(content.made_at)}{end}", italic=True)


def _part(document: Document, part: outline.Part) -> None:
    _heading(document, part.name.upper(), part.count)
    for topic, lines in part.groups:
        if topic:
            paragraph = body(document, indent=False)
            write(paragraph, f"{topic} ({vn_number(len(lines))})", bold=True, italic=True)
            keep_together(paragraph)
        for number, line in enumerate(lines, start=1):
            _line(document, number, line)


def _heading(document: Document, name: str, count: int) -> None:
    paragraph = body(document, indent=False)
    paragraph.paragraph_format.space_before = Pt(14)
    write(paragraph, f"{name} ({vn_number(count)})", bold=True)
    keep_together(paragraph)


def _line(document: Document, number: int, line: Line) -> None:
    paragraph = body(document, indent=False)
    write(paragraph, f"{number}. {line.title}", bold=True)
    write(paragraph, " (mới)" if line.is_new else "", italic=True)
    keep_together(paragraph)
    for label, words in outline.facts(line):
        paragraph = _small(document)
        write(paragraph, f"{label}: ", size=12, italic=True)
        write(paragraph, words, size=12)
    if line.quotation:
        write(_small(document), f"“{line.quotation}” ({line.quoted_outlet})", size=12, italic=True)
    paragraph = _small(document)
    write(paragraph, "Nguồn: ", size=12, italic=True)
    write(paragraph, outline.coverage(line), size=12)
    for source in line.sources:
        _source(document, source)
    if line.more_sources:
        write(_small(document), f"- và {vn_number(line.more_sources)} nguồn khác", size=12)


def _source(document: Document, source: Citation) -> None:
    paragraph = _small(document, left=True)
    write(paragraph, "- ", size=12)
    _link(paragraph, f"{source.outlet}, {source.short_when}", source.href)
    write(paragraph, f"{source.marks}: {source.title}", size=12)


def _small(document: Document, *, left: bool = False) -> Paragraph:
    paragraph = body(document, indent=False, left=left)
    paragraph.paragraph_format.left_indent = Mm(10)
    paragraph.paragraph_format.space_before = Pt(2)
    return paragraph


def _link(paragraph: Paragraph, words: str, href: str | None) -> None:
    """The address lies behind the words: seventy signs would be torn by the line's end."""
    if href is None:
        write(paragraph, words, size=12)
        return
    link = OxmlElement("w:hyperlink")
    link.set(qn("r:id"), paragraph.part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
    run = write(paragraph, words, size=12)
    run.underline = True
    link.append(run._r)  # noqa: SLF001 - python-docx cannot make links
    paragraph._p.append(link)  # noqa: SLF001


def _notes(document: Document, content: DigestContent) -> None:
    if names := outline.empty_names(content):
        write(body(document), f"Không có mục: {names}.")
    if words := outline.waiting_words(content):
        paragraph = body(document)
        write(paragraph, "Chờ người xử lý: ", bold=True)
        write(paragraph, f"{words}.")


def _shortlists(document: Document, content: DigestContent) -> None:
    for shortlist in outline.shortlists(content):
        _heading(document, shortlist.name.upper(), shortlist.count)
        for mention in shortlist.shown:
            source = mention.source
            paragraph = _small(document, left=True)
            write(paragraph, f"- {mention.place}: {source.title} (", size=12)
            _link(paragraph, f"{source.outlet}, {source.short_when}", source.href)
            write(paragraph, f"){source.marks}", size=12)
        if shortlist.more:
            write(_small(document), f"- và {vn_number(shortlist.more)} tin, bài khác", size=12)


def _stuck(document: Document, content: DigestContent) -> None:
    if not content.stuck:
        return
    _heading(document, "THƯ CHƯA GỬI ĐƯỢC", len(content.stuck))
    for delivery in content.stuck:
        error = f"; {delivery.last_error}" if delivery.last_error else ""
        words = f"- {delivery.recipient}: {delivery.subject} – {delivery.state_in_words}, "
        write(_small(document, left=True), f"{words}đã thử {delivery.attempts} lần{error}.", size=12)


def _health(document: Document, content: DigestContent) -> None:
    if not content.health.troubles:
        return
    _heading(document, "NGUỒN CẦN XEM LẠI", len(content.health.troubles))
    for trouble in content.health.troubles:
        paragraph = _small(document, left=True)
        write(paragraph, "- ", size=12)
        _link(paragraph, trouble.outlet, safe_href(trouble.url))
        write(paragraph, f": {trouble.text}", size=12)
