"""Builds the templates that ship: `python -m pipeline.documents.build_templates`.

An office that wants another wording copies one into its own folder (documents.templates in config.yaml),
changes it in a word processor and keeps the {{ names }}; `dansinh check` finds those that are none.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import get_args

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt

from pipeline.documents.issuing import Kind
from pipeline.documents.layout import (
    Layout,
    blank_document,
    body,
    head,
    keep_together,
    signature,
    title,
    write,
)
from pipeline.documents.letter.build_template import build_letter
from pipeline.documents.stable import stable_docx
from pipeline.documents.templating import shipped

BUILT = datetime(2026, 11, 22, tzinfo=UTC)


def build(kind: Kind, layout: Layout) -> bytes:
    document = BUILDERS[kind](layout)
    return stable_docx(document, title=f"{kind}, {layout}", author="Dân Sinh", made_at=BUILT)


def _covering(layout: Layout) -> Document:
    document = blank_document(layout)
    _head(document, layout, about="V/v {{ covering.subject }}")
    _addressees(document, "covering.addressees")
    write(
        body(document),
        "Thực hiện {{ covering.programme }}, {{ head.office }} gửi kèm {{ covering.enclosed }}.",
    )
    write(body(document), "{{ covering.request }}")
    last = body(document, left=True)
    write(last, "Thông tin trao đổi xin gửi về đầu mối: {{ covering.contact }}{{ head.end }}")
    _signature(document, layout)
    return document


def _reminder(layout: Layout) -> Document:
    document = blank_document(layout)
    _head(document, layout, about="V/v đôn đốc trả lời phiếu chuyển")
    _addressees(document, "reminder.addressees")
    write(body(document), "{{ head.office }} đề nghị trả lời các phiếu chuyển sau:")
    _control(document, "{%p for one in owed %}")
    write(
        body(document),
        "{{ loop.index }}. Phiếu chuyển số {{ one.number }} ngày {{ one.day }}: {{ one.subject }}.",
    )
    paragraph = body(document, indent=False)
    paragraph.paragraph_format.left_indent = Mm(10)
    write(
        paragraph,
        "Thời hạn: {{ one.until }}, {{ one.standing }}.",
    )
    _control(document, "{%p endfor %}")
    write(body(document), "Đây là thời hạn theo chương trình phối hợp, không phải thời hạn luật định.")
    _control(document, "{%p for leader in reminder.leaders %}")
    write(body(document), "Đề nghị {{ leader }} quan tâm chỉ đạo việc trả lời.")
    _control(document, "{%p endfor %}")
    last = body(document, left=True)
    write(
        last, "Nếu cơ quan đã trả lời, xin bỏ qua văn bản này. Đầu mối: {{ reminder.contact }}{{ head.end }}"
    )
    _signature(document, layout)
    return document


def _report(layout: Layout) -> Document:
    document = _frame(layout)
    _signature(document, layout)
    return document


def _digest(layout: Layout) -> Document:
    return _frame(layout)


def _frame(layout: Layout) -> Document:
    document = blank_document(layout)
    _head(document, layout)
    title(document, layout, "{{ title }}", "{{ subject }}")
    document.add_paragraph("{{ content }}")
    return document


def _head(document: Document, layout: Layout, about: str | None = None) -> None:
    head(
        document,
        layout,
        parent="{{ head.parent | upper }}",
        office="{{ head.office | upper }}",
        number="{{ head.number }}",
        place_and_date="{{ head.place_and_date }}",
        about=about,
    )


def _addressees(document: Document, names: str) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
    paragraph.paragraph_format.left_indent = Mm(40)
    paragraph.paragraph_format.space_before = Pt(12)
    one = f"{{% if {names} | length == 1 %}} {{{{ {names} | first }}}}{{% endif %}}"
    write(paragraph, f"Kính gửi:{one}")
    keep_together(paragraph)
    _control(document, f"{{%p for addressee in {names} if {names} | length > 1 %}}")
    paragraph = document.add_paragraph()
    paragraph.paragraph_format.left_indent = Mm(50)
    write(paragraph, "- {{ addressee }}{{ ';' if not loop.last else '.' }}")
    _control(document, "{%p endfor %}")


def _signature(document: Document, layout: Layout) -> None:
    # It must not stand alone on a page.
    keep_together(document.paragraphs[-1])
    keep_together(document.add_paragraph())
    copies = ["{%p for line in head.copies %}", "{{ line }}", "{%p endfor %}"]
    signature(document, layout, post="{{ head.signer_post | upper }}", copies=copies)


def _control(document: Document, tag: str) -> None:
    """A line that steers the template and does not appear in the document."""
    document.add_paragraph(tag)


BUILDERS: dict[Kind, Callable[[Layout], Document]] = {
    "letter": build_letter,
    "covering": _covering,
    "reminder": _reminder,
    "digest": _digest,
    "report": _report,
}

if __name__ == "__main__":
    for layout in get_args(Layout):
        for kind in BUILDERS:
            shipped(layout, kind).write_bytes(build(kind, layout))
