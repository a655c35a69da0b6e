"""The number of a letter as somebody writes it who has the letter before him or hears it on the telephone."""

import re
import unicodedata

NUMBERED = re.compile(
    r"(?:phi[ếe]u(?:\s+chuy[ểe]n)?)?\s*(?:s[ốo])?[\s:.]*"
    r"(?P<number>[0-9]{1,9})(?:\s*[-/]\s*\D.{0,40})?",
    re.IGNORECASE,
)
"""25, Số: 25/PC-…, 25-PC/…, phiếu chuyển số 25"""


def letter_number(written: str) -> int | None:
    found = NUMBERED.fullmatch(unicodedata.normalize("NFC", written).strip())
    return int(found["number"]) if found else None
