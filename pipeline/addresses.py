"""Addresses and patterns that config.yaml may hold: what passes here can be filled in and be sent to."""

import re
from contextlib import suppress
from string import Formatter
from typing import Annotated

from pydantic import AfterValidator

_WORD = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ADDRESS = re.compile(rf"{_WORD}(?:\.{_WORD})*@(?:{_LABEL}\.)+{_LABEL}")
_COMMUNE = {"name": "phường Ba Đình", "code": "00004"}
"""What a commune's patterns are tried with."""


def _address(value: str) -> str:
    """The address as any mail server takes it: a host's name with accents becomes its xn-- form."""
    local, _, host = value.rpartition("@")
    with suppress(UnicodeError):  # a part that is empty or too long, which the pattern refuses
        value = f"{local}@{host.encode('idna').decode()}"
    if not _ADDRESS.fullmatch(value):
        raise ValueError(
            f"{value!r} is no e-mail address; write one like daumoi@so.example.vn, "
            "before the @ in letters without accents"
        )
    return value


def _commune_pattern(value: str) -> str:
    try:
        parts = list(Formatter().parse(value))
    except ValueError as error:
        raise ValueError(f"{error}; braces stand only in {{name}} and {{code}}") from error
    for _, name, form, conversion in parts:
        if name is not None and (name not in _COMMUNE or form or conversion):
            raise ValueError(f"braces hold {name!r}; only {{name}} and {{code}} of the commune are filled in")
    return value


def _commune_address(value: str) -> str:
    filled = value.format(**_COMMUNE)
    if not _ADDRESS.fullmatch(filled):
        raise ValueError(
            f"gives {filled!r}, which is no e-mail address; write one like vanphong.{{code}}@example.vn, "
            "without accents and without {name}, which has them"
        )
    return value


Email = Annotated[str, AfterValidator(_address)]
CommunePattern = Annotated[str, AfterValidator(_commune_pattern)]
"""{name} and {code} are the commune's."""
CommuneEmail = Annotated[CommunePattern, AfterValidator(_commune_address)]
