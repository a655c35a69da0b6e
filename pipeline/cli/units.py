"""`dansinh units`: codes of places, for whoever writes config.yaml."""

import click

from pipeline.cli.invocation import FINISHED_WITH_FAILURES, Invocation, common_options


@click.command()
@click.argument("name")
@common_options
def units(invocation: Invocation, name: str) -> None:
    """Look up the code of a province, commune, ward or special zone in force today; diacritics optional."""
    from nlp.units import load_units

    table = load_units()
    found = table.find_name(name)
    for unit in found:
        province = table.get(unit.province_code)
        within = f", {province.full_name}" if province and province.code != unit.code else ""
        invocation.say(f"{unit.code}  {unit.full_name}{within}")
    invocation.give(
        [
            {
                "code": unit.code,
                "name": unit.full_name,
                "level": unit.level,
                "province_code": unit.province_code,
            }
            for unit in found
        ]
    )
    if not found:
        invocation.complain(f"no unit in force is called {name!r}")
        raise SystemExit(FINISHED_WITH_FAILURES)
