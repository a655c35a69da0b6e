"""What the store must be able to read again, sealed: a copy of the database alone opens none of it.

The key lies outside the database: in the environment, or in a file that is made beside it.
"""

import os
import secrets
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from pipeline.secret import MissingSecret, secret

VARIABLE = "DANSINH_DESK_SECRET"
FILE = "desk.key"
SHORTEST_KEY = 32
_MARK = "sealed:"
"""what bears none was kept before anything was sealed"""


class Unreadable(Exception):
    """Sealed with a key that is not here."""


class Seal:
    """Keys are looked up each time, so that of several processes none misses the file that another made.

    Several may stand in the variable, parted by spaces: the first seals, all open; the file's, too.
    """

    def __init__(self, data_dir: Path, env: Mapping[str, str] = os.environ) -> None:
        self._file = data_dir / FILE
        self._env = env

    def close(self, text: str) -> str:
        """Raises MissingSecret, saying what to mend, where a key is none."""
        keys = self._keys() or [_fernet(self._made())]
        return _MARK + MultiFernet(keys).encrypt(text.encode()).decode()

    def open(self, kept: str) -> str:
        """Raises Unreadable and MissingSecret."""
        return _opened(self._keys(), kept)

    def is_by_todays_key(self, kept: str) -> bool:
        """Raises MissingSecret."""
        try:
            _opened(self._keys()[:1], kept)
        except Unreadable:
            return False
        return kept.startswith(_MARK)

    def _keys(self) -> list[Fernet]:
        keys = self._env.get(VARIABLE, "").split()
        if any(len(key) < SHORTEST_KEY for key in keys):
            raise MissingSecret(
                f"environment variable {VARIABLE} needs keys of at least {SHORTEST_KEY} characters"
            )
        if self._file.exists():
            keys.append(secret(VARIABLE, self._file))
        return [_fernet(key) for key in keys]

    def _made(self) -> str:
        """Of processes that make one at once all take the first."""
        own = self._file.with_suffix(f".{os.getpid()}.{secrets.token_hex(4)}")
        with open(own, "x", opener=_for_us_alone, encoding="utf-8") as file:
            file.write(secrets.token_urlsafe(32))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(own, self._file)
        own.unlink()
        return secret(VARIABLE, self._file)


def _opened(keys: list[Fernet], kept: str) -> str:
    if not kept.startswith(_MARK):
        return kept
    for key in keys:
        with suppress(InvalidToken):
            return key.decrypt(kept.removeprefix(_MARK)).decode()
    raise Unreadable


def _fernet(key: str) -> Fernet:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"dansinh desk").derive(key.encode())
    return Fernet(urlsafe_b64encode(derived))


def _for_us_alone(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
