"""What is remembered: models, queries, migrations."""

from store.database import Store

__all__ = ["Store"]
