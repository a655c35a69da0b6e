"""Files of items, a JSON object a line, as the learning commands take them."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def rows_of(path: Path) -> Iterator[Row]:
    """`path`: JSON Lines, gzipped where its name ends in .gz."""
    with (
        gzip.open(path, "rt", encoding="utf-8")
        if path.suffix == ".gz"
        else path.open(encoding="utf-8") as lines
    ):
        for line in lines:
            yield json.loads(line)


def text_of(row: Row) -> str:
    """Title and summary, a line each."""
    return f"{row['title']}\n{row.get('summary') or ''}"
