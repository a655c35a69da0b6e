"""The daily digest (bản tin ngày): collected once, shown as HTML mail, plain text, DOCX and JSON."""

from pipeline.documents.digest.as_docx import digest_docx
from pipeline.documents.digest.as_mail import digest_html, digest_text
from pipeline.documents.digest.collect import collect
from pipeline.documents.digest.content import DigestContent, Line

__all__ = ["DigestContent", "Line", "collect", "digest_docx", "digest_html", "digest_text"]
