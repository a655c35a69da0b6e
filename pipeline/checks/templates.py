"""The office's own templates: files of the right name, with names that there are."""

import difflib
from collections.abc import Iterator

from pipeline.checks.problem import Problem
from pipeline.documents.placeholders import CONTEXTS, mistakes
from pipeline.settings import Settings


def check_templates(settings: Settings) -> Iterator[Problem]:
    folder = settings.documents.templates
    if folder is None:
        return
    if not folder.is_dir():
        remedy = "make it, or mend documents.templates in config.yaml"
        yield Problem("error", f"there is no folder of templates {folder}", remedy)
        return
    names = {f"{kind}.docx": kind for kind in CONTEXTS}
    for path in sorted(folder.glob("*.docx")):
        if path.name.startswith("~$"):
            continue  # a word processor has the file open
        if path.name not in names:
            yield _misnamed(path.name, list(names))
            continue
        for mistake in mistakes(path, names[path.name]):
            yield Problem("error", f"template {path.name} {mistake.what}", f"in {path}: {mistake.remedy}")


def _misnamed(name: str, names: list[str]) -> Problem:
    close = difflib.get_close_matches(name, names, n=1, cutoff=0.5)
    remedy = f"did you mean {close[0]}?" if close else f"one of: {', '.join(names)}"
    return Problem("warning", f"template {name} is used by no document", f"rename it: {remedy}")
