"""A small frozen report for the tests of disclosure."""

from datetime import UTC, date, datetime
from typing import cast

from perfapp.core.annexes.cells import cell, table
from perfapp.core.document import Block, Bold, Document, Paragraph, Text
from perfapp.core.snapshot import Annex, EntryMark, EvidenceMark, FactMark, ProofMark, Snapshot, SnapshotSection

TITLE = "2018年度部门整体支出绩效自评报告"
BASE = "2018年度基础数据表"
SHA = "ab" * 32


def said(*texts: str) -> Paragraph:
    """A paragraph of runs, every second one bold."""
    runs = [Text(text=text, marks=(Bold(),) if n % 2 else ()) for n, text in enumerate(texts)]
    return Paragraph(content=tuple(runs))


def a_snapshot(*blocks: object, annexes: tuple[Annex, ...] = ()) -> Snapshot:
    """One section with these blocks."""
    document = Document(content=cast("tuple[Block, ...]", blocks))
    return Snapshot(
        attachment_mark="附件1",
        title=TITLE,
        unit_name="某某服务中心",
        fiscal_year=2018,
        edition=1,
        dated_on=date(2019, 3, 15),
        sections=(SnapshotSection(key="basics", level=1, number=1, title="基本情况", document=document),),
        annexes=annexes,
    )


def a_full_snapshot() -> Snapshot:
    """With a table, an annex, entries, evidence, facts and proofs."""
    grid = table([[cell("姓名", head=True)], [cell("张三丰")]])
    base = Annex(
        mark="附件2",
        title=BASE,
        document=Document(content=(table([[cell("三公经费"), cell("76.00", align="right")]]),)),
    )
    at = datetime(2019, 3, 1, tzinfo=UTC)
    evidence = EvidenceMark(
        section="一、基本情况", filename="编制文件.pdf", note="批复", sha256=SHA, size=9, added_by="赵经办", added_at=at
    )
    entry = EntryMark(table=BASE, code="three-public", group="本年数", name="三公经费", value="76.00", unit="万元")
    fact = FactMark(
        key="three-public",
        name="三公经费",
        value="76.00万元",
        scope="全年",
        as_of=date(2018, 12, 31),
        source="手工填报",
        entered_by="冯填报",
        confirmed_by="褚确认",
    )
    proof = ProofMark(about="三公经费", kind="fact", value="76", filename="决算.pdf", page="3", sha256=SHA, size=9)
    full = a_snapshot(said("联系人", "张三丰", "，手机13800138000。"), grid, annexes=(base,))
    return full.model_copy(update={"evidence": (evidence,), "entries": (entry,), "facts": (fact,), "proofs": (proof,)})
