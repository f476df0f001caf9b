"""The report forms that ship with the product, and their facts, indicators and tables: YAML, read and validated."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any, Generic, TypeVar

import yaml
from pydantic import BaseModel

from perfapp.core.annexes.base_table import BaseTable
from perfapp.core.errors import Invalid, NotFound
from perfapp.core.figures.fact_list import FactList
from perfapp.core.figures.facts import Definition
from perfapp.core.form import Form
from perfapp.core.scoring import problems
from perfapp.core.scoring.indicators import IndicatorSet

Content = TypeVar("Content", bound=BaseModel)
PARTS = ("facts", "indicators", "base-table", "rules", "ledgers", "imports")
"""What a form has beside its outline, by the names of the files."""
_NATIONAL = "national"


@dataclass(frozen=True, slots=True)
class CatalogForm:
    """A form with the digest of the file it was read from."""

    form: Form
    sha256: str
    raw: dict[str, Any]


@lru_cache(maxsize=1)
def forms() -> tuple[CatalogForm, ...]:
    """Every shipped form, by key."""
    found = []
    for folder in sorted(files("perfapp.catalog").iterdir(), key=lambda entry: entry.name):
        outline = folder / "outline.yaml"
        if folder.is_dir() and outline.is_file():
            data = outline.read_bytes()
            raw = yaml.safe_load(data)
            found.append(CatalogForm(Form.model_validate(raw), hashlib.sha256(data).hexdigest(), raw))
    return tuple(found)


def form(key: str) -> CatalogForm:
    for entry in forms():
        if entry.form.key == key:
            return entry
    raise NotFound("没有找到这个报告格式。")


@dataclass(frozen=True, slots=True)
class CatalogPart(Generic[Content]):
    """A part of a form with the digest of the file it was read from. `raw` is JSON-ready."""

    content: Content
    sha256: str
    raw: dict[str, Any]


@lru_cache(maxsize=1)
def fact_lists() -> tuple[CatalogPart[FactList], ...]:
    """The facts of every form, by key."""
    found = _parts("facts.yaml", FactList)
    for part in found:
        part.content.checked()
    return found


@lru_cache(maxsize=1)
def indicator_sets() -> tuple[CatalogPart[IndicatorSet], ...]:
    """Every indicator set, by key; Invalid, in sentences, for one that could not be scored."""
    found = _parts("indicators.yaml", IndicatorSet)
    for part in found:
        problems.demand(part.content, _definitions())
    return found


@lru_cache(maxsize=1)
def base_tables() -> tuple[CatalogPart[BaseTable], ...]:
    """Every layout of a 基础数据表, by key."""
    found = _parts("base-table.yaml", BaseTable)
    for part in found:
        if wrong := part.content.problems(_definitions()):
            raise Invalid("\n".join(wrong))
    return found


def fact_list(key: str) -> CatalogPart[FactList]:
    return _named(fact_lists(), key, "没有找到这份数据项。")


def indicator_set(key: str) -> CatalogPart[IndicatorSet]:
    return _named(indicator_sets(), key, "没有找到这套指标。")


def base_table(key: str) -> CatalogPart[BaseTable]:
    return _named(base_tables(), key, "没有找到这份基础数据表。")


@dataclass(frozen=True, slots=True)
class ShippedPart:
    """A part that goes with a form, as it is pinned to a cycle: its file, JSON-ready, with the file's digest."""

    part: str
    key: str
    version: int
    content: dict[str, Any]
    sha256: str


@lru_cache(maxsize=16)
def shipped_parts(form_key: str) -> tuple[ShippedPart, ...]:
    """What goes with the form beside its outline; a part that its place has none of is the national one."""
    found = (_shipped(part, form_key) or _shipped(part, _NATIONAL) for part in PARTS)
    return tuple(part for part in found if part is not None)


@lru_cache(maxsize=8)
def shipped_everywhere(part: str) -> tuple[ShippedPart, ...]:
    """This part of every form that has one, by the names of the folders."""
    folders = sorted(entry.name for entry in files("perfapp.catalog").iterdir() if entry.is_dir())
    return tuple(found for folder in folders if (found := _shipped(part, folder)) is not None)


def _shipped(part: str, folder: str) -> ShippedPart | None:
    file = files("perfapp.catalog") / folder / f"{part}.yaml"
    if not file.is_file():
        return None
    data = file.read_bytes()
    content = yaml.safe_load(data)
    return ShippedPart(part, content["key"], content["version"], content, hashlib.sha256(data).hexdigest())


def _definitions() -> dict[str, Definition]:
    """Every shipped fact: a set for the whole country may serve with the facts of any place."""
    return {fact.key: fact for part in fact_lists() for fact in part.content.facts}


def _parts(name: str, model: type[Content]) -> tuple[CatalogPart[Content], ...]:
    found = []
    for folder in sorted(files("perfapp.catalog").iterdir(), key=lambda entry: entry.name):
        file = folder / name
        if folder.is_dir() and file.is_file():
            data = file.read_bytes()
            content = model.model_validate(yaml.safe_load(data))
            found.append(CatalogPart(content, hashlib.sha256(data).hexdigest(), content.model_dump(mode="json")))
    return tuple(found)


def _named(parts: tuple[CatalogPart[Content], ...], key: str, refusal: str) -> CatalogPart[Content]:
    for part in parts:
        if getattr(part.content, "key", "") == key:
            return part
    raise NotFound(refusal)
