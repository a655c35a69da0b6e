"""Reads config.yaml, composes the rooms' settings, and refuses what is wrong with file, line and remedy."""

import difflib
import os
import types
import typing
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError, create_model
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.constructor import ConstructorError, RoundTripConstructor
from ruamel.yaml.error import MarkedYAMLError

from crawler.settings import OutletSettings
from nlp.taxonomy import TaxonomyError, load_taxonomy
from nlp.units import load_units
from pipeline.settings import Agency, AgencyPage, MailAccount, Settings
from store import Store

DATABASE_URL = "DANSINH_DATABASE_URL"
Account = TypeVar("Account", bound=MailAccount)
Location = tuple[str | int, ...]


@dataclass(frozen=True)
class Mistake:
    """One thing wrong in the configuration: where, what, and what to write instead."""

    line: int
    key: str
    what: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.key}: {self.what}"


class ConfigError(Exception):
    """config.yaml cannot be used."""

    def __init__(self, path: Path, mistakes: Sequence[Mistake]) -> None:
        self.path = path
        self.mistakes = list(mistakes)
        super().__init__("\n".join(f"{path}, {mistake}" for mistake in mistakes))


def load_settings(path: Path) -> Settings:
    """The office's settings; relative paths in them are made absolute from the folder of `path`.

    Raises ConfigError naming every mistake found, with its line.
    """
    tree = _read(path)
    try:
        settings = _composed_model().model_validate(_plain(tree))
    except ValidationError as error:
        raise ConfigError(path, _mistakes(tree, error)) from error
    settings = _absolute_paths(settings, path.resolve().parent)
    if dangling := sorted(_dangling_names(settings, tree), key=lambda mistake: mistake.line):
        raise ConfigError(path, dangling)
    return settings


def open_store(settings: Settings) -> Store:
    """The office's store, migrated to the newest schema."""
    store = Store(database_url(settings), settings.data_dir)
    store.migrate()
    return store


def database_url(settings: Settings) -> str:
    return os.environ.get(DATABASE_URL) or settings.store.url


def _read(path: Path) -> CommentedMap:
    try:
        tree = _yaml().load(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError as error:
        what = "there is no such file; name one with --config, or copy config.yaml of this project"
        raise ConfigError(path, [Mistake(1, "file", what)]) from error
    except OSError as error:
        what = f"cannot be read: {error.strerror}; --config names one file, such as config.yaml"
        raise ConfigError(path, [Mistake(1, "file", what)]) from error
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise ConfigError(
            path, [Mistake(line, "file", "is not UTF-8; save it with that encoding")]
        ) from error
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        remedy = "; indent with spaces, not with tabs" if "\\t" in str(error.problem) else ""
        raise ConfigError(path, [Mistake(line, "YAML", f"{error.problem}{remedy}")]) from error
    if not isinstance(tree, CommentedMap):
        raise ConfigError(path, [Mistake(1, "file", "is empty or no mapping of sections")])
    return tree


class _Constructor(RoundTripConstructor):
    def construct_date(self, node: Any) -> Any:
        """As YAML's dates are, but one like 2026-13-31 is a mistake with a line."""
        try:
            return self.construct_yaml_timestamp(node)
        except ValueError as error:
            raise ConstructorError(
                None, None, f"{node.value} is no date: {error}", node.start_mark
            ) from error


_Constructor.add_constructor("tag:yaml.org,2002:timestamp", _Constructor.construct_date)


def _yaml() -> YAML:
    yaml = YAML(typ="rt")
    yaml.Constructor = _Constructor
    return yaml


def _composed_model() -> type[Settings]:
    sections: dict[str, Any] = {}
    for point in entry_points(group="dansinh.settings"):
        model = point.load()
        sections[point.name] = (model, model())
    return create_model("OfficeSettings", __base__=Settings, **sections)


def _plain(node: Any) -> Any:
    if isinstance(node, CommentedMap):
        return {key: _plain(value) for key, value in node.items()}
    if isinstance(node, CommentedSeq):
        return [_plain(value) for value in node]
    return node


def _absolute_paths(settings: Settings, folder: Path) -> Settings:
    taxonomy = settings.nlp.taxonomy
    outlets = tuple(_with_absolute_folders(outlet, folder) for outlet in settings.crawler.outlets)
    return settings.model_copy(
        update={
            "data_dir": folder / settings.data_dir,
            "documents": settings.documents.model_copy(
                update={"templates": settings.documents.templates and folder / settings.documents.templates}
            ),
            "nlp": settings.nlp.model_copy(update={"taxonomy": taxonomy and folder / taxonomy}),
            "crawler": settings.crawler.model_copy(update={"outlets": outlets}),
            "mail": _with_absolute_password(settings.mail, folder),
            "drop_folder": folder / settings.data_dir / settings.drop_folder,
            "agencies": tuple(_with_absolute_secret(agency, folder) for agency in settings.agencies),
            "agency_page": settings.agency_page and _with_absolute_key(settings.agency_page, folder),
            "inboxes": tuple(_with_absolute_password(inbox, folder) for inbox in settings.inboxes),
        }
    )


def _with_absolute_password(account: Account, folder: Path) -> Account:
    password = account.password_file
    return account.model_copy(update={"password_file": password and folder / password})


def _with_absolute_key(page: AgencyPage, folder: Path) -> AgencyPage:
    return page.model_copy(update={"secret_file": page.secret_file and folder / page.secret_file})


def _with_absolute_secret(agency: Agency, folder: Path) -> Agency:
    delivery = agency.delivery
    file = delivery.secret_file and folder / delivery.secret_file
    return agency.model_copy(update={"delivery": delivery.model_copy(update={"secret_file": file})})


def _with_absolute_folders(outlet: OutletSettings, folder: Path) -> OutletSettings:
    sources = (
        source.model_copy(update={"path": folder / source.path}) if source.path else source
        for source in outlet.sources
    )
    return outlet.model_copy(update={"sources": tuple(sources)})


def _mistakes(tree: CommentedMap, error: ValidationError) -> list[Mistake]:
    mistakes = []
    for entry in error.errors():
        location = tuple(entry["loc"])
        what = entry["msg"].removeprefix("Value error, ")
        if entry["type"] == "extra_forbidden":
            names = _field_names(_composed_model(), location[:-1])
            what = "unknown key" + _nearest(str(location[-1]), names)
        elif entry["type"] == "missing":
            what = "is missing"
        elif entry["type"] == "string_type" and not isinstance(entry["input"], dict | list):
            what += "; write it in quotes"
        mistakes.append(_mistake(tree, location, what))
    return mistakes


def _mistake(tree: CommentedMap, location: Location, what: str) -> Mistake:
    return Mistake(_line(tree, location), ".".join(map(str, location)) or "file", what)


def _line(tree: CommentedMap, location: Location) -> int:
    """Line of the deepest part of `location` that stands in the file."""
    node: Any = tree
    line = 0
    for part in location:
        try:
            at = node.lc.key(part) if isinstance(node, CommentedMap) else node.lc.item(part)
            line, node = at[0], node[part]
        except (KeyError, IndexError, TypeError, AttributeError):
            break
    return int(line) + 1


def _nearest(wrong: str, right: Sequence[str]) -> str:
    close = difflib.get_close_matches(wrong, right, n=1, cutoff=0.5)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; one of: {', '.join(sorted(right)[:20])}" if right else ""


def _field_names(model: Any, location: Location) -> list[str]:
    """Names of the keys that may stand at `location`."""
    for part in location:
        if isinstance(part, str) and _is_model(model):
            field = model.model_fields.get(part)
            if field is None:
                return []
            model = field.annotation
        model = _inner(model)
    return sorted(model.model_fields) if _is_model(model) else []


def _inner(annotation: Any) -> Any:
    """The model inside `tuple[Model, ...]`, `dict[key, Model]` or `Model | None`."""
    while not _is_model(annotation):
        origin = typing.get_origin(annotation)
        if origin not in (tuple, list, dict, typing.Union, types.UnionType):
            return annotation
        models = [
            part for part in typing.get_args(annotation) if part not in (Ellipsis, type(None), str, int)
        ]
        if not models:
            return annotation
        annotation = models[-1]
    return annotation


def _is_model(annotation: Any) -> bool:
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def _dangling_names(settings: Settings, tree: CommentedMap) -> list[Mistake]:
    """Names that name nothing: agencies, topics, units."""
    agencies = [agency.key for agency in settings.agencies]
    try:
        topics = sorted(load_taxonomy(settings.nlp.taxonomy).topics)
    except TaxonomyError as error:
        return [_mistake(tree, ("nlp", "taxonomy"), str(error))]
    mistakes = []

    def expect(value: str, known: Sequence[str], what: str, *location: str | int) -> None:
        if value not in known:
            mistakes.append(_mistake(tree, location, f"no {what} {value!r}{_nearest(value, known)}"))

    programmes = [programme.key for programme in settings.programmes]
    for number, route in enumerate(settings.routes):
        if route.programme is not None:
            expect(route.programme, programmes, "programme", "routes", number, "programme")
        expect(route.topic, topics, "topic", "routes", number, "topic")
        expect(route.lead, [*agencies, "commune"], "agency", "routes", number, "lead")
        for place, key in enumerate(route.co):
            expect(key, [*agencies, "commune"], "agency", "routes", number, "co", place)
    for number, auto in enumerate(settings.review.auto):
        expect(auto.topic, [*topics, "*"], "topic", "review", "auto", number, "topic")
    mistakes += _unknown_units(settings, tree)
    by_edxml = [agency.key for agency in settings.agencies if agency.delivery.channel == "edxml"]
    if by_edxml and settings.office.organ_id is None:
        what = f"needs organ_id, the office's identifier: agency {by_edxml[0]!r} is reached by edxml"
        mistakes.append(_mistake(tree, ("office",), what))
    return mistakes


def _unknown_units(settings: Settings, tree: CommentedMap) -> list[Mistake]:
    named: list[tuple[str | None, Location]] = [(settings.office.province, ("office", "province"))]
    named.append((settings.nlp.home_province, ("nlp", "home_province")))
    named += [(route.place, ("routes", n, "place")) for n, route in enumerate(settings.routes)]
    named += [
        (outlet.area, ("crawler", "outlets", n, "area")) for n, outlet in enumerate(settings.crawler.outlets)
    ]
    units = load_units()
    return [
        _mistake(
            tree, location, f"no unit in force has the code {code!r}; look it up with `dansinh units NAME`"
        )
        for code, location in named
        if code is not None and units.get(code) is None
    ]
