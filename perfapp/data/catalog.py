"""The report forms that ship with the product: YAML files, read and validated."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import yaml

from perfapp.core.errors import NotFound
from perfapp.core.form import Form


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
