"""The referral letter (phiếu chuyển): as DOCX and as the body of a mail."""

from pipeline.documents.letter.as_docx import letter_docx
from pipeline.documents.letter.as_mail import letter_html, letter_text
from pipeline.documents.letter.collect import letter_of, office_contact
from pipeline.documents.letter.content import Letter, Limit
from pipeline.documents.letter.stored import as_stored

__all__ = [
    "Letter",
    "Limit",
    "as_stored",
    "letter_docx",
    "letter_html",
    "letter_of",
    "letter_text",
    "office_contact",
]
