"""Chương trình: what the office has agreed on and how it works, as its configuration says; only to read."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from starlette.responses import Response
from starlette.routing import Route as WebRoute

from pipeline import names
from pipeline.calendar import WorkingCalendar, holiday_name
from pipeline.lacks import URGENCIES, lacks
from pipeline.routing import COMMUNE, programme_on, recipient
from pipeline.settings import Calendar, Route, Settings, StatutoryClock
from web.permissions import Action
from web.visits import Visit, for_signed_in

A_YEAR = timedelta(days=365)
THE_COMMUNE = "UBND xã, phường nơi xảy ra"
WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


@dataclass(frozen=True)
class Rule:
    topic: str
    where: str
    lead: str
    co: str
    route: Route


@dataclass(frozen=True)
class Day:
    """A weekday off, or a weekend day that is worked."""

    day: date
    weekday: str
    works: bool
    why: str


def programme(visit: Visit) -> Response:
    settings, today = visit.desk.settings, visit.desk.today
    in_force = programme_on(settings, today)
    others = sorted(settings.programmes, key=lambda one: one.valid_from, reverse=True)
    return visit.render(
        "programme.html",
        today=today,
        programme=in_force,
        others=[one for one in others if one is not in_force],
        rules=list(_rules(settings, today)),
        agencies=[one for one in settings.agencies if _matters(one.valid_to, today)],
        communes=settings.communes,
        calendar=settings.calendar,
        days=_days(settings.calendar, today),
        urgencies=URGENCIES,
        statutory=[(clock, _limit(clock)) for clock in settings.statutory],
        lacks=lacks(settings, today),
        reminders=settings.reminders,
    )


def _rules(settings: Settings, today: date) -> Iterator[Rule]:
    """Of every topic, those that hold today or will; for the whole area first."""
    province = settings.office.province
    for topic, name in names.topics(settings).items():
        routes = [one for one in settings.routes if one.topic == topic and _matters(one.valid_to, today)]
        for route in sorted(routes, key=lambda one: (one.place not in (None, province), one.valid_from)):
            day = max(today, route.valid_from)
            everywhere = route.place in (None, province)
            yield Rule(
                name,
                "toàn địa bàn" if everywhere or not route.place else names.place_name(route.place),
                _name(settings, route.lead, day),
                "; ".join(_name(settings, key, day) for key in route.co),
                route,
            )


def _matters(valid_to: date | None, today: date) -> bool:
    return valid_to is None or valid_to >= today


def _name(settings: Settings, key: str, day: date) -> str:
    if key == COMMUNE:
        return THE_COMMUNE
    agency = recipient(settings, key, day)
    return agency.name if agency else f"“{key}” (chưa có trong danh sách cơ quan)"


def _days(table: Calendar, today: date) -> list[Day]:
    """Of the coming year, today among them."""
    calendar = WorkingCalendar(table)
    found = calendar.out_of_line(today - timedelta(days=1), today + A_YEAR)
    return [
        Day(day, WEEKDAYS[day.weekday()], calendar.is_working_day(day), _why(table, day)) for day in found
    ]


def _why(table: Calendar, day: date) -> str:
    if day in table.extra_days_off or day in table.extra_working_days:
        return "cơ quan ghi trong cấu hình"
    return holiday_name(table.country, day) or "làm bù ngày nghỉ lễ"


def _limit(clock: StatutoryClock) -> str:
    limits = (
        (clock.working_days, "ngày làm việc"),
        (clock.days, "ngày"),
        (clock.hours, "giờ"),
        (clock.working_hours, "giờ làm việc"),
    )
    return next(f"{number} {unit}" for number, unit in limits if number is not None)


def routes() -> list[WebRoute]:
    return [WebRoute("/chuong-trinh", for_signed_in(programme, Action.VIEW_PROGRAMME), name="programme")]
