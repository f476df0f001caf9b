"""The public's figures as data: a model whose JSON Schema is published beside it, and the same rows as CSV."""

import csv
import io
import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer

from perfapp.core.disclosing.edition import PublicEdition, data_rows
from perfapp.core.snapshot import EntryMark

_HEADS = ("表", "编码", "类别", "名称", "数值", "计量单位", "分值", "自评得分")
_NUMBER = re.compile(r"-?(\d+|\d{1,3}(,\d{3})+)(\.\d+)?")
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


Number = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]
"""A number for programs: in JSON without quotation marks and separators."""


class OpenFigure(BaseModel):
    """One figure of the base table, or one indicator of the self-score."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    table: Annotated[str, Field(description="所在附表")]
    code: Annotated[str, Field(description="编码；以 -last-year 结尾的是上年数")]
    group: Annotated[str, Field(description="类别")]
    name: Annotated[str, Field(description="名称")]
    value: Annotated[
        Number | str, Field(description="数字，不含千分位和计量单位；不是数字的为文字，空串表示没有，■ 表示遮盖")
    ]
    unit: Annotated[str, Field(description="计量单位；是 % 的，数值 95.83 即 95.83%")]
    weight: Annotated[Number | str, Field(description="指标分值，数据行为空串")]
    points: Annotated[Number | str, Field(description="自评得分，数据行为空串")]


class OpenData(BaseModel):
    """部门整体支出绩效自评报告公开数据"""

    model_config = ConfigDict(extra="forbid", frozen=True, title="部门整体支出绩效自评报告公开数据")
    format: Literal["perfapp-open-2"] = "perfapp-open-2"
    index_number: Annotated[str, Field(description="索引号")]
    publisher: Annotated[str, Field(description="发布机构")]
    publisher_code: Annotated[str, Field(description="预算单位编码")]
    fiscal_year: Annotated[int, Field(description="年度")]
    edition: Annotated[int, Field(ge=1, description="版次")]
    title: Annotated[str, Field(description="标题")]
    dated_on: Annotated[date | None, Field(description="生成日期")]
    published_on: Annotated[date, Field(description="发布日期")]
    validity: Annotated[str, Field(description="有效性")]
    redacted_count: Annotated[int, Field(ge=0, description="与盖章原件的差别处数")]
    figures: tuple[OpenFigure, ...]


def schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of the published JSON."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        **OpenData.model_json_schema(mode="serialization"),
    }


def open_data(edition: PublicEdition, *, published_on: date, validity: str) -> OpenData:
    return OpenData(
        index_number=edition.index_number,
        publisher=edition.unit_name,
        publisher_code=edition.unit_code,
        fiscal_year=edition.fiscal_year,
        edition=edition.edition,
        title=edition.title,
        dated_on=edition.snapshot.dated_on,
        published_on=published_on,
        validity=validity,
        redacted_count=edition.difference_count,
        figures=tuple(_figure(row) for row in data_rows(edition)),
    )


def _figure(row: EntryMark) -> OpenFigure:
    """The row as printed, its numbers as numbers; the sign of a percentage stands in the unit alone."""
    value, unit = row.value, row.unit
    if value.endswith("%") and unit in {"", "%"}:
        value, unit = value.removesuffix("%"), "%"
    return OpenFigure(
        table=row.table,
        code=row.code,
        group=row.group,
        name=row.name,
        value=_read(value),
        unit=unit,
        weight=_read(row.weight),
        points=_read(row.points),
    )


def _read(text: str) -> Decimal | str:
    return Decimal(text.replace(",", "")) if _NUMBER.fullmatch(text) else text


def as_csv(figures: Iterable[OpenFigure]) -> bytes:
    """For a spreadsheet program: with a mark of UTF-8, numbers as numbers, and nothing that it would calculate."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_HEADS)
    for one in figures:
        row = (one.table, one.code, one.group, one.name, one.value, one.unit, one.weight, one.points)
        writer.writerow([_plain(text) for text in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _plain(cell: Decimal | str) -> str:
    """A negative number stays one; words that begin like a formula do not."""
    if isinstance(cell, Decimal):
        return f"{cell:f}"
    return f"'{cell}" if cell.lstrip().startswith(_FORMULA) else cell
