"""Địa bàn: how many problems each commune has, on a map and in a table."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from urllib.parse import urlencode

from sqlalchemy.orm import Session
from starlette.responses import Response
from starlette.routing import Route

from pipeline import names
from pipeline.clock import LOCAL, local
from pipeline.documents.digest.sections import URGENT
from pipeline.formats import vn_date, vn_number
from pipeline.territory import Commune, communes_of
from store.queries import area as queries
from store.queries.area import A_WEEK, Counted, Place
from web.area_map import map_of, scale_of
from web.asking import DETECTED, KEPT_STATES, KIND, OPEN_STATES, STATE, SURE, TOPIC, UNIT
from web.permissions import Action
from web.visits import Visit, for_signed_in

LATELY = timedelta(days=30)
OPEN_NOW, FOUND_LATELY = "dang-mo", "30-ngay"
NONE = queries.Tally()
SOMEWHERE, ELSEWHERE = "Chưa rõ xã, phường", "Ngoài địa bàn hoặc chưa rõ nơi"


@dataclass(frozen=True)
class Row:
    """Of one commune, or of what lies in none."""

    code: str
    name: str
    issues: int
    urgent: int
    overdue: int
    change: int
    """against the week before"""
    link: str = ""
    """address of the list of these issues"""

    @property
    def told(self) -> str:
        urgent = f", {vn_number(self.urgent)} khẩn" if self.urgent else ""
        overdue = f", {vn_number(self.overdue)} quá hạn" if self.overdue else ""
        return f"{self.name}: {vn_number(self.issues)} vấn đề{urgent}{overdue}"

    @property
    def tells(self) -> bool:
        return bool(self.issues or self.change)


@dataclass(frozen=True)
class Figures:
    tallies: Mapping[Place, queries.Tally]
    change: Mapping[Place, int]

    def row(self, name: str, belongs: Callable[[Place], bool]) -> Row:
        mine = [tally for place, tally in self.tallies.items() if belongs(place)]
        return Row(
            "",
            name,
            sum(tally.issues for tally in mine),
            sum(tally.urgent for tally in mine),
            sum(tally.overdue for tally in mine),
            sum(count for place, count in self.change.items() if belongs(place)),
        )

    def of(self, province_code: str, commune: Commune, link: str) -> Row:
        place = (province_code, commune.code)
        tally = self.tallies.get(place, NONE)
        return Row(
            commune.code,
            commune.full_name,
            tally.issues,
            tally.urgent,
            tally.overdue,
            self.change.get(place, 0),
            link,
        )


SORTS: Mapping[str, Callable[[Row], int]] = {
    "so-vu": lambda row: -row.issues,
    "khan": lambda row: -row.urgent,
    "qua-han": lambda row: -row.overdue,
    "thay-doi": lambda row: -row.change,
    "ten": lambda _: 0,
}
"""By what the table is ordered, as the address has it; of equals by name."""


def area(visit: Visit) -> Response:
    desk, asked = visit.desk, visit.request.query_params
    topics = names.topics(desk.settings)
    topic = wanted if (wanted := asked.get("linh-vuc", "")) in topics else None
    what = FOUND_LATELY if asked.get("tinh") == FOUND_LATELY else OPEN_NOW
    order = wanted if (wanted := asked.get("xep", "")) in SORTS else "so-vu"
    # From a day's beginning on: so the list of what is counted can be asked for.
    since = datetime.combine(desk.today - LATELY, time(), LOCAL) if what == FOUND_LATELY else None
    counted = Counted(topic, since)
    with desk.store.read() as session:
        figures = _figures(session, counted, desk.clock())
    province = desk.settings.office.province
    list_of = _lists(visit, counted)
    known = {one.code: figures.of(province, one, list_of(one)) for one in communes_of(province)}
    drawing = map_of(province)
    drawn = {cell.commune.code for cell in drawing.cells}
    rest = _rest(figures, province, known)
    return visit.render(
        "area.html",
        now=desk.clock(),
        province=names.place_name(province),
        chosen={"linh-vuc": topic or "", "tinh": what, "xep": order},
        lately=what == FOUND_LATELY,
        map=drawing,
        scale=scale_of([known[code].issues for code in drawn]),
        known=known,
        rows=sorted(known.values(), key=SORTS[order]),
        rest=rest,
        all=_sum([*known.values(), *rest]),
        undrawn=[row for code, row in known.items() if code not in drawn],
        urgent_from=URGENT,
    )


def _figures(session: Session, counted: Counted, now: datetime) -> Figures:
    tallies = queries.tallies(session, counted, urgent_from=URGENT, now=now)
    if counted.since is not None:
        change = Counter({place: tally.last_week - tally.week_before for place, tally in tallies.items()})
    else:
        change = queries.change_of_old(session, counted.topic, now - A_WEEK)
        change.update({place: tally.last_week for place, tally in tallies.items()})
    return Figures(tallies, change)


def _lists(visit: Visit, counted: Counted) -> Callable[[Commune], str]:
    """The address of the list of just what is counted in a commune."""
    query = {SURE: "1", KIND: "can-tra-loi", TOPIC: counted.topic or "", STATE: OPEN_STATES}
    if counted.since is not None:
        query |= {STATE: KEPT_STATES, DETECTED: vn_date(local(counted.since))}
    asked = urlencode({name: value for name, value in query.items() if value})
    issues = visit.request.app.url_path_for("issues")
    return lambda commune: f"{issues}?{UNIT}={commune.code}&{asked}"


def _rest(figures: Figures, province: str, known: Mapping[str, Row]) -> list[Row]:
    """What lies in no commune of the office's; nothing is left out of the sum."""

    def somewhere(place: Place) -> bool:
        return place[0] == province and place[1] not in known

    found = [
        figures.row(SOMEWHERE, somewhere),
        figures.row(ELSEWHERE, lambda place: place[0] != province),
    ]
    return [row for row in found if row.tells]


def _sum(rows: Iterable[Row]) -> Row:
    told = list(rows)
    return Row(
        "",
        "Cộng",
        sum(row.issues for row in told),
        sum(row.urgent for row in told),
        sum(row.overdue for row in told),
        sum(row.change for row in told),
    )


def routes() -> list[Route]:
    return [Route("/dia-ban", for_signed_in(area, Action.VIEW_AREA), name="area")]
