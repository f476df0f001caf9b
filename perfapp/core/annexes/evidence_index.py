"""佐证材料目录: every file behind the report, with its digest and what it proves, as a document."""

from collections.abc import Iterator

from perfapp.core.annexes.cells import cell, table
from perfapp.core.document import MAX_TABLE_ROWS, Cell, Document, Table, parse
from perfapp.core.snapshot import Annex, Snapshot

_HEADS = ("序号", "证明什么", "数值或说明", "文件名", "页码", "字节数", "SHA-256")
_KINDS = {"fact": "数据", "indicator": "指标"}
_GROUP = 8
_FULL = MAX_TABLE_ROWS - 1


def evidence_index(snapshot: Snapshot) -> Annex | None:
    """One row a file and thing it proves; None where nothing was attached."""
    rows = [(str(number), *row) for number, row in enumerate(_rows(snapshot), start=1)]
    if not rows:
        return None
    blocks = [_table(rows[start : start + _FULL]) for start in range(0, len(rows), _FULL)]
    return Annex(
        mark="",
        title=f"{snapshot.fiscal_year}年度部门整体支出绩效自评报告佐证材料目录",
        document=parse(Document(content=tuple(blocks)).model_dump(mode="json")),
        orientation="landscape",
        above=(f"填报单位：{snapshot.unit_name}", f"第{snapshot.edition}版"),
        notes=("SHA-256 是文件内容的摘要，文件改动一个字节，摘要即不同；为便于换行，每 8 位之间有空格。",),
    )


def _rows(snapshot: Snapshot) -> Iterator[tuple[str, ...]]:
    for mark in snapshot.evidence:
        yield f"正文：{mark.section}", mark.note, mark.filename, "", str(mark.size), _spaced(mark.sha256)
    for proof in snapshot.proofs:
        about = f"{_KINDS[proof.kind]}：{proof.about}"
        yield about, proof.value, proof.filename, proof.page, str(proof.size), _spaced(proof.sha256)


def _table(rows: list[tuple[str, ...]]) -> Table:
    head = [cell(text, head=True) for text in _HEADS]
    return table([head, *(_row(row) for row in rows)])


def _row(row: tuple[str, ...]) -> list[Cell]:
    number, *words, size, digest = row
    return [
        cell(number, align="center"),
        *(cell(text, align="left") for text in words),
        cell(size, align="right"),
        cell(digest, align="left"),
    ]


def _spaced(digest: str) -> str:
    return " ".join(digest[start : start + _GROUP] for start in range(0, len(digest), _GROUP))
