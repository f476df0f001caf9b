"""The report's figures as an .xlsx file: where each comes from, the tables of the text, and the explanations."""

from collections.abc import Iterator

from perfapp.core.chinese import long_date
from perfapp.core.document import Table, cell_text, drawn
from perfapp.core.snapshot import Snapshot, SnapshotSection
from perfapp.documents.worksheet import Sheet, Value, workbook

_FACTS = (("数据", 28), ("数值", 18), ("口径", 40), ("截止日期", 16), ("来源", 40), ("填报", 12), ("确认", 12))
_SAID = (("体检发现", 60), ("说明", 60), ("说明人", 12), ("认可人", 12))
_LINES = (("章节", 30), ("正文", 110))
_MAX_SHEETS = 60


def render_report_xlsx(snapshot: Snapshot) -> bytes:
    """Sheets 数据来源, 正文, 说明 and one for each table of the text; the same snapshot gives the same cells."""
    sheets = [Sheet("数据来源", _FACTS, list(_facts(snapshot))), Sheet("正文", _LINES, list(_lines(snapshot)))]
    if snapshot.explanations:
        said = [(one.finding, one.explanation, one.explained_by, one.accepted_by) for one in snapshot.explanations]
        sheets.append(Sheet("说明", _SAID, said))
    for number, (section, table) in enumerate(_tables(snapshot), start=1):
        if number <= _MAX_SHEETS:
            sheets.append(_table(number, section, table))
    return workbook(sheets)


def _facts(snapshot: Snapshot) -> Iterator[tuple[Value, ...]]:
    for fact in snapshot.facts:
        day = long_date(fact.as_of)
        yield fact.name, fact.value, fact.scope, day, fact.source, fact.entered_by, fact.confirmed_by


def _lines(snapshot: Snapshot) -> Iterator[tuple[Value, ...]]:
    for section in snapshot.sections:
        heading = section.label + section.title
        blocks = drawn(section.document, section.level) if section.document else ()
        texts = ["".join(words for words, _ in runs) for _, runs in blocks if runs]
        yield from ((heading, text) for text in texts or [section.not_applicable or ""])


def _tables(snapshot: Snapshot) -> Iterator[tuple[SnapshotSection, Table]]:
    for section in snapshot.sections:
        for block in section.document.content if section.document else ():
            if isinstance(block, Table):
                yield section, block


def _table(number: int, section: SnapshotSection, table: Table) -> Sheet:
    """Merged cells stand in their first place, as the text form of the table has them."""
    rows = [[cell_text(cell) for cell in row.content] for row in table.content]
    width = max(len(row) for row in rows)
    head = [*rows[0], *[""] * (width - len(rows[0]))]
    title = f"表{number} {section.title}"
    return Sheet(_sheet_name(title), tuple((name or " ", 20) for name in head), rows[1:])


def _sheet_name(title: str) -> str:
    """Without the characters that a sheet's name may not have."""
    return "".join("" if sign in "[]:*?/\\" else sign for sign in title)[:31]
