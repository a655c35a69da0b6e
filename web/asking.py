"""What a list of issues is asked for: its address says all of it, so that it can be sent to a colleague."""

import re
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from pipeline import names
from pipeline.asked_units import AskedUnit, OtherUnit, asked_unit, old_places
from pipeline.clock import LOCAL
from pipeline.formats import vn_date
from pipeline.settings import Settings
from pipeline.states import ISSUE
from store.queries.desk import OPEN
from store.queries.registers import HIDDEN
from store.queries.search import IssueFilter
from store.texts import keepable
from store.wording import terms
from web.formats import read_date

WORDS, STATE, KIND, TOPIC, UNIT, SURE, AGENCY, OUTLET, FROM, UNTIL, DETECTED, ORDER, PAGE = FIELDS = (
    "q", "tinh-trang", "loai", "linh-vuc", "dia-ban", "ro-noi", "co-quan", "bao", "tu", "den", "phat-hien-tu",
    "xep", "trang",
)  # fmt: skip
OPEN_STATES, ALL_STATES, KEPT_STATES = "dang-mo", "tat-ca", "khong-bo"
STATES = {OPEN_STATES: OPEN, ALL_STATES: (), KEPT_STATES: tuple(one for one in ISSUE if one not in HIDDEN)}
STATES_IN_WORDS = {
    OPEN_STATES: "đang mở", ALL_STATES: "tất cả", KEPT_STATES: "tất cả, trừ đã bỏ qua, đã gộp"
}  # fmt: skip
KINDS = {"can-tra-loi": "concern", "guong-tot": "commendation"}
BEST, NEWEST = "sat-nhat", "moi-nhat"
MAX_LENGTH = 300
QUOTES = '"“”„«» '
MOST_NAMED = 12
"""more units are counted"""
_NUMBER = re.compile(r"(?:(?:v[ấa]n [đd][ềe] )?(?:số|so)|#|)\s*([0-9]{1,9})", re.IGNORECASE)


@dataclass
class Asked:
    """A question as it came and as it was understood."""

    fields: Mapping[str, str]
    """as the address has them"""
    wanted: IssueFilter
    notes: list[str] = field(default_factory=list)
    """how it was understood, where that is not plain"""
    problems: list[str] = field(default_factory=list)
    """what could not be understood; nothing is found then"""
    others: tuple[OtherUnit, ...] = ()
    """what else the unit's name may mean"""
    taken: str = ""
    """that of the notes which says for which of them it was taken"""
    old_places: Sequence[str] = ()
    """names of before, to choose from"""
    old_unit: str = ""
    """where the words are the name a unit once had: what it is now part of"""

    @property
    def number(self) -> int | None:
        """Of an issue, where the question is one."""
        match = _NUMBER.fullmatch(self.fields[WORDS])
        return int(match[1]) if match and int(match[1]) < 2**31 else None

    @property
    def is_filtered(self) -> bool:
        """By more than words and states."""
        return any(self.fields[name] for name in (KIND, TOPIC, UNIT, AGENCY, OUTLET, FROM, UNTIL, DETECTED))

    @property
    def page(self) -> int:
        written = self.fields[PAGE]
        return max(1, min(int(written), 1_000_000)) if written.isascii() and written.isdigit() else 1

    def __getitem__(self, name: str) -> str:
        return self.fields[name]

    def address(self, **changed: object) -> dict[str, str]:
        """Of the same list, without what says nothing."""
        merged = {**self.fields, **{name: str(value) for name, value in changed.items()}}
        return {name: value for name, value in merged.items() if value and (name, value) != (PAGE, "1")}


def asked(parameters: Mapping[str, str], settings: Settings, usual_states: str) -> Asked:
    fields = {name: keepable(parameters.get(name, "")).strip()[:MAX_LENGTH] for name in FIELDS}
    problems = _not_understood(fields, settings)
    fields[STATE] = fields[STATE] or usual_states
    fields[UNIT] = _name_of(fields[UNIT].strip(QUOTES))
    fields[ORDER] = NEWEST if fields[ORDER] == NEWEST else BEST
    found = Asked(fields, IssueFilter(), problems=problems, old_places=old_places(settings.office.province))
    first, last = _day(found, FROM), _day(found, UNTIL)
    if first and last and last < first:
        found.problems.append(f"Ngày đầu ({vn_date(first)}) sau ngày cuối ({vn_date(last)}): hãy đổi lại.")
    found.wanted = IssueFilter(
        question=_question(found),
        states=STATES.get(fields[STATE], (fields[STATE],)),
        kind=KINDS.get(fields[KIND]),
        topic=fields[TOPIC] or None,
        commune_codes=_communes(found, settings),
        sure_of_commune=bool(fields[SURE]),
        agency_key=fields[AGENCY] or None,
        outlet_key=fields[OUTLET] or None,
        since=_beginning(first),
        before=_beginning(last, days=1),
        detected_since=_beginning(_day(found, DETECTED)),
        best_first=fields[ORDER] == BEST,
    )
    found.old_unit = _old_unit(found, settings)
    _tell_unlisted(found, settings)
    return found


def _not_understood(fields: dict[str, str], settings: Settings) -> list[str]:
    """What is no choice, which is left out of the fields: nothing is to be found then, not all."""
    choices: dict[str, tuple[str, Container[str]]] = {
        STATE: ("tình trạng", (*ISSUE, *STATES)),
        KIND: ("loại", KINDS),
        TOPIC: ("lĩnh vực", names.topics(settings)),
    }
    problems = []
    for name, (label, known) in choices.items():
        if fields[name] and fields[name] not in known:
            problems.append(f"Không có {label} “{fields[name]}”. Hãy chọn trong danh sách rồi tìm lại.")
            fields[name] = ""
    return problems


def _tell_unlisted(found: Asked, settings: Settings) -> None:
    """Of an agency or outlet that the settings no longer name; there may be issues of it all the same."""
    agencies = {agency.key for agency in settings.agencies}
    outlets = {outlet.key for outlet in settings.crawler.outlets}
    for name, label, known in ((AGENCY, "cơ quan", agencies), (OUTLET, "báo, cổng thông tin", outlets)):
        if found.fields[name] and found.fields[name] not in known:
            found.notes.append(f"Danh mục hiện nay không có {label} “{found.fields[name]}”.")


def _name_of(unit: str) -> str:
    """Maps and messages name a unit by its code; people read and write its name."""
    return names.place_name(unit) if unit.isascii() and unit.isdigit() else unit


def _question(found: Asked) -> str:
    question = found.fields[WORDS]
    if question and not terms(question):
        found.problems.append(f"“{question}” không có chữ hay số nào để tìm. Hãy ghi một vài từ.")
    return question


def _communes(found: Asked, settings: Settings) -> tuple[str, ...] | None:
    written = found.fields[UNIT]
    if not written:
        return None
    unit = asked_unit(written, settings.office.province)
    found.others = unit.others
    province = names.place_name(settings.office.province)
    if not unit.known:
        found.problems.append(
            f"Không có xã, phường, quận, huyện nào tên “{written}” ở {province} trong danh mục, "
            "kể cả tên cũ. Hãy chọn tên trong danh sách gợi ý."
        )
        return None
    _tell_unit(found, unit, province)
    return None if unit.is_province else unit.codes


def _old_unit(found: Asked, settings: Settings) -> str:
    """Where words are looked for that are the name a unit once had: what it is now part of."""
    words = found.fields[WORDS].strip(QUOTES)
    if not words or found.fields[UNIT]:
        return ""
    unit = asked_unit(words, settings.office.province)
    if not (unit.codes and unit.old_names):
        return ""
    return f"{', '.join(unit.old_names)} {_now(unit, names.place_name(settings.office.province))}."


def _tell_unit(found: Asked, unit: AskedUnit, province: str) -> None:
    if unit.other_type:
        known = ", ".join(unit.names)
        found.notes.append(f"Danh mục không có “{found.fields[UNIT]}”; danh sách này là của: {known}.")
    if unit.old_names:
        without = (
            f" Vấn đề chỉ biết ở {province}, chưa rõ nơi nào, không có trong đó."
            if unit.is_old_province and unit.codes
            else ""
        )
        old = ", ".join(unit.old_names)
        found.notes.append(
            f"{old} là tên cũ; {_now(unit, province)}. Danh sách gồm toàn bộ các đơn vị này.{without}"
        )
    elif unit.others and found.fields[UNIT].casefold() not in map(str.casefold, unit.names):
        found.taken = f"“{found.fields[UNIT]}” được hiểu là {', '.join(unit.names)} hiện nay."
        found.notes.append(found.taken)
    elif len(unit.codes) > 1:
        found.notes.append(f"Tên này là của: {', '.join(map(names.place_name, unit.codes))}.")


def _now(unit: AskedUnit, province: str) -> str:
    """What has become of an old unit."""
    if not unit.codes:
        return f"nay là: {province}"
    if len(unit.codes) > MOST_NAMED:
        return f"nay thuộc {len(unit.codes)} đơn vị cấp xã của {province}"
    return f"nay thuộc: {', '.join(map(names.place_name, unit.codes))}"


def _day(found: Asked, name: str) -> date | None:
    written = found.fields[name]
    try:
        return read_date(written) if written else None
    except ValueError:
        found.problems.append(f"“{written}” không phải là ngày. Hãy ghi ngày như 22/11/2026.")
        return None


def _beginning(day: date | None, days: int = 0) -> datetime | None:
    """Local midnight."""
    return None if day is None else datetime.combine(day + timedelta(days=days), time(), LOCAL)


def in_words(
    found: Asked, topics: Mapping[str, str], states: Mapping[str, str], kinds: Mapping[str, str]
) -> str:
    """What was asked for, to stand above a list that is taken away."""
    chosen = STATES_IN_WORDS.get(found[STATE]) or states[found[STATE]]
    parts = [f"tình trạng: {chosen}"]
    labels = {
        WORDS: "từ tìm", UNIT: "địa bàn", AGENCY: "cơ quan", OUTLET: "báo", FROM: "từ", UNTIL: "đến",
        DETECTED: "phát hiện từ",
    }  # fmt: skip
    parts += [f"{label}: {found[name]}" for name, label in labels.items() if found[name]]
    if found.wanted.kind:
        parts.append(f"loại: {kinds[found.wanted.kind]}")
    if found.wanted.sure_of_commune:
        parts.append("đã rõ xã, phường")
    if found.wanted.topic:
        parts.append(f"lĩnh vực: {topics[found.wanted.topic]}")
    return "; ".join(parts)
