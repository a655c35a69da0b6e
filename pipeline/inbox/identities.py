"""Message-IDs as they stand in headers (RFC 5322, section 3.6.4)."""

import re
from itertools import islice

MESSAGE_ID = r"<[!-;=?-~]{1,250}>"
"""Printable ASCII: with anything else it is none of ours, and no database keeps NUL."""
MOST = 200
"""No conversation is so long; a database takes some ten thousand in one question."""

_MESSAGE_ID = re.compile(MESSAGE_ID)


def message_ids(header: str) -> list[str]:
    """The first MOST, as they stand."""
    return [found[0] for found in islice(_MESSAGE_ID.finditer(header), MOST)]
