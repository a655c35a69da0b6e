"""Passwords: long rather than complicated (NIST SP 800-63B-4, 3.1.1.2), kept as Argon2id."""

import re
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST = 12
LONGEST = 200
FEWEST_DIFFERENT = 5
NONE_SET = ""
"""as the hash of an account without a password"""
# The words that stand at the head of every list of leaked passwords, and those that name this desk and its
# town: twelve characters are soon made of one of them with a year behind it.
COMMON = frozenset(
    """
    password passw0rd matkhau anhyeuem emyeuanh iloveyou qwerty qwertyuiop asdfghjkl zxcvbnm letmein
    welcome administrator admin root user login master secret changeme default guest test demo
    sunshine princess football dansinh vietnam haiphong hanoi danang saigon hochiminh tuyengiao
    danvan lanhdao chuyenvien vanphong
    """.split()  # noqa: SIM905 - a page of words
)
_RUNS = ("0123456789" * 3, "9876543210" * 3, "qwertyuiopasdfghjklzxcvbnm", "abcdefghijklmnopqrstuvwxyz" * 2)
_HASHER = PasswordHasher()
# One check of a password takes 64 MiB: a burst of sign-ins must not take the machine's memory.
_CHECKS = threading.BoundedSemaphore(2)
_WAITING = threading.BoundedSemaphore(12)


def weakness(password: str, *own_words: str) -> str | None:
    """Why this may be no password: short | long | common | own.

    `own_words` are the account's name and post.
    """
    if len(password) < SHORTEST:
        return "short"
    if len(password) > LONGEST:
        return "long"
    plain = _letters(password)
    if _is_common(plain):
        return "common"
    if any(len(word) >= FEWEST_DIFFERENT and _is_only(plain, word) for word in map(_letters, own_words)):
        return "own"
    return None


def _letters(text: str) -> str:
    """Without marks, spaces and capitals."""
    bare = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return "".join(letter for letter in bare if letter.isalnum())


def _is_common(plain: str) -> bool:
    return (
        len(set(plain)) < FEWEST_DIFFERENT
        or any(plain in run for run in _RUNS)
        or any(_is_only(plain, word) for word in COMMON)
    )


def _is_only(plain: str, word: str) -> bool:
    """Is nothing but the word, over and over, and digits."""
    return bool(word) and not re.sub(r"\d", "", plain.replace(word, ""))


class Busy(Exception):
    """So many passwords are being checked that one more would take the desk from who is signed in."""


@contextmanager
def _turn() -> Iterator[None]:
    """Raises Busy rather than let a flood of sign-ins hold every thread of the desk."""
    if not _WAITING.acquire(blocking=False):
        raise Busy
    try:
        with _CHECKS:
            yield
    finally:
        _WAITING.release()


def hashed(password: str) -> str:
    with _turn():
        return _HASHER.hash(_composed(password))


def is_right(kept: str, password: str) -> bool:
    """Takes as long where none is kept: the time must not tell whether there is such an account."""
    with _turn():
        try:
            return _HASHER.verify(kept or _nobody(), _composed(password)) and bool(kept)
        except (VerificationError, InvalidHashError):
            return False


def is_outdated(kept: str) -> bool:
    """Made with less work than is asked for today."""
    return _HASHER.check_needs_rehash(kept)


def _composed(password: str) -> str:
    """ "ế" is typed as one sign on one keyboard and as three on another."""
    return unicodedata.normalize("NFC", password)


@cache
def _nobody() -> str:
    return _HASHER.hash("no account has this password")
