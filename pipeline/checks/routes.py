"""Can every topic be brought to an agency, on every day of the coming year?"""

from collections.abc import Iterator, Sequence
from datetime import date

from nlp.units import load_units
from pipeline.checks.gaps import Gap, gaps
from pipeline.checks.problem import Problem, since
from pipeline.checks.spans import spans_of, stretches
from pipeline.names import place_name
from pipeline.routing import COMMUNE, recipient
from pipeline.settings import Settings

SHOWN_PLACES = 3


def check_routes(settings: Settings, today: date) -> Iterator[Problem]:
    for gap in gaps(settings, today):
        yield _no_rule(gap, today) if not gap.leads else _equal_rules(gap, today)


def _no_rule(gap: Gap, today: date) -> Problem:
    first, *others = gap.topics
    also = f", and the like for {', '.join(others)}" if others else ""
    return Problem(
        since(gap.span.first, today),
        f"{_named(gap.topics)} {'are' if others else 'is'} referred to no agency {gap.span}",
        f"add a route with topic: {first} and valid_from: {gap.span.first} under routes in config.yaml{also}",
    )


def _equal_rules(gap: Gap, today: date) -> Problem:
    where = _in_places([place for place in gap.places if place])
    rules = f"{'has' if len(gap.topics) == 1 else 'have each'} {len(gap.leads)} equal rules{where}"
    return Problem(
        since(gap.span.first, today),
        f"{_named(gap.topics)} {rules} {gap.span} ({', '.join(gap.leads)})",
        "under routes in config.yaml end one with valid_to before the other begins, or limit one to a place",
    )


def _named(keys: Sequence[str]) -> str:
    return f"{'topic' if len(keys) == 1 else 'topics'} {', '.join(repr(key) for key in keys)}"


def _in_places(codes: Sequence[str]) -> str:
    if not codes:
        return ""
    shown = ", ".join(f"{place_name(code)} ({code})" for code in codes[:SHOWN_PLACES])
    more = f" and {len(codes) - SHOWN_PLACES} more communes" if len(codes) > SHOWN_PLACES else ""
    return f" in {shown}{more}"


def check_agencies(settings: Settings, today: date) -> Iterator[Problem]:
    for key in sorted({key for route in settings.routes for key in (route.lead, *route.co)}):
        yield from _existence(settings, key, today)
        yield from _contact(settings, key, today)
    yield from _doubles(settings)


def _existence(settings: Settings, key: str, today: date) -> Iterator[Problem]:
    """Rules that name an agency on days on which there is none of that key."""
    if key == COMMUNE:
        return

    def orphans(day: date) -> tuple[str, ...]:
        if recipient(settings, key, day) is not None:
            return ()
        naming = [
            route for route in settings.routes if route.holds_on(day) and key in (route.lead, *route.co)
        ]
        return tuple(sorted({route.topic for route in naming}))

    for found, span in stretches(spans_of(settings, today), orphans):
        if found:
            yield Problem(
                since(span.first, today),
                f"agency {key!r} does not exist {span}, but routes of {', '.join(found)} name it then",
                f"extend valid_to of agency {key!r} in config.yaml, or end these routes and name "
                "its successor",
            )


def _contact(settings: Settings, key: str, today: date) -> Iterator[Problem]:
    if key == COMMUNE:
        communes = settings.communes
        without = communes.email is None and communes.channel == "mail"
        where = "communes: email in config.yaml, with {code} in it"
    else:
        entries = [agency for agency in settings.agencies if agency.key == key]
        current = [agency for agency in entries if agency.valid_to is None or agency.valid_to >= today]
        without = any(agency.email is None and agency.delivery.channel == "mail" for agency in current)
        where = f"email of agency {key!r} under agencies in config.yaml"
    if not without:
        return
    leads = any(route.lead == key for route in settings.routes)
    yield Problem(
        "error" if leads else "warning",
        f"agency {key!r} has no contact address: "
        + ("its issues go nowhere" if leads else "it gets no letter as a co-agency"),
        f"ask the agency for its contact unit's mailbox and write it as {where}, "
        "or name another channel by which it is reached",
    )


def _doubles(settings: Settings) -> Iterator[Problem]:
    for number, agency in enumerate(settings.agencies):
        for other in settings.agencies[:number]:
            apart = (other.valid_to and other.valid_to < agency.valid_from) or (
                agency.valid_to and agency.valid_to < other.valid_from
            )
            if agency.key == other.key and not apart:
                yield Problem(
                    "error",
                    f"agency {agency.key!r} stands twice under agencies for the same days",
                    "remove one in config.yaml, or end the older with valid_to before the newer begins",
                )


def check_places(settings: Settings) -> Iterator[Problem]:
    province = settings.office.province
    for name, code in (("office.province", province), ("nlp.home_province", settings.nlp.home_province)):
        unit = load_units().get(code) if code else None
        if unit is None and name == "nlp.home_province":
            yield Problem(
                "warning",
                "nlp.home_province is not set: a commune's name found in several provinces stays undecided",
                f'write home_province: "{province}" under nlp in config.yaml',
            )
        elif unit is None or unit.level != "province":
            yield Problem(
                "error",
                f"{name} {code!r} is no province",
                f"write a province's code as {name} in config.yaml",
            )
    for number, route in enumerate(settings.routes):
        unit = load_units().get(route.place) if route.place else None
        if unit is not None and province not in (unit.code, unit.province_code):
            yield Problem(
                "warning",
                f"routes[{number}] ({route.topic}) is for {unit.full_name} ({unit.code}), "
                "outside the office's province: it never applies",
                f"correct place of routes[{number}] in config.yaml, or remove the route",
            )
