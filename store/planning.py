"""What SQLite is told of a question: it keeps no statistics, and guesses that an equality leaves ten rows."""

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class widely(FunctionElement[bool]):  # noqa: N801 - it is written where a function would be
    """A condition that holds for so many rows that no index is to be sought for it alone. One made of the
    rows for which it holds is taken: it must be said there in the same words."""

    # Of no type: SQLite's own booleans would be said with "= 1", in words that no index has.
    inherit_cache = True
    name = "widely"


@compiles(widely)
def _as_it_is(element: widely, compiler: SQLCompiler, **how: Any) -> str:
    return f"({compiler.process(element.clauses, **how)})"


@compiles(widely, "sqlite")
def _likely(element: widely, compiler: SQLCompiler, **how: Any) -> str:
    return f"likelihood({compiler.process(element.clauses, **how)}, 0.9)"
