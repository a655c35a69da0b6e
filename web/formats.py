"""How the desk's tables and forms write moments and numbers of days."""

from datetime import datetime

from pipeline.clock import local
from pipeline.formats import vn_date, vn_time


def vn_moment(moment: datetime) -> str:
    """22/11/2026 07:05: in a column the day comes first."""
    return f"{vn_date(local(moment))} {vn_time(moment)}"


def iso_minute(moment: datetime) -> str:
    """2026-11-22T07:05, as <input type="datetime-local"> takes it."""
    return f"{local(moment):%Y-%m-%dT%H:%M}"
