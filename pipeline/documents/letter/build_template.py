"""The letter of referral as a template, in the words of the office's practice; see build_templates."""

from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph

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


def build_letter(layout: Layout) -> Document:
    document = blank_document(layout)
    head(
        document,
        layout,
        parent="{{ head.parent | upper }}",
        office="{{ head.office | upper }}",
        number="{{ head.number }}",
        place_and_date="{{ head.place_and_date }}",
    )
    title(document, layout, "PHIẾU CHUYỂN", "{{ letter.subject }}")
    _addressee(document)
    _matter(document)
    _sources(document)
    _cooperation(document)
    _limits(document)
    _contacts(document)
    keep_together(document.add_paragraph())
    signature(document, layout, post="{{ head.signer_post | upper }}", copies=_copies())
    return document


def _addressee(document: Document) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(12)
    write(paragraph, "Kính gửi: {{ letter.addressee }}")


def _matter(document: Document) -> None:
    _item(document, 1, "Tóm tắt vấn đề", "{{ letter.summary }}")
    _item(document, 2, "Địa bàn", "{{ letter.area }}.")


def _sources(document: Document) -> None:
    _item(document, 3, "Nguồn và ngày", None)
    _control(document, "{%p for source in sources %}")
    paragraph = body(document, indent=False, left=True)
    paragraph.paragraph_format.left_indent = Mm(10)
    write(paragraph, "- {{r source.link }}{{ source.marks }}: “{{ source.title }}”")
    _control(document, "{%p endfor %}")
    _control(document, "{%p if letter.more_sources %}")
    paragraph = body(document, indent=False, left=True)
    paragraph.paragraph_format.left_indent = Mm(10)
    write(paragraph, "- và {{ letter.more_sources }} nguồn khác.")
    _control(document, "{%p endif %}")
    _control(document, "{%p if letter.quotation %}")
    paragraph = body(document)
    write(paragraph, "Trích")
    write(paragraph, "{% if letter.quoted %} {{ letter.quoted.outlet }}{% endif %}: ")
    write(paragraph, "“{{ letter.quotation }}”", italic=True)
    _control(document, "{%p endif %}")


def _cooperation(document: Document) -> None:
    _item(document, 4, "Nội dung phối hợp", "{{ letter.programme }}.")
    _control(document, "{%p for content in letter.contents %}")
    paragraph = body(document, indent=False)
    paragraph.paragraph_format.left_indent = Mm(10)
    write(paragraph, "- {{ content }}")
    _control(document, "{%p endfor %}")
    _item(document, 5, "Đề nghị", "{{ letter.request }}")
    _control(document, "{%p if letter.answer_at %}")
    paragraph = body(document, left=True)
    write(
        paragraph,
        "Cơ quan nhận phiếu có thể báo tiếp nhận, trả lời, nêu cơ quan có thẩm quyền hoặc đề nghị thêm "
        "thời gian, không cần tài khoản, tại trang dành riêng cho phiếu này, dùng đến hết ngày "
        "{{ answer_until }}: {{r answer_link }}.",
    )
    _control(document, "{%p endif %}")


def _limits(document: Document) -> None:
    _item(document, 6, "Thời hạn và căn cứ", None)
    paragraph = body(document)
    write(paragraph, "Thời hạn theo chương trình phối hợp: {{ letter.limit.text }}{% if until %}, ")
    write(paragraph, "chậm nhất {{ until }}", bold=True)
    write(paragraph, "{% endif %}. Căn cứ: {{ letter.limit.basis }}.")
    _control(document, "{%p for clock in statutory %}")
    paragraph = body(document)
    write(paragraph, "Thời hạn theo pháp luật, tính riêng: {{ clock.text }}{% if clock.until %}, ")
    write(paragraph, "chậm nhất {{ clock.until }}", bold=True)
    write(paragraph, "{% endif %}. Căn cứ: {{ clock.basis }}.")
    _control(document, "{%p endfor %}")


def _contacts(document: Document) -> None:
    other = "{% if letter.addressee_contact %}. Cơ quan nhận phiếu: {{ letter.addressee_contact }}{% endif %}"
    # The signature must not stand alone on a page.
    keep_together(_item(document, 7, "Đầu mối", "{{ letter.contact }}" + other + "{{ head.end }}"))


def _copies() -> list[str]:
    return ["{%p for line in head.copies %}", "{{ line }}", "{%p endfor %}"]


def _item(document: Document, number: int, name: str, text: str | None) -> Paragraph:
    paragraph = body(document)
    write(paragraph, f"{number}. {name}: " if text else f"{number}. {name}:", bold=True)
    if text:
        write(paragraph, text)
    else:
        keep_together(paragraph)
    return paragraph


def _control(document: Document, tag: str) -> None:
    """A line that steers the template and does not appear in the letter."""
    document.add_paragraph(tag)
