"""Passwords and keys: from the environment or from a file of their own, never from config.yaml."""

import os
from collections.abc import Mapping
from pathlib import Path


class MissingSecret(Exception):
    """Neither the environment variable nor the file holds the secret."""


def secret(variable: str, file: Path | None, env: Mapping[str, str] = os.environ) -> str:
    """The file's first line where a file is named, else the environment variable.

    Raises MissingSecret, whose text tells where to put it.
    """
    if file is None:
        if value := env.get(variable, ""):
            return value
        raise MissingSecret(f"environment variable {variable} is not set")
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise MissingSecret(f"the secret's file {file} cannot be read: {reason}") from error
    if lines and lines[0]:
        return lines[0]
    raise MissingSecret(f"the first line of the secret's file {file} is empty")
