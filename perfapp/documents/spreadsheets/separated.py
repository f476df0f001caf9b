"""Comma-separated files and their cousins: UTF-8 with or without its mark, UTF-16, GB18030; the separator is found."""

import csv
from collections import Counter
from itertools import islice
from typing import Final

from perfapp.core.errors import Invalid
from perfapp.core.spreadsheet import CSV, Cell, Grid, Workbook
from perfapp.documents.manuscripts.plain import MAX_BYTES, decoded

MAX_CELLS: Final = 400_000
MAX_COLUMNS: Final = 256
_SEPARATORS: Final = (",", "\t", ";", "|", "，")
_SAMPLE_LINES: Final = 30


def read_csv(data: bytes) -> Workbook:
    """The one sheet of the file, every cell as text; Invalid where it is too large, or no text at all."""
    if len(data) > MAX_BYTES:
        raise Invalid(f"csv 文件超过 {MAX_BYTES >> 20} MB，请拆成几个文件分别导入。")
    lines = decoded(data).splitlines(keepends=True)
    cells: dict[tuple[int, int], Cell] = {}
    reader = csv.reader(lines, delimiter=_separator(lines))
    row = 1  # a field may run over several lines; its row is the one it begins on
    try:
        for fields in reader:
            if len(fields) > MAX_COLUMNS:
                raise Invalid(f"第 {row} 行有 {len(fields)} 列，超过 {MAX_COLUMNS} 列，请核对分隔符。")
            for column, field in enumerate(fields, start=1):
                if text := _bare(field):
                    cells[row, column] = Cell(text)
            if len(cells) > MAX_CELLS:
                raise Invalid(f"文件超过 {MAX_CELLS:,} 格，请拆成几个文件分别导入。")
            row = reader.line_num + 1
    except csv.Error as error:
        raise Invalid(f"csv 文件第 {row} 行读不出来（可能少了一个引号），请改正后再导入。") from error
    return Workbook((Grid(CSV, cells),), is_typed=False)


def _separator(lines: list[str]) -> str:
    """The one by which most of the first lines have the same number of fields, more than one; else the comma."""
    sample = list(islice((line for line in lines if line.strip()), _SAMPLE_LINES))

    def agreement(separator: str) -> tuple[int, int]:
        try:
            counted = Counter(len(fields) for fields in csv.reader(sample, delimiter=separator))
        except csv.Error:
            return 0, 0
        fields, times = max(counted.items(), key=lambda pair: (pair[0] > 1, pair[1], pair[0]), default=(0, 0))
        return (times, fields) if fields > 1 else (0, 0)

    return max(_SEPARATORS, key=agreement)


def _bare(field: str) -> str:
    """Without what exports put around numbers to keep them text: ="0012", '0012."""
    text = field.strip()
    if text.startswith('="') and text.endswith('"') and len(text) > 2:
        text = text[2:-1].strip()
    return text.removeprefix("'").strip() if text[1:2].isdigit() else text
