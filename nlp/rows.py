"""Files of items, a JSON object a line, as the learning commands take them."""

import gzip
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

Row = dict[str, Any]


def rows_of(path: Path) -> Iterator[Row]:
    """`path`: JSON Lines, gzipped where its name ends in .gz. Raises ValueError with its name and line."""
    number = 0
    try:
        with (
            gzip.open(path, "rt", encoding="utf-8")
            if path.suffix == ".gz"
            else path.open(encoding="utf-8") as lines
        ):
            for line in lines:
                number += 1
                yield json.loads(line)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ValueError(f"{path.name}: damaged after line {number}: {error}") from error
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ValueError(f"{path.name}: line {number}: no JSON object: {error}") from error


def text_of(row: Row) -> str:
    """Title and summary, a line each."""
    return f"{row['title']}\n{row.get('summary') or ''}"
