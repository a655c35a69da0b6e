"""What a text may hold so that every database and every document can keep it."""

import re

_NOT_KEPT = re.compile("[^\t\n\x20-\u2029\u202f-\u2065\u206a-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""XML 1.0 (2.2 Characters) forbids them in a letter or digest even when escaped; PostgreSQL refuses NUL.
The carriage return, which XML allows, goes too: lines end with a line feed. U+202A to U+202E and U+2066 to
U+2069 turn the direction of all that follows: a title could have the rest of a line read backwards."""


def keepable(text: str) -> str:
    """`text` without control characters but tab and line feed, without surrogates and noncharacters, and with
    nothing that turns the direction of reading."""
    return _NOT_KEPT.sub("", text)
