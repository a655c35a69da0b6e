"""Names of topics, units and agencies, for rooms that may not ask nlp."""

from datetime import date
from functools import cache

from nlp.taxonomy import load_taxonomy
from nlp.units import Unit, load_units
from pipeline.alphabet import in_alphabet
from pipeline.settings import Settings

KINDS = ("Phường", "Xã")
URGENCY_IN_WORDS = {
    4: "nguy hiểm đến tính mạng",
    3: "nghiêm trọng, kéo dài",
    2: "bức xúc rõ",
    1: "nhẹ",
    0: "không phải bức xúc",
}
OUTCOME_IN_WORDS = {
    "fixed": "đã khắc phục",
    "explained": "đã giải thích",
    "planned": "có kế hoạch, có thời hạn",
    "not_competent": "không thuộc thẩm quyền",
    "no_action": "không xử lý",
}


def topics(settings: Settings) -> dict[str, str]:
    """Vietnamese names by key, in the taxonomy's order."""
    return {key: topic.name for key, topic in load_taxonomy(settings.nlp.taxonomy).topics.items()}


def topic_name(settings: Settings, key: str) -> str:
    return topics(settings).get(key, key)


def place_name(code: str) -> str:
    """Full name of a unit in force; the code itself where there is none."""
    unit = load_units().get(code)
    return unit.full_name if unit else code


def units_of(province_code: str) -> list[tuple[str, str]]:
    """Code and full name of every commune of a province: phường, xã, đặc khu, each by name."""
    return list(_by_name(province_code))


@cache
def _by_name(province_code: str) -> tuple[tuple[str, str], ...]:
    units = load_units().communes(province_code)
    return tuple(
        (unit.code, unit.full_name)
        for unit in sorted(units, key=lambda one: (_kind(one), in_alphabet(one.name)))
    )


def _kind(unit: Unit) -> int:
    return next((n for n, kind in enumerate(KINDS) if unit.full_name.startswith(kind)), len(KINDS))


def agencies_of(settings: Settings, day: date) -> list[tuple[str, str]]:
    """Key and name of every configured agency that exists on the day."""
    return [(agency.key, agency.name) for agency in settings.agencies if agency.holds_on(day)]


def unit_codes(code: str) -> tuple[str, str | None] | None:
    """Province and commune code of a unit in force; the commune is None where the unit is a province."""
    unit = load_units().get(code)
    if unit is None:
        return None
    return (unit.code, None) if unit.level == "province" else (unit.province_code, unit.code)
