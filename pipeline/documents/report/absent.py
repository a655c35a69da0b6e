"""Who took no part in a period: agencies that let a deadline pass in silence or got nothing, communes.

Who is silent while no letter is due yet is told apart: there is nothing to reproach it with.
"""

from collections.abc import Collection
from datetime import date

import pandas as pd

from pipeline.documents.report.content import Absent
from pipeline.documents.report.frames import Frames
from pipeline.names import units_of
from pipeline.routing import COMMUNE
from pipeline.settings import Settings

SILENT = "Cơ quan có phiếu đã hết hạn mà chưa tiếp nhận, trả lời hay từ chối phiếu nào"
NOT_DUE = "Cơ quan chưa có phản hồi, phiếu chưa đến hạn trả lời"
WITHOUT = "Cơ quan trong chương trình không nhận phiếu nào"
NOWHERE = "Xã, phường không có vấn đề nào được nêu, không nhận phiếu nào"


def absent(data: Frames, settings: Settings, start: date, end: date) -> tuple[Absent, ...]:
    sent = data.referrals
    reacted = _names(sent[sent[["acknowledged", "answered", "refused"]].any(axis=1)])
    got = _names(sent)
    agencies = _agencies(settings, start, end)
    communes = units_of(settings.office.province)
    touched = _communes(data)
    missed = _names(sent[sent["due"] == 1])
    waiting = _names(sent[sent["ended_at"].isna()])
    silent = sorted((got - reacted) & missed)
    not_due = sorted((got - reacted - missed) & waiting)
    without = sorted(name for name in agencies if name not in got)
    nowhere = [name for code, name in communes if code not in touched]
    return (
        Absent("silent", SILENT, tuple(silent), len(got)),
        Absent("not_due", NOT_DUE, tuple(not_due), len(got)),
        Absent("without", WITHOUT, tuple(without), len(agencies)),
        Absent("communes", NOWHERE, tuple(nowhere), len(communes)),
    )


def _names(referrals: pd.DataFrame) -> set[str]:
    return {str(name) for name in referrals["agency_name"]}


def _agencies(settings: Settings, start: date, end: date) -> list[str]:
    """Those that were an agency on some day of the period, each name once."""
    there = (
        agency.name
        for agency in settings.agencies
        if agency.valid_from <= end and (agency.valid_to is None or start <= agency.valid_to)
    )
    return list(dict.fromkeys(there))


def _communes(data: Frames) -> Collection[str]:
    """Where something was told of, or whose People's Committee was written to."""
    told = data.articles["commune_code"]
    found = data.issues[data.issues["kind"] == "concern"]["commune_code"]
    written_to = data.referrals["agency_key"].str.extract(rf"^{COMMUNE}:(.+)$")[0]
    return {str(code) for codes in (told, found, written_to) for code in codes.dropna()}
