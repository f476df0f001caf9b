"""The rule books that ship with the product: YAML files, read and validated."""

from functools import lru_cache
from importlib.resources import files

import yaml

from perfapp.core.checking.book import RuleBook
from perfapp.core.errors import NotFound


@lru_cache(maxsize=1)
def rule_books() -> tuple[RuleBook, ...]:
    """Every shipped rule book, by the name of its folder."""
    found = []
    for folder in sorted(files("perfapp.catalog").iterdir(), key=lambda entry: entry.name):
        book = folder / "rules.yaml"
        if folder.is_dir() and book.is_file():
            found.append(RuleBook.model_validate(yaml.safe_load(book.read_bytes())))
    return tuple(found)


def rule_book(key: str = "national") -> RuleBook:
    for book in rule_books():
        if book.key == key:
            return book
    raise NotFound("没有找到这套勾稽规则。")
