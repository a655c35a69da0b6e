"""The letter as the body of a mail: what the attached DOCX says, word for word."""

from pipeline.documents.letter.content import Letter
from pipeline.documents.printable import printable
from pipeline.documents.rendering import render


def letter_text(letter: Letter) -> str:
    return render("letter.txt.j2", letter=printable(letter))


def letter_html(letter: Letter) -> str:
    return render("letter.html.j2", letter=printable(letter))
