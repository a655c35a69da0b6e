"""Which agency must answer: by the programme in force, topic, place and day. The most specific rule wins.

What cannot be decided goes nowhere: NoRoute says why and what to mend; the issue waits in a visible queue.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from nlp.units import load_units
from pipeline.channels.settings import AgencyDelivery
from pipeline.formats import unit_in_sentence, vn_date
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
    delivery: AgencyDelivery

    @property
    def address(self) -> str | None:
        """Where its channel leads: a mailbox, a folder below drop_folder, a system's address."""
        if self.delivery.channel == "mail":
            return self.email
        if self.delivery.channel == "webhook":
            return self.delivery.url
        return self.key.replace(":", "-")


@dataclass(frozen=True)
class Routing:
    lead: Recipient
    co: tuple[Recipient, ...]
    rule: str
    """which rule, and why this one"""
    programme: Programme
    without_co: str | None = None
    """why a co-agency that the rule names cannot be written to, and what to mend"""


Lack = Literal["programme", "place", "outside", "rule", "equal", "commune", "agency", "contact"]


@dataclass(frozen=True)
class NoRoute:
    """Why nobody can be written to, and what to mend: two sentences for the analyst."""

    lack: Lack
    what: str
    remedy: str

    @property
    def reason(self) -> str:
        return f"{self.what} {self.remedy}"


def programme_on(settings: Settings, day: date) -> Programme | None:
    """The programme in force on `day`; of two, the one that began later."""
    running = [programme for programme in settings.programmes if programme.holds_on(day)]
    return max(running, key=lambda programme: programme.valid_from, default=None)


def find_route(
    settings: Settings, topic: str, province_code: str | None, commune_code: str | None, day: date
) -> Routing | NoRoute:
    programme = programme_on(settings, day)
    if programme is None:
        return NoRoute(
            "programme",
            "Không có chương trình phối hợp nào có hiệu lực.",
            "Người vận hành ghi chương trình đã ký vào mục programmes của config.yaml.",
        )
    if province_code is None:
        return NoRoute("place", "Chưa rõ địa bàn của vụ việc.", "Hãy chọn xã, phường hoặc tỉnh, thành phố.")
    if province_code != settings.office.province:
        return NoRoute(
            "outside",
            f"Vụ việc ở {place_name(province_code)}, ngoài địa bàn của cơ quan.",
            "Hãy sửa địa bàn, hoặc kết thúc với kết quả “không thuộc thẩm quyền”.",
        )
    rules = matching_rules(settings, topic, commune_code, day)
    if len(rules) != 1:
        return _no_rule(settings, topic, rules, day)
    own = next((one for one in settings.programmes if one.key == rules[0].programme), programme)
    return _resolve(settings, own, rules[0], commune_code, day)


def matching_rules(settings: Settings, topic: str, commune_code: str | None, day: date) -> list[Route]:
    """The most specific rules that hold on the day; several are equal, and none of them wins.

    A rule for the commune goes before those for the whole province; of rules for the same place, one bound
    to a programme goes before those that hold under any.
    """
    holding = _holding(settings, topic, commune_code, day)
    best = max((_specificity(settings, route) for route in holding), default=None)
    return [route for route in holding if _specificity(settings, route) == best]


def _holding(settings: Settings, topic: str, commune_code: str | None, day: date) -> list[Route]:
    running = {programme.key for programme in settings.programmes if programme.holds_on(day)}
    places = {None, settings.office.province, commune_code}
    return [
        route
        for route in settings.routes
        if route.topic == topic
        and route.holds_on(day)
        and route.place in places
        and (route.programme is None or route.programme in running)
    ]


def _specificity(settings: Settings, route: Route) -> tuple[bool, bool]:
    return route.place not in (None, settings.office.province), route.programme is not None


def _no_rule(settings: Settings, topic: str, equal: Sequence[Route], day: date) -> NoRoute:
    name = topic_name(settings, topic)
    if not equal:
        return NoRoute(
            "rule",
            f"Chưa có quy tắc chuyển nào có hiệu lực cho lĩnh vực “{name}”.",
            "Người vận hành thêm quy tắc vào mục routes của config.yaml.",
        )
    leads = ", ".join(dict.fromkeys(_lead_name(settings, rule, day) for rule in equal))
    return NoRoute(
        "equal",
        f"Có {len(equal)} quy tắc chuyển ngang nhau cho lĩnh vực “{name}” (chủ trì: {leads}).",
        "Người vận hành sửa mục routes của config.yaml: ghi ngày hết hiệu lực cho quy tắc cũ, hoặc giới hạn "
        "một quy tắc vào một địa bàn.",
    )


def _lead_name(settings: Settings, rule: Route, day: date) -> str:
    if rule.lead == COMMUNE:
        return "UBND cấp xã nơi xảy ra"
    lead = recipient(settings, rule.lead, day)
    return lead.name if lead else rule.lead


def _resolve(
    settings: Settings, programme: Programme, rule: Route, commune_code: str | None, day: date
) -> Routing | NoRoute:
    lead = recipient(settings, rule.lead, day, commune_code)
    if lead is None:
        return _absent(rule.lead)
    if lead.address is None:
        return no_contact(lead.name)
    found = {key: recipient(settings, key, day, commune_code) for key in rule.co if key != rule.lead}
    co = tuple(agency for agency in found.values() if agency and agency.address and agency.key != lead.key)
    # What hinders the letter to a co-agency must not stop the one to the lead; it is told beside it.
    hindered = [
        no_contact(agency.name) if agency else _absent(key)
        for key, agency in found.items()
        if agency is None or agency.address is None
    ]
    # The commune is a co-agency where it is known; in the whole province there is none to write to.
    told = [lack for lack in hindered if lack.lack != "commune"]
    without_co = " ".join(f"Cơ quan phối hợp: {lack.reason}" for lack in told) or None
    return Routing(lead, co, _in_words(settings, rule, lead, commune_code, day), programme, without_co)


def _in_words(settings: Settings, rule: Route, lead: Recipient, commune_code: str | None, day: date) -> str:
    where = place_name(rule.place) if rule.place else "toàn địa bàn"
    since = f"từ {vn_date(rule.valid_from)}"
    until = f" đến {vn_date(rule.valid_to)}" if rule.valid_to else ""
    words = f"{topic_name(settings, rule.topic)}, {where}: {lead.name} chủ trì ({since}{until})"
    others = len(_holding(settings, rule.topic, commune_code, day)) - 1
    if not others:
        return f"{words}; quy tắc duy nhất áp dụng"
    by_place, by_programme = _specificity(settings, rule)
    why = "riêng cho địa bàn này" if by_place else "riêng cho chương trình này"
    if by_place and by_programme:
        why = "riêng cho địa bàn và chương trình này"
    return f"{words}; quy tắc {why}, ưu tiên hơn {others} quy tắc chung hơn"


def no_contact(name: str) -> NoRoute:
    return NoRoute(
        "contact",
        f"{name} chưa có địa chỉ nhận của đầu mối.",
        "Người vận hành ghi địa chỉ đầu mối vào mục agencies (hoặc communes) của config.yaml.",
    )


def _absent(key: str) -> NoRoute:
    if key == COMMUNE:
        return NoRoute(
            "commune",
            "Chưa rõ xã, phường nên chưa xác định được UBND cấp xã phải trả lời.",
            "Hãy chọn xã, phường.",
        )
    return NoRoute(
        "agency",
        f"Cơ quan “{key}” không còn hoặc chưa có trong cấu hình.",
        "Người vận hành sửa mục agencies của config.yaml, hoặc ghi cơ quan thay thế vào mục routes.",
    )


def recipient(settings: Settings, key: str, day: date, commune_code: str | None = None) -> Recipient | None:
    """The agency of that key on that day; "commune" is the issue's own, "commune:00004" a given one."""
    if key == COMMUNE or key.startswith(f"{COMMUNE}:"):
        return _commune(settings, key.partition(":")[2] or commune_code)
    for agency in settings.agencies:
        if agency.key == key and agency.holds_on(day):
            return Recipient(
                key, agency.name, agency.leader_post, agency.contact_unit, agency.email, agency.delivery
            )
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
        delivery=AgencyDelivery(channel=pattern.channel),
    )
