"""Jinja2 templates that ship in `templates/`."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from pipeline.formats import vn_date, vn_datetime, vn_number, vn_short_datetime, vn_time

TEMPLATES = Path(__file__).parent / "templates"

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(TEMPLATES),
    autoescape=select_autoescape(["html.j2"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.filters.update(
    vn_date=vn_date,
    vn_datetime=vn_datetime,
    vn_number=vn_number,
    vn_short_datetime=vn_short_datetime,
    vn_time=vn_time,
)


def render(template: str, **values: Any) -> str:
    return _ENVIRONMENT.get_template(template).render(**values)
