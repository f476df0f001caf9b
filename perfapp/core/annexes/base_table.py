"""基础数据表: its layout as data, and the table filled from the facts of the year."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from perfapp.core.annexes.cells import cell, table
from perfapp.core.document import MAX_TABLE_COLUMNS, MAX_TABLE_ROWS, Cell, Document, parse
from perfapp.core.figures.facts import Definition, FactKey, Sheet, YearFact
from perfapp.core.figures.units import from_base, printed
from perfapp.core.snapshot import Annex, EntryMark

Text = Annotated[str, StringConstraints(max_length=500)]
_NOT_FILLED = "—"


class _Value(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class LayoutCell(_Value):
    """One cell: printed text, a fact of this or last year, or words that people fill in."""

    text: Text = ""
    fact: FactKey | None = None
    last_year: bool = False
    words: FactKey | None = None
    columns: Annotated[int, Field(ge=1, le=MAX_TABLE_COLUMNS)] = 1
    rows: Annotated[int, Field(ge=1, le=MAX_TABLE_ROWS)] = 1
    head: bool = False

    @model_validator(mode="after")
    def _one_thing(self) -> "LayoutCell":
        if sum(bool(part) for part in (self.text, self.fact, self.words)) > 1:
            raise ValueError("a cell holds text, a fact or words, not two of them")
        return self


class BaseTable(_Value):
    """The layout of one place and year; `words` names what is filled in by hand.

    In its texts {year} and {last_year} stand for the numbers.
    """

    key: FactKey
    version: int = Field(ge=1)
    name: str
    basis: str
    to_be_checked: str = ""
    mark: str
    title: str
    orientation: Literal["portrait", "landscape"] = "portrait"
    unit: str
    columns: Annotated[int, Field(ge=2, le=MAX_TABLE_COLUMNS)]
    rows: Annotated[tuple[tuple[LayoutCell, ...], ...], Field(min_length=1, max_length=MAX_TABLE_ROWS)]
    notes: tuple[Text, ...] = ()
    sign_offs: tuple[Text, ...] = ()
    words: Mapping[FactKey, Text] = {}

    @property
    def shown(self) -> frozenset[YearFact]:
        """Every fact the table shows, each with its year."""
        return frozenset((one.fact, one.last_year) for row in self.rows for one in row if one.fact)

    @property
    def facts(self) -> frozenset[str]:
        return frozenset(key for key, _ in self.shown)

    def problems(self, definitions: Mapping[str, Definition]) -> tuple[str, ...]:
        """What is wrong with the layout, in sentences."""
        unknown = sorted(self.facts - definitions.keys())
        found = [f"基础数据表用到了没有登记的数据“{key}”。" for key in unknown]
        named = {one.words for row in self.rows for one in row if one.words}
        found += [f"基础数据表要填的文字“{key}”没有名称。" for key in sorted(named - self.words.keys())]
        return tuple(found)


def base_table(
    layout: BaseTable, sheet: Sheet, *, unit_name: str, fiscal_year: int, words: Mapping[str, str] | None = None
) -> Annex:
    """The table filled in; a fact without a value leaves its cell empty."""

    def filled(one: LayoutCell) -> Cell:
        if one.fact:
            text = amount_text(sheet, one.fact, last_year=one.last_year)
            return cell(text, columns=one.columns, rows=one.rows, align="right" if text else None)
        if one.words:
            return cell((words or {}).get(one.words, ""), columns=one.columns, rows=one.rows, align="left")
        text = _dated(one.text, fiscal_year)
        if one.head or text == _NOT_FILLED:
            return cell(text, head=one.head, columns=one.columns, rows=one.rows, align="center")
        return cell(text, columns=one.columns, rows=one.rows, align="left")

    grid = table([[filled(one) for one in row] for row in layout.rows])
    return Annex(
        mark=layout.mark,
        title=_dated(layout.title, fiscal_year),
        document=parse(Document(content=(grid,)).model_dump(mode="json")),
        orientation=layout.orientation,
        above=(f"填报单位（盖章）：{unit_name}", f"单位：{layout.unit}"),
        notes=layout.notes,
        sign_offs=layout.sign_offs,
    )


def entries(layout: BaseTable, sheet: Sheet, title: str, words: Mapping[str, str]) -> tuple[EntryMark, ...]:
    """Each fact and each text of the table, once, as the bureau's entry screen asks for it."""
    found: dict[tuple[str, bool], EntryMark] = {}
    for row in layout.rows:
        label = next((one.text for one in row if one.text and one.text != _NOT_FILLED), "")
        for one in row:
            if one.fact and one.fact in sheet.definitions:
                definition = sheet.definitions[one.fact]
                found[one.fact, one.last_year] = EntryMark(
                    table=title,
                    code=one.fact + ("-last-year" if one.last_year else ""),
                    group="上年数" if one.last_year else "本年数",
                    name=definition.name,
                    value=amount_text(sheet, one.fact, last_year=one.last_year),
                    unit=definition.unit,
                )
            elif one.words:
                text = words.get(one.words, "")
                name = layout.words.get(one.words, label)
                found[one.words, False] = EntryMark(
                    table=title, code=one.words, group="文字", name=name, value=text, unit=""
                )
    return tuple(found.values())


def amount_text(sheet: Sheet, key: str, *, last_year: bool = False) -> str:
    """The fact as a table shows it: without its unit, which the table's head says, but with the per cent sign."""
    amount = sheet.amount(key, last_year=last_year)
    if amount is None:
        return ""
    definition = sheet.definitions[key]
    number = printed(from_base(amount, definition.unit), definition.decimals)
    return number + ("%" if definition.unit == "%" else "")


def _dated(text: str, fiscal_year: int) -> str:
    return text.replace("{year}", str(fiscal_year)).replace("{last_year}", str(fiscal_year - 1))
