"""A section with words in it, and remarks on them."""

from typing import Any

from perfapp.core.document import parse
from perfapp.core.permissions import Actor
from perfapp.core.remarks.anchors import Anchor, lines, located
from perfapp.core.remarks.proposals import Deed
from perfapp.core.remarks.rules import Audience
from perfapp.core.section_flow import SectionAction
from perfapp.data import sections
from perfapp.data.sections import SectionView
from perfapp.services import drafting, remarks
from perfapp.services import sections as section_acts
from perfapp.services.remarks import NewRemark, Shown
from tests.making import AUnit, texts

TEXT = ("2018年全年派车2,160趟，平均每月180趟。", "机关食堂改革已经完成，职工满意。")


def document(*paragraphs: str) -> dict[str, Any]:
    content = [
        {"type": "paragraph", "content": [{"type": "text", "text": text}] if text else []} for text in paragraphs
    ]
    return {"type": "doc", "content": content}


def a_section(unit: AUnit, cycle_id: int, *paragraphs: str, handed_in: bool = False) -> SectionView:
    """A section of 办公室 that says `paragraphs`."""
    section = next(one for one in texts(cycle_id) if one.owner_office_id == unit.offices["办公室"])
    write(unit.writer, section.id, *(paragraphs or TEXT))
    if handed_in:
        section_acts.act(unit.writer, section.id, SectionAction.SUBMIT, version=now(unit, section.id).version)
    return now(unit, section.id)


def now(unit: AUnit, section_id: int) -> SectionView:
    return sections.visible(unit.editor, section_id)


def write(writer: Actor, section_id: int, *paragraphs: str) -> None:
    version = sections.visible(writer, section_id).version
    drafting.save(writer, section_id, version=version, raw=document(*paragraphs))


def remark(
    actor: Actor,
    section_id: int,
    quoted: str,
    words: str = "请核对。",
    *,
    deed: Deed = Deed.COMMENT,
    replacement: str = "",
    audience: Audience = Audience.EVERYBODY,
    near: Anchor | None = None,
) -> int:
    return remarks.add(actor, section_id, NewRemark(quoted, near, deed, audience, words, replacement))


def shown(actor: Actor, section_id: int) -> list[Shown]:
    section = sections.visible(actor, section_id)
    return remarks.of_section(actor, section, sections.content(section_id).document)


def place(quoted: str, *paragraphs: str) -> Anchor:
    found = located(lines(parse(document(*paragraphs))), quoted, None)
    assert found is not None
    return found
