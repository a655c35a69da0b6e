"""What stands on paper or is kept hashed: one-time codes, and names at single sign-on."""

import secrets

from web.sessions import hash_of

_SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""none that is taken for another on paper; there are 32, five bits each"""


def new_code() -> str:
    return "-".join("".join(secrets.choice(_SIGNS) for _ in range(4)) for _ in range(4))


def plain_code(written: str) -> str:
    """A code as it is compared: however it was typed from paper."""
    return "".join(sign for sign in written.upper() if sign.isalnum())


def sso_hash(name: str) -> str:
    return hash_of(name.strip().casefold())
