"""Where an article's problem lies: one unit where the text settles it, candidates where it does not."""

from dataclasses import dataclass
from typing import Any, Protocol

from pipeline.names import place_name, unit_codes


@dataclass(frozen=True)
class Location:
    province: str | None
    """None where the text names none, or several"""
    provinces: frozenset[str]
    commune: str | None
    candidates: tuple[str, ...]
    """communes the text may mean; one where `commune` is known"""
    name: str | None


NOWHERE = Location(None, frozenset(), None, (), None)


class Text(Protocol):
    """What an article says, as far as a place is named in it."""

    @property
    def title(self) -> str: ...
    @property
    def lead(self) -> str | None: ...
    @property
    def outlet_area(self) -> str | None: ...


class Named(Protocol):
    """A finding, or who else names places."""

    @property
    def places(self) -> list[dict[str, Any]]: ...


def locate(article: Text, finding: Named) -> Location:
    """The places of the title settle it before those of the lead, those before the body's.

    A province that the title alone names settles the province: the others are where victims come from or
    whose police comments. An outlet that writes about one area is taken to mean that area when its text
    names none.
    """
    places = _of_the_titles_province(article.title, finding.places)
    for text in (article.title, f"{article.title}\n{article.lead or ''}", None):
        named = [place for place in places if text is None or place["as_written"] in text]
        if any(place["level"] != "province" for place in named):
            return _of(named)
    if places:
        return _of(places)
    codes = unit_codes(article.outlet_area) if article.outlet_area else None
    if codes is None or article.outlet_area is None:
        return NOWHERE
    area, commune = codes
    candidates = (commune,) if commune else ()
    return Location(area, frozenset({area}), commune, candidates, place_name(article.outlet_area))


def _of_the_titles_province(title: str, places: list[dict[str, Any]]) -> list[dict[str, Any]]:
    named = {place["province_code"] for place in places if place["as_written"] in title} - {None}
    if len(named) != 1:
        return places
    return [place for place in places if place["province_code"] in (None, *named)]


def _communes(places: list[dict[str, Any]]) -> list[str]:
    """Those named by a name that means one alone; where there is none, all that the names may mean."""
    told = [place["code"] for place in places if place["level"] == "commune" and place["code"]]
    meant = [code for place in places for code in place.get("candidates", ())]
    return list(dict.fromkeys(told or meant))


def _of(places: list[dict[str, Any]]) -> Location:
    communes = _communes(places)
    provinces = {place["province_code"] for place in places if place["province_code"]}
    province = min(provinces) if len(provinces) == 1 else None
    commune = communes[0] if len(communes) == 1 else None
    return Location(
        province, frozenset(provinces), commune, tuple(communes), _name(province, communes, places)
    )


def _name(province: str | None, communes: list[str], places: list[dict[str, Any]]) -> str | None:
    """The unit's own name; where the text may mean several, the name that the text uses."""
    if len(communes) == 1:
        return place_name(communes[0])
    if communes:
        narrow = next(place for place in places if place["level"] != "province")
        return str(narrow["name"])
    return place_name(province) if province else None
