"""What is remembered: models, queries, migrations."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from store.database import Store

__all__ = ["Store"]


def __getattr__(name: str) -> Any:
    # The crawl's reading processes need what the store says of texts and never the store: they are spared
    # SQLAlchemy, half of what they would load.
    if name == "Store":
        from store.database import Store

        return Store
    raise AttributeError(name)
