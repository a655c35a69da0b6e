"""Errors of PostgreSQL without the values it adds to them: they may be words of a mail."""

import re

from sqlalchemy.engine import ExceptionContext

_QUOTED = re.compile(r'"[^"]*"')
_DATA_EXCEPTION = "22"
"""class of SQLSTATE whose first line quotes the value itself"""


def tell_no_values(context: ExceptionContext) -> None:
    """Cuts DETAIL, HINT and CONTEXT from the driver's error and from the one that wraps it: `hide_parameters`
    hides only what SQLAlchemy itself adds. SQLite names columns, no values."""
    error = context.original_exception
    told = getattr(getattr(error, "diag", None), "message_primary", None)
    if told is None:
        return
    if (getattr(error, "sqlstate", None) or "").startswith(_DATA_EXCEPTION):
        told = _QUOTED.sub('"…"', told)
    whole = str(error)
    error.args = (told,)
    if wrapping := context.sqlalchemy_exception:
        wrapping.args = tuple(one.replace(whole, told) for one in wrapping.args)
