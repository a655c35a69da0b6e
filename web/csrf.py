"""The token of a form as a page shows it: never twice by the same letters.

Pages travel compressed, and how well one compresses tells what in it is alike: who could have a page shown
again and again with guesses of his own in it would find out a token letter by letter (BREACH).
"""

import base64
import binascii
import secrets
from hmac import compare_digest


def masked(token: str) -> str:
    """Random bytes, and after them the token's own, changed by these; for one page."""
    own = token.encode()
    pad = secrets.token_bytes(len(own))
    return base64.urlsafe_b64encode(pad + _changed(own, pad)).decode()


def is_of(token: str, sent: object) -> bool:
    """Whether a form brings back what a page was given of this very token."""
    if not isinstance(sent, str):
        return False
    try:
        # Of an address's letters: b64decode alone passes over what is none.
        both = base64.b64decode(sent.encode("ascii"), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return False
    pad, shown = both[: len(both) // 2], both[len(both) // 2 :]
    return len(pad) == len(shown) and compare_digest(_changed(shown, pad), token.encode())


def _changed(one: bytes, other: bytes) -> bytes:
    return bytes(left ^ right for left, right in zip(one, other, strict=True))
