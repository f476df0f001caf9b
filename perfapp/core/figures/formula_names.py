"""Formulas as people read and write them: names in 〔〕 instead of keys, and the signs of a Chinese keyboard."""

import re
from collections.abc import Mapping

from perfapp.core.errors import Invalid

_KEY = re.compile(r"[a-z][a-z0-9-]*")
_PART = re.compile(r"〔(?P<name>[^〔〕]*)〕|[^〔〕]+|[〔〕]")
_SIGNS = str.maketrans("＋－−×÷＊／（）．０１２３４５６７８９", "+--*/*/().0123456789")


def with_names(formula: str, names: Mapping[str, str]) -> str:
    """`basic + project` as `〔基本支出〕 + 〔项目支出〕`; `names` by key, a key without one stays."""
    return _KEY.sub(lambda match: f"〔{names[match[0]]}〕" if match[0] in names else match[0], formula)


def with_keys(typed: str, keys: Mapping[str, str]) -> str:
    """The formula with keys instead of the names in 〔〕; `keys` by name or alias. Invalid for an unknown name."""

    def plain(match: re.Match[str]) -> str:
        if match[0] in {"〔", "〕"}:
            raise Invalid("公式里的〔〕没有成对。", field="formula")
        if match["name"] is None:
            return match[0].translate(_SIGNS)
        name = "".join(match["name"].split())
        if name not in keys:
            raise Invalid(f"没有名为“{name}”的数据，请核对名称。", field="formula")
        return f" {keys[name]} "

    return " ".join(_PART.sub(plain, typed).split())
