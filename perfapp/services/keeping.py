"""The one way a section's text is written: what stands on it follows it."""

from perfapp.core.content import Content
from perfapp.core.remarks.anchors import carried, lines
from perfapp.data import remarks, sections


def write_content(section_id: int, new: Content, *, author_id: int, kind: str, label: str = "") -> int:
    """Store the text as a new version, in the open transaction; every remark goes with its words."""
    _follow(section_id, new)
    return sections.write_content(section_id, new, author_id=author_id, kind=kind, label=label)


def _follow(section_id: int, new: Content) -> None:
    found = [remark for remark in remarks.of_section(section_id) if remark.quoted]
    if not found:
        return
    old = sections.content(section_id)
    places = carried(
        [remark.anchor for remark in found],
        [remark.quoted for remark in found],
        lines(old.document),
        lines(new.document),
    )
    for remark, place in zip(found, places, strict=True):
        if place != remark.anchor:
            remarks.place(remark.id, place)
