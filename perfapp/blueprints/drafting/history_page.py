"""The texts a section ever had: listed, and two of them side by side."""

from typing import Any

from perfapp.blueprints.drafting import acts, section_page
from perfapp.blueprints.page import spoken_moment
from perfapp.core.compare import compare, is_same
from perfapp.core.document import Document
from perfapp.core.errors import NotFound
from perfapp.core.permissions import Actor, Permission
from perfapp.data import cycles, history, reports, sections
from perfapp.data.history import VersionView
from perfapp.data.sections import SectionView
from perfapp.services import sheets
from perfapp.services.sections import facts

KINDS = {
    "autosave": "自动保存",
    "submitted": "提交",
    "named": "命名保存",
    "restored": "恢复",
    "imported": "从 Word 导入",
    "merged": "合并",
}


def listed(actor: Actor, section_id: int, *, everything: bool) -> dict[str, Any]:
    """Milestones, or with `everything` the autosaves between them too."""
    section, editable = _section(actor, section_id)
    office = section.owner_office_id
    return {
        "section": section,
        "versions": history.versions(section_id, with_autosaves=everything),
        "kinds": KINDS,
        "everything": everything,
        "editable": editable,
        "may_name": office is not None and actor.may_at(Permission.WRITE, office),
        "naming": None,
        "typed": "",
        "refusal": "",
    }


def compared(actor: Actor, section_id: int, older: int | None, newer: int | None) -> dict[str, Any]:
    """Version `older` beside version `newer`, or beside the present text when there is no `newer`."""
    section, editable = _section(actor, section_id)
    if older is None:
        raise NotFound("没有说明要比较哪个版本，请从历史里选择。")
    left = history.version(section_id, older)
    right = history.version(section_id, newer) if newer is not None else None
    left_text = sections.version_document(section_id, older)
    right_text = sections.version_document(section_id, newer) if newer is not None else _present(section)
    rows = compare(left_text, right_text, section.level)
    return {
        "section": section,
        "rows": rows,
        "is_same": is_same(rows),
        "number": older,
        "left": title(left),
        "left_note": _note(left),
        "right": title(right) if right else "现在的文字",
        "right_note": _note(right) if right else "",
        "may_restore": editable and right is None and not is_same(rows),
        "refusal": "",
    }


def _present(section: SectionView) -> Document:
    """The text as it reads now: the figures of a draft as their facts are."""
    present = sheets.sheet(cycles.get(section.cycle_id))
    return sheets.as_read(section, sections.content(section.id), present).document


def title(version: VersionView) -> str:
    return f"第 {version.number} 号版本" + (f"（{version.label}）" if version.label else "")


def _note(version: VersionView) -> str:
    return f"{spoken_moment(version.at)} {version.author_name} {KINDS[version.kind]}"


def _section(actor: Actor, section_id: int) -> tuple[SectionView, bool]:
    section, _ = section_page.readable(actor, section_id)
    return section, acts.may_write(facts(section, reports.current(section.cycle_id)), actor)
