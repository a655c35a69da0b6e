"""What an office's configuration lacks in the coming year, told to officials: in Vietnamese.

The same findings as `dansinh check` tells the operator of in English; nothing here looks at machines.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from pipeline.checks.calendar import ANNOUNCED_FROM_MONTH
from pipeline.checks.gaps import Gap, gaps
from pipeline.checks.spans import Span, spans, spans_of, stretches
from pipeline.formats import vn_date
from pipeline.names import URGENCY_IN_WORDS, place_name, topic_name
from pipeline.routing import COMMUNE, programme_on, recipient
from pipeline.settings import Settings

URGENCIES = (4, 3, 2, 1)


@dataclass(frozen=True)
class Lack:
    now: bool
    """it hinders today; else it will"""
    what: str
    remedy: str


def lacks(settings: Settings, today: date) -> list[Lack]:
    """Those that hinder today first."""
    found = [
        *_without_programme(settings, today),
        *(_gap(settings, gap, today) for gap in gaps(settings, today)),
        *_agencies(settings, today),
        *_deadlines(settings, today),
        *_calendar(settings, today),
    ]
    return sorted(found, key=lambda lack: not lack.now)


def in_words(span: Span) -> str:
    if span.first == span.last:
        return f"ngày {vn_date(span.first)}"
    return f"từ {vn_date(span.first)} đến {vn_date(span.last)}"


def _without_programme(settings: Settings, today: date) -> Iterator[Lack]:
    def in_force(day: date) -> bool:
        return programme_on(settings, day) is not None

    for is_in_force, span in stretches(spans(settings.programmes, today), in_force):
        if not is_in_force:
            yield Lack(
                span.first <= today,
                f"Không có chương trình phối hợp nào có hiệu lực {in_words(span)}.",
                "Ghi chương trình đã ký vào mục programmes, có valid_from và valid_to.",
            )


def _gap(settings: Settings, gap: Gap, today: date) -> Lack:
    topics = ", ".join(f"“{topic_name(settings, key)}”" for key in gap.topics)
    places = [place_name(code) for code in gap.places if code]
    where = f" tại {', '.join(places)}" if places else ""
    if not gap.leads:
        return Lack(
            gap.span.first <= today,
            f"Lĩnh vực {topics}{where} chưa có cơ quan chủ trì {in_words(gap.span)}.",
            f"Thêm quy tắc vào mục routes: topic: {', '.join(gap.topics)}; valid_from: {gap.span.first}.",
        )
    leads = ", ".join(_name(settings, key, gap.span.first) for key in gap.leads)
    return Lack(
        gap.span.first <= today,
        f"Lĩnh vực {topics}{where} có {len(gap.leads)} quy tắc ngang nhau {in_words(gap.span)} ({leads}).",
        "Ở mục routes, ghi ngày hết hiệu lực (valid_to) cho quy tắc cũ, hoặc giới hạn một quy tắc vào một "
        "nơi (place).",
    )


def _name(settings: Settings, key: str, day: date) -> str:
    agency = recipient(settings, key, day)
    return agency.name if agency else key


def _agencies(settings: Settings, today: date) -> Iterator[Lack]:
    for key in sorted({key for route in settings.routes for key in (route.lead, *route.co)} - {COMMUNE}):
        yield from _agency(settings, key, today)
    communes = settings.communes
    if communes.channel == "mail" and communes.email is None:
        yield Lack(
            True,
            "UBND xã, phường chưa có địa chỉ nhận.",
            "Ghi mẫu địa chỉ, có {code}, vào mục communes: email.",
        )


def _agency(settings: Settings, key: str, today: date) -> Iterator[Lack]:
    def is_lacking(day: date) -> str:
        naming = any(route.holds_on(day) and key in (route.lead, *route.co) for route in settings.routes)
        agency = recipient(settings, key, day)
        if not naming or (agency is not None and agency.address is not None):
            return ""
        return "address" if agency else "agency"

    for lacking, span in stretches(spans_of(settings, today), is_lacking):
        if lacking == "agency":
            yield Lack(
                span.first <= today,
                f"Quy tắc chuyển nêu cơ quan “{key}”, nhưng cơ quan ấy không có {in_words(span)}.",
                "Sửa valid_to của cơ quan ở mục agencies, hoặc ghi cơ quan thay thế vào mục routes.",
            )
        elif lacking:
            yield Lack(
                span.first <= today,
                f"{_name(settings, key, span.first)} chưa có địa chỉ nhận của đầu mối.",
                "Hỏi cơ quan về hộp thư của đơn vị đầu mối, ghi vào mục agencies: email.",
            )


def _deadlines(settings: Settings, today: date) -> Iterator[Lack]:
    programme = programme_on(settings, today)
    missing = [one for one in URGENCIES if programme and one not in programme.deadlines]
    if programme and missing:
        levels = ", ".join(f"{one} ({URGENCY_IN_WORDS[one]})" for one in missing)
        yield Lack(
            True,
            f"Chương trình chưa đặt thời hạn cho mức {levels}: phiếu ở mức này không bao giờ quá hạn.",
            f"Ghi số ngày làm việc vào deadlines của chương trình {programme.key}.",
        )


def _calendar(settings: Settings, today: date) -> Iterator[Lack]:
    table = settings.calendar
    entered = {day.year for day in (*table.extra_days_off, *table.extra_working_days)}
    year = today.year + (today.month >= ANNOUNCED_FROM_MONTH)
    if year not in entered:
        yield Lack(
            False,
            f"Lịch chưa ghi ngày nghỉ thêm, ngày làm bù nào của năm {year}.",
            "Khi có thông báo nghỉ lễ, ghi vào mục calendar: extra_days_off và extra_working_days.",
        )
