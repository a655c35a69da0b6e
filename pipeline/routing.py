"""Which agency must answer: by the programme in force, topic, place and day. The most specific rule wins.

What cannot be decided goes nowhere: NoRoute says why, and the issue waits in a visible queue.
"""

from dataclasses import dataclass
from datetime import date

from nlp.units import load_units
from pipeline.formats import unit_in_sentence
from pipeline.names import place_name, topic_name
from pipeline.settings import Programme, Route, Settings

COMMUNE = "commune"


@dataclass(frozen=True)
class Recipient:
    """An agency as it is written to: posts and units, not persons."""

    key: str
    name: str
    leader_post: str
    contact_unit: str
    email: str | None


@dataclass(frozen=True)
class Routing:
    lead: Recipient
    co: tuple[Recipient, ...]
    rule: str
    programme: Programme


@dataclass(frozen=True)
class NoRoute:
    """Why nobody can be written to, as a sentence for the analyst."""

    reason: str


def programme_on(settings: Settings, day: date) -> Programme | None:
    """The programme in force on `day`; of two, the one that began later."""
    running = [programme for programme in settings.programmes if programme.holds_on(day)]
    return max(running, key=lambda programme: programme.valid_from, default=None)


def find_route(
    settings: Settings, topic: str, province_code: str | None, commune_code: str | None, day: date
) -> Routing | NoRoute:
    programme = programme_on(settings, day)
    if programme is None:
        return NoRoute(f"Không có chương trình phối hợp nào có hiệu lực ngày {day:%d/%m/%Y}.")
    if province_code is None:
        return NoRoute("Chưa rõ địa bàn của vụ việc; hãy chọn xã, phường hoặc tỉnh, thành phố.")
    if province_code != settings.office.province:
        return NoRoute(f"Vụ việc ở {place_name(province_code)}, ngoài địa bàn của cơ quan.")
    rules = matching_rules(settings, topic, commune_code, day)
    if not rules:
        name = topic_name(settings, topic)
        return NoRoute(f"Chưa có quy tắc chuyển cho lĩnh vực “{name}” vào ngày {day:%d/%m/%Y}.")
    if len(rules) > 1:
        leads = ", ".join(sorted({rule.lead for rule in rules}))
        return NoRoute(f"Có {len(rules)} quy tắc chuyển ngang nhau ({leads}); cần chọn một.")
    return _resolve(settings, programme, rules[0], commune_code, day)


def matching_rules(settings: Settings, topic: str, commune_code: str | None, day: date) -> list[Route]:
    """The most specific rules that hold: those for the commune before those for the whole province."""
    holding = [route for route in settings.routes if route.topic == topic and route.holds_on(day)]
    province = {None, settings.office.province}
    for places in ({commune_code} - province, province):
        if rules := [route for route in holding if route.place in places]:
            return rules
    return []


def _resolve(
    settings: Settings, programme: Programme, rule: Route, commune_code: str | None, day: date
) -> Routing | NoRoute:
    lead = recipient(settings, rule.lead, day, commune_code)
    if lead is None:
        return NoRoute(_absent(rule.lead, day))
    if lead.email is None:
        return NoRoute(f"{lead.name} chưa có địa chỉ nhận của đầu mối.")
    found = [recipient(settings, key, day, commune_code) for key in rule.co]
    # A co-agency that is unknown or has no address must not stop the letter to the lead;
    # `dansinh check` names it.
    co = tuple(agency for agency in found if agency and agency.email and agency.key != lead.key)
    where = place_name(rule.place) if rule.place else "toàn địa bàn"
    since = f"từ {rule.valid_from:%d/%m/%Y}"
    until = f" đến {rule.valid_to:%d/%m/%Y}" if rule.valid_to else ""
    words = f"{topic_name(settings, rule.topic)}, {where}: {lead.name} chủ trì ({since}{until})"
    return Routing(lead, co, words, programme)


def _absent(key: str, day: date) -> str:
    if key == COMMUNE:
        return "Chưa rõ xã, phường nên chưa xác định được UBND cấp xã phải trả lời."
    return f"Cơ quan “{key}” không còn hoặc chưa có vào ngày {day:%d/%m/%Y}."


def recipient(settings: Settings, key: str, day: date, commune_code: str | None = None) -> Recipient | None:
    """The agency of that key on that day; "commune" is the issue's own, "commune:00004" a given one."""
    if key == COMMUNE or key.startswith(f"{COMMUNE}:"):
        return _commune(settings, key.partition(":")[2] or commune_code)
    for agency in settings.agencies:
        if agency.key == key and agency.holds_on(day):
            return Recipient(key, agency.name, agency.leader_post, agency.contact_unit, agency.email)
    return None


def _commune(settings: Settings, code: str | None) -> Recipient | None:
    unit = load_units().get(code) if code else None
    if unit is None or unit.level != "commune":
        return None
    names = {"name": unit_in_sentence(unit.full_name), "code": unit.code}
    pattern = settings.communes
    return Recipient(
        key=f"{COMMUNE}:{unit.code}",
        name=pattern.name.format(**names),
        leader_post=pattern.leader_post.format(**names),
        contact_unit=pattern.contact_unit.format(**names),
        email=pattern.email.format(**names) if pattern.email else None,
    )
