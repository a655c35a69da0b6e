"""The digest as the two bodies of a mail."""

from pipeline.documents.digest import outline
from pipeline.documents.digest.content import DigestContent
from pipeline.documents.printable import printable
from pipeline.documents.rendering import render


def digest_html(content: DigestContent) -> str:
    """Self-contained: inline styles and one column of tables, as mail clients and telephones need it."""
    return render("digest.html.j2", content=printable(content), outline=outline)


def digest_text(content: DigestContent) -> str:
    return render("digest.txt.j2", content=printable(content), outline=outline)
