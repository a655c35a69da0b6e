"""Reports of a large office, kept for every process of its desk: for each period one file with all of it.

Such a file lies in the office's folder and is replaced as a whole. It holds what the report says, as data
and as its DOCX, XLSX and CSV: figures, names of bodies and places, titles and outcomes of the registers'
entries; no word of an article, a letter or a reply, and nothing that expires. It is read for KEPT_FOR at the
most, while the reports that `dansinh report` writes lie as long as the office will.
"""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import cache
from hashlib import sha256
from importlib import resources
from pathlib import Path

from pipeline.documents.report import Report
from pipeline.documents.report.as_json import report_from_json, report_json
from pipeline.documents.templating import template_of
from pipeline.settings import Settings
from store.files import write_whole

FOLDER = "desk-reports"
KEPT = 32
KEPT_FOR = timedelta(days=7)
CODE = ("nlp", "pipeline", "store")
"""the packages that figures and files come of"""
STAMP, REPORT, FILES = "stamp.json", "report.json", "files/"


@dataclass(frozen=True)
class Stamp:
    """What a kept report was made of, and when."""

    made_of: str
    """code, settings, the office's template and taxonomy"""
    number: int | None
    made_at: datetime
    articles: int
    events: int
    """how far the store went then"""


def made_of(settings: Settings) -> str:
    """Other code, other settings, another template or other names of topics make another report.

    Files are read each time: they are exchanged and mended while a desk runs.
    """
    digest = sha256(_code().encode())
    digest.update(settings_of_pipeline(settings).model_dump_json().encode())
    for path in (template_of(settings, "report"), settings.nlp.taxonomy):
        digest.update(b"\0" + (path.read_bytes() if path and path.is_file() else b""))
    return digest.hexdigest()


def settings_of_pipeline(settings: Settings) -> Settings:
    """Without what other rooms have added, which no report needs and no other process knows."""
    return Settings.model_construct(**{name: getattr(settings, name) for name in Settings.model_fields})


@cache
def _code() -> str:
    digest = sha256(resources.files("nlp").joinpath("data/units.json").read_bytes())
    for package in CODE:
        with resources.as_file(resources.files(package)) as folder:
            for path in sorted(folder.rglob("*.py")):
                digest.update(path.read_bytes())
    return digest.hexdigest()


def path_of(data_dir: Path, period: str) -> Path:
    return data_dir / FOLDER / f"{period}.zip"


def keep(data_dir: Path, period: str, stamp: Stamp, report: Report, files: Mapping[str, bytes]) -> None:
    """In the place of what was kept of the period; what is old or too many goes."""
    packed = io.BytesIO()
    told = asdict(stamp) | {"made_at": stamp.made_at.isoformat()}
    # Most of it is packed already.
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(STAMP, json.dumps(told))
        archive.writestr(REPORT, report_json(report))
        for name, content in files.items():
            archive.writestr(f"{FILES}{name}", content)
    path = path_of(data_dir, period)
    write_whole(path, packed.getvalue())
    _tidy(path)


def _tidy(newest: Path) -> None:
    """Also of what a process that was killed has left half written: only one makes reports at a time."""
    for half in newest.parent.glob(f".*{newest.suffix}.*"):
        half.unlink(missing_ok=True)
    written = {path: path.stat().st_mtime for path in newest.parent.glob(f"*{newest.suffix}")}
    latest = sorted(written, key=lambda path: (path == newest, written[path]), reverse=True)
    for place, path in enumerate(latest):
        if place >= KEPT or written[newest] - written[path] > KEPT_FOR.total_seconds():
            path.unlink(missing_ok=True)


def kept(path: Path) -> tuple[Stamp, Report] | None:
    """None where nothing is kept, or nothing that can be read."""
    try:
        with zipfile.ZipFile(path) as archive:
            told = json.loads(archive.read(STAMP))
            stamp = Stamp(**told | {"made_at": datetime.fromisoformat(told["made_at"])})
            return stamp, report_from_json(archive.read(REPORT))
    except (OSError, KeyError, TypeError, ValueError, zipfile.BadZipFile):
        return None


def kept_file(path: Path, name: str) -> bytes | None:
    """One of the report's files."""
    try:
        with zipfile.ZipFile(path) as archive:
            return archive.read(f"{FILES}{name}")
    except (OSError, KeyError, zipfile.BadZipFile):
        return None
