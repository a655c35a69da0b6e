"""What a text may hold so that every database and every document can keep it."""

import re

_NOT_IN_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""XML 1.0 (2.2 Characters) forbids them in a letter or digest even when escaped; PostgreSQL refuses NUL.
The carriage return, which XML allows, goes too: lines end with a line feed."""


def keepable(text: str) -> str:
    """`text` without control characters but tab and line feed, without surrogates and noncharacters."""
    return _NOT_IN_XML.sub("", text)
