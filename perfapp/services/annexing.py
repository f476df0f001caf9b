"""The annexes as files to take away, and the words that people fill in for them."""

import io
from dataclasses import dataclass

from perfapp.core.errors import NotFound
from perfapp.core.permissions import Actor
from perfapp.data import blobs, cycles, indicators
from perfapp.documents import guard
from perfapp.documents.annex_sheet import render_annex_xlsx
from perfapp.documents.bundle import safe_name
from perfapp.documents.docx import render_annex_docx
from perfapp.services import scoring
from perfapp.services.annex_tables import annexes, layout_of
from perfapp.services.downloads import File
from perfapp.services.self_scores import SelfScore

GOALS = {"goal-planned": "年度总体目标：预期目标", "goal-reached": "年度总体目标：实际完成情况"}


@dataclass(frozen=True, slots=True)
class Wording:
    """Words that people fill in for the tables: their name, what they are called, and what they say now."""

    name: str
    title: str
    text: str


def wordings(present: SelfScore) -> tuple[Wording, ...]:
    """Everything that the tables ask for in words."""
    layout = layout_of(present.cycle.id)
    asked = dict(GOALS) if present.form.table.has_goals else {}
    asked |= dict(layout.words) if layout else {}
    said = scoring.words_of(present.views)
    return tuple(Wording(name, title, said.get(name, "")) for name, title in asked.items())


def draft_file(actor: Actor, cycle_id: int, kind: str, ending: str) -> File:
    """An annex as it is now, as docx (marked as a draft) or xlsx."""
    cycle = cycles.visible(actor, cycle_id)
    annex = annexes(cycle).get(kind)
    if annex is None or ending not in ("docx", "xlsx"):
        raise NotFound("没有找到这份附件。")
    name = safe_name(f"{annex.mark} {annex.title}（草稿）.{ending}")
    if ending == "xlsx":
        return File(io.BytesIO(render_annex_xlsx(annex, cycle.unit_name, cycle.fiscal_year)), name, guard.XLSX)
    data = render_annex_docx(annex, cycle.unit_name, cycle.fiscal_year, {}, draft=True)
    return File(io.BytesIO(data), name, guard.DOCX)


def evidence(actor: Actor, entry_id: int) -> File:
    """The file that stands behind an entry of the self-score."""
    view = indicators.get(actor.unit_id, entry_id)
    found = blobs.describe(view.evidence_sha256) if view.evidence_sha256 else None
    if found is None:
        raise NotFound("这条填报没有佐证材料。")
    return File(io.BytesIO(blobs.read(found.sha256)), view.evidence_filename, found.media_type, found.sha256)


def has_base_table(cycle_id: int) -> bool:
    """The cycle's form has a 基础数据表."""
    return layout_of(cycle_id) is not None
