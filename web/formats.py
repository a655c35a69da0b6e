"""How the desk's tables and forms write moments and days.

Forms take them as text: a browser's own date field follows the browser's language, and an official who
reads 11/12 as the eleventh of December must not be given the twelfth of November.
"""

import re
from datetime import date, datetime

from pipeline.clock import LOCAL
from pipeline.formats import vn_date, vn_time

YEARS = range(1990, 2101)
DATE_PATTERN = r"\s*[0-9]{1,2}[\/.\- ][0-9]{1,2}[\/.\- ][0-9]{4}\s*"
MOMENT_PATTERN = r"\s*[0-9]{1,2}/[0-9]{1,2}/[0-9]{4} +[0-9]{1,2}:[0-9]{2}\s*"


def vn_moment(moment: datetime) -> str:
    """22/11/2026 07:05: in a column the day comes first."""
    return f"{vn_date(moment)} {vn_time(moment)}"


def read_moment(text: str) -> datetime:
    """Raises ValueError for what is no local moment written so, or not of our time."""
    return _of_our_time(datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=LOCAL))


def read_date(text: str) -> date:
    """22/11/2026; also 22.11.2026, 22-11-2026 and 22 11 2026: not every keyboard of a telephone has a slash.

    Raises ValueError, also for a day that is not of our time.
    """
    written = re.sub(r"[.\- ]", "/", text.strip())
    return _of_our_time(datetime.strptime(written, "%d/%m/%Y").replace(tzinfo=LOCAL)).date()


def _of_our_time(moment: datetime) -> datetime:
    """A slip of the finger in the year would reckon with millennia of working days, or with none at all."""
    if moment.year not in YEARS:
        raise ValueError("not of our time")
    return moment
