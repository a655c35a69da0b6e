"""What SQLite is told of a question. It keeps no statistics, and guesses that an equality leaves ten rows;
PostgreSQL knows better, and is asked as it stands."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class widely(FunctionElement[bool]):  # noqa: N801 - it is written where a function would be
    """A condition that holds for so many rows that no index is to be sought for it alone. One made of the
    rows for which it holds is taken: it must be said there in the same words."""

    # Of no type: SQLite's own booleans would be said with "= 1", in words that no index has.
    inherit_cache = True
    name = "widely"


class aside(FunctionElement[str]):  # noqa: N801 - as above
    """A column of words by which no list is made: a list of few rows is gone along in its own order."""

    type = String()
    inherit_cache = True
    name = "aside"


@compiles(widely)
def _widely(element: widely, compiler: SQLCompiler, **how: Any) -> str:
    return f"({compiler.process(element.clauses, **how)})"


@compiles(widely, "sqlite")
def _widely_in_sqlite(element: widely, compiler: SQLCompiler, **how: Any) -> str:
    return f"likelihood({compiler.process(element.clauses, **how)}, 0.9)"


@compiles(aside)
def _aside(element: aside, compiler: SQLCompiler, **how: Any) -> str:
    return compiler.process(element.clauses, **how)


@compiles(aside, "sqlite")
def _aside_in_sqlite(element: aside, compiler: SQLCompiler, **how: Any) -> str:
    return f"+{compiler.process(element.clauses, **how)}"
