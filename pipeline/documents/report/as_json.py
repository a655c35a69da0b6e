"""A whole report as text and back, to the last digit: what another process may read without trusting it.

Only the classes named here are ever made of what is read.
"""

import json
from dataclasses import fields, is_dataclass
from datetime import date, datetime
from typing import Any

from pipeline.documents.issuing import Head
from pipeline.documents.report.content import Absent, Chart, Column, Part, Report, Series, Table, Total
from pipeline.documents.report.period import Period

CLASSES = {one.__name__: one for one in (Absent, Chart, Column, Head, Period, Report, Series, Table, Total)}
CLASS, PART, WHOLE, DAY, MOMENT = "class", "part", "whole", "day", "moment"


def report_json(report: Report) -> bytes:
    return json.dumps(_plain(report), ensure_ascii=False, separators=(",", ":")).encode()


def report_from_json(written: bytes) -> Report:
    """Raises ValueError where it is no report."""
    try:
        report = json.loads(written, object_hook=_made)
    except (KeyError, TypeError) as error:
        raise ValueError(f"no report: {error!r}") from error
    if isinstance(report, Report):
        return report
    raise ValueError(f"no report: {type(report).__name__}")


def _plain(value: Any) -> Any:
    if isinstance(value, Part):
        return {PART: int(value), WHOLE: value.whole}
    if isinstance(value, datetime):
        return {MOMENT: value.isoformat()}
    if isinstance(value, date):
        return {DAY: value.isoformat()}
    if is_dataclass(value):
        told = {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
        return {CLASS: type(value).__name__, **told}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _made(told: dict[str, Any]) -> Any:
    """What is inside has been made already."""
    if CLASS in told:
        made = CLASSES[told.pop(CLASS)]
        return made(**{name: _fixed(value) for name, value in told.items()})
    if PART in told:
        return Part(told[PART], told[WHOLE])
    return datetime.fromisoformat(told[MOMENT]) if MOMENT in told else date.fromisoformat(told[DAY])


def _fixed(value: Any) -> Any:
    return tuple(_fixed(one) for one in value) if isinstance(value, list) else value
