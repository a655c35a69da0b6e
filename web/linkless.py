"""A letter as a file for those who may read it, without the link with which its agency answers.

Whoever holds that link is the agency (docs/decisions/0019): it goes out by mail and is shown to nobody here.
"""

import io
import re
import zipfile
from pathlib import Path

from pipeline.answering.links import PATH

_TOKEN = re.compile(re.escape(PATH.encode()) + rb"[^\"'<>\s]+")


def without_answer_link(letter: Path) -> bytes:
    """The DOCX with the signature taken out of every address of the agencies' page."""
    packed = io.BytesIO()
    with zipfile.ZipFile(letter) as given, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for part in given.infolist():
            made.writestr(part, _TOKEN.sub(PATH.encode(), given.read(part)))
    return packed.getvalue()
