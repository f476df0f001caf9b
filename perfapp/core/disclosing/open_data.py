"""The public's figures as data: a model whose JSON Schema is published beside it, and the same rows as CSV."""

import csv
import io
from collections.abc import Iterable
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from perfapp.core.disclosing.edition import PublicEdition, data_rows

_HEADS = ("表", "编码", "类别", "名称", "数值", "计量单位", "分值", "自评得分")
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠", "\t", "\r")


class OpenFigure(BaseModel):
    """One figure of the base table, or one indicator of the self-score."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    table: Annotated[str, Field(description="所在附表")]
    code: Annotated[str, Field(description="编码；以 -last-year 结尾的是上年数")]
    group: Annotated[str, Field(description="类别")]
    name: Annotated[str, Field(description="名称")]
    value: Annotated[str, Field(description="数值或文字，不含计量单位；空串表示没有；■ 表示遮盖")]
    unit: Annotated[str, Field(description="计量单位")]
    weight: Annotated[str, Field(description="指标分值，数据行为空串")]
    points: Annotated[str, Field(description="自评得分，数据行为空串")]


class OpenData(BaseModel):
    """部门整体支出绩效自评报告公开数据"""

    model_config = ConfigDict(extra="forbid", frozen=True, title="部门整体支出绩效自评报告公开数据")
    format: Literal["perfapp-open-1"] = "perfapp-open-1"
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
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **OpenData.model_json_schema()}


def open_data(edition: PublicEdition, *, published_on: date, validity: str) -> OpenData:
    figures = tuple(
        OpenFigure.model_validate(row.model_dump(include=set(OpenFigure.model_fields))) for row in data_rows(edition)
    )
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
        figures=figures,
    )


def as_csv(figures: Iterable[OpenFigure]) -> bytes:
    """For a spreadsheet program: with a mark of UTF-8, numbers as numbers, and nothing that it would calculate."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(_HEADS)
    for one in figures:
        row = (one.table, one.code, one.group, one.name, one.value, one.unit, one.weight, one.points)
        writer.writerow([_plain(text) for text in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _plain(text: str) -> str:
    """A negative number stays one; other words that begin like a formula do not."""
    is_number = text.replace(",", "").removeprefix("-").replace(".", "", 1).isdigit()
    return f"'{text}" if text.lstrip().startswith(_FORMULA) and not is_number else text
