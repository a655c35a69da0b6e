"""A document that is not issued says so on every page, whatever template it is made of."""

import io
import zipfile

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH

from pipeline.documents.layout import write
from pipeline.documents.packing import files_of, packed

DRAFT = "DỰ THẢO"
NOT_ISSUED = "chưa phát hành, chưa có số"


def marked_as_draft(document: Document) -> Document:
    # docxtpl puts the headers that it has filled beside those that python-docx knows: read it anew.
    marked: Document = docx.Document(io.BytesIO(packed(files_of(document), zipfile.ZIP_STORED)))
    for section in marked.sections:
        headers = [section.header]
        if section.different_first_page_header_footer:
            headers.append(section.first_page_header)
        for header in headers:
            first = header.paragraphs[0]
            paragraph = first.insert_paragraph_before() if first.runs else first
            paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
            write(paragraph, DRAFT, size=12, bold=True)
            write(paragraph, f" ({NOT_ISSUED})", size=11, italic=True)
    return marked
