"""What every model stands on: names of constraints, times in UTC, lists and objects as JSON."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, MetaData, text
from sqlalchemy.orm import DeclarativeBase

from store.types import UtcDateTime


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(column_0_label)s",
            "uq": "uq_%(table_name)s_%(column_0_name)s",
            "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {datetime: UtcDateTime, dict[str, Any]: JSON, list[Any]: JSON}  # noqa: RUF012


def index_where(name: str, *columns: str, where: str) -> Index:
    """An index of some rows; a question must say `where` in the same words for it to be used."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))
