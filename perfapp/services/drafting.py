"""Writing a section: save, restore, import and export, pictures, evidence. Words once received are never lost."""

from dataclasses import dataclass
from datetime import datetime

from perfapp import clock
from perfapp.core.content import Content, snapshot_section
from perfapp.core.document import EMPTY, Document, parse, pictures
from perfapp.core.errors import Forbidden, Invalid, NotFound
from perfapp.core.live_figures import figures, without_unknown
from perfapp.core.permissions import Actor, Permission
from perfapp.core.section_flow import FLOW, SectionAction
from perfapp.core.snapshot import SnapshotSection
from perfapp.data import approvals, blobs, cycles, events, evidence, figure_uses, history, reports, sections
from perfapp.data.cycles import CycleView
from perfapp.data.sections import SectionView
from perfapp.data.session import transaction
from perfapp.documents import guard, word_import
from perfapp.documents import picture as pictures_of
from perfapp.documents.docx import render_section_docx
from perfapp.services import freezing, keeping, sheets
from perfapp.services.sections import facts

MAX_EVIDENCE = 50
MAX_NOTE = 200
MAX_FILE_BYTES = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Saved:
    """The section's version after a save, and when it was stored."""

    version: int
    at: datetime
    lapsed: int  # approvals that this change ended


def save(actor: Actor, section_id: int, *, version: int, raw: object, kind: str = "autosave", label: str = "") -> Saved:
    """Store the text as a new version. Conflict when somebody saved since `version`; Invalid when it is no document."""
    document = parse(raw)
    with transaction():
        section = locked_for_writing(actor, section_id, version)
        return store(actor, section, document, kind=kind, label=label)


def restore(actor: Actor, section_id: int, *, version: int, number: int) -> Saved:
    """Make the text of version `number` the present text; the one it replaces stays in the history."""
    with transaction():
        section = locked_for_writing(actor, section_id, version)
        document = sections.version_document(section_id, number)
        return store(actor, section, document, kind="restored", label=f"恢复自第 {number} 号版本")


def name_version(actor: Actor, section_id: int, number: int, label: str) -> None:
    """Keep a version under a name, so that it stays in the history that people read."""
    if not label.strip() or len(label.strip()) > 100:
        raise Invalid("请给这个版本起一个 1 到 100 字的名字。", field="label")
    with transaction():
        section = sections.visible(actor, section_id)
        if section.owner_office_id is None or not actor.may_at(Permission.WRITE, section.owner_office_id):
            raise Forbidden("只有本节的经办人可以给版本命名。")
        history.give_name(section_id, number, label.strip())


def import_word(actor: Actor, section_id: int, *, version: int, data: bytes) -> tuple[Saved, tuple[str, ...]]:
    """Replace the text by a .docx; returns what was dropped, in sentences. The old text stays in the history."""
    _check_size(data)
    imported = word_import.read_docx(data)
    with transaction():
        section = locked_for_writing(actor, section_id, version)
        for picture in imported.pictures.values():
            _keep_picture(section_id, picture)
        saved = store(actor, section, imported.document, kind="imported", label="从 Word 导入")
    return saved, imported.dropped


def export_word(actor: Actor, section_id: int) -> tuple[bytes, str]:
    """The section as a .docx to work on without the network, and its file name; `import_word` takes it back."""
    section, cycle, printed = _printed(actor, section_id)
    found = {sha256: blobs.read(sha256) for sha256 in pictures(printed.document or EMPTY)}
    data = render_section_docx(printed, cycle.unit_name, cycle.fiscal_year, found)
    return data, f"{cycle.fiscal_year}年度_{section.heading}.docx"


def ask_preview(actor: Actor, section_id: int) -> int:
    """Ask for the section's PDF with a 草稿 watermark; returns the job's id."""
    with transaction():
        section, cycle, printed = _printed(actor, section_id)
        return freezing.ask_section_preview(section, printed, cycle.unit_name, cycle.fiscal_year)


def add_picture(actor: Actor, section_id: int, filename: str, data: bytes) -> str:
    """Store a picture of the section; returns its SHA-256. It is shown once the text refers to it."""
    _check_size(data)
    guard.sniff(filename, data)
    clean, _ = pictures_of.clean_picture(data)
    with transaction():
        locked_for_writing(actor, section_id, None)
        return _keep_picture(section_id, clean)


def picture(actor: Actor, section_id: int, sha256: str) -> tuple[bytes, str]:
    """The picture's bytes and media type, for whoever may read the section."""
    sections.visible(actor, section_id)
    return _picture_of(section_id, sha256)


def add_evidence(actor: Actor, section_id: int, filename: str, data: bytes, note: str = "") -> None:
    """Attach a file; its real type is checked by content, its bytes are stored by digest."""
    _check_size(data)
    if len(note) > MAX_NOTE:
        raise Invalid(f"说明最多 {MAX_NOTE} 字，请写得短些。", field="note")
    media_type = guard.sniff(filename, data)
    with transaction():
        section = locked_for_writing(actor, section_id, None)
        if len(evidence.of_section(section_id)) >= MAX_EVIDENCE:
            raise Invalid(f"本节已有 {MAX_EVIDENCE} 份佐证材料，请先合并或移除一些。", field="file")
        digest = blobs.put(data, media_type)
        evidence.add(section_id, digest, filename, note, actor.id)
        _record(actor, section, "add_evidence", filename, digest)


def remove_evidence(actor: Actor, section_id: int, evidence_id: int) -> str:
    """Take the file off the section; returns its name."""
    with transaction():
        section = locked_for_writing(actor, section_id, None)
        item = evidence.get(section_id, evidence_id)
        evidence.remove(evidence_id, actor.id)
        _record(actor, section, "remove_evidence", item.filename, item.sha256)
    return item.filename


def read_evidence(actor: Actor, section_id: int, evidence_id: int) -> tuple[bytes, str, str]:
    """The file's bytes, media type and name, for whoever may read the section."""
    sections.visible(actor, section_id)
    item = evidence.get(section_id, evidence_id)
    return blobs.read(item.sha256), item.media_type, item.filename


def locked_for_writing(actor: Actor, section_id: int, version: int | None) -> SectionView:
    """The locked section, if the actor may write it now; `version` None where only the right matters."""
    report = reports.lock_current(sections.cycle_of(section_id, actor), actor.unit_id)
    section = sections.lock(section_id, actor.unit_id)
    present = section.version if version is None else version
    FLOW.decide(facts(section, report), SectionAction.SAVE, actor, version=present)
    return section


def _printed(actor: Actor, section_id: int) -> tuple[SectionView, CycleView, SnapshotSection]:
    """The section as the report would print it now."""
    section = sections.visible(actor, section_id)
    if not section.has_text:
        raise NotFound("没有找到这一节。")
    cycle = cycles.get(section.cycle_id)
    printed = snapshot_section(
        sheets.as_read(section, sections.content(section.id), sheets.sheet(cycle)),
        level=section.level,
        number=section.number,
        run_in=section.run_in,
        has_text=True,
    )
    return section, cycle, printed


def store(actor: Actor, section: SectionView, document: Document, *, kind: str, label: str) -> Saved:
    """Write the locked section's text as its next version, in the open transaction."""
    foreign = set(pictures(document)) - evidence.pictures(section.id)
    if foreign:
        raise Invalid("正文里有一张图片不属于本节，请删去后重新插入。")
    document = _with_figures(section, document)
    new = Content(section.key, section.title, document)
    if new.sha256 == section.content_sha256 and kind == "autosave" and section.last_author_id is not None:
        return Saved(section.version, section.saved_at or clock.now(), 0)
    if section.last_author_id is None and document == EMPTY:
        return Saved(section.version, clock.now(), 0)
    report = reports.current(section.cycle_id)
    decision = FLOW.decide(facts(section, report), SectionAction.SAVE, actor, version=section.version)
    version = keeping.write_content(section.id, new, author_id=actor.id, kind=kind, label=label)
    if decision.new is not decision.old:
        version = sections.write_state(section.id, decision, actor_id=actor.id, direct_to=section.direct_to)
        _record(actor, section, "start", "", new.sha256, decision.old.value, decision.new.value)
    elif kind != "autosave":
        _record(actor, section, f"save_{kind}", label, new.sha256)
    figure_uses.set_uses(section.id, section.unit_id, sheets.keys(document))
    lapsed = approvals.lapse_section(section.id, new.sha256)
    return Saved(version, clock.now(), lapsed)


def _with_figures(section: SectionView, document: Document) -> Document:
    """The figures say what the facts say, whatever the browser sent; one of a fact we do not have is plain words."""
    if not figures(document):
        return document
    present = sheets.sheet(cycles.get(section.cycle_id))
    return sheets.live(without_unknown(document, frozenset(present.definitions)), present)


def _record(
    actor: Actor, section: SectionView, action: str, reason: str, digest: str, old: str = "", new: str = ""
) -> None:
    events.record(
        action,
        actor_id=actor.id,
        unit_id=section.unit_id,
        cycle_id=section.cycle_id,
        section_id=section.id,
        reason=reason,
        content_sha256=digest,
        old_state=old,
        new_state=new,
    )


def _keep_picture(section_id: int, data: bytes) -> str:
    media_type = "image/png" if data.startswith(b"\x89PNG") else "image/jpeg"
    digest = blobs.put(data, media_type)
    evidence.add_picture(section_id, digest)
    return digest


def _picture_of(section_id: int, sha256: str) -> tuple[bytes, str]:
    found = blobs.describe(sha256) if sha256 in evidence.pictures(section_id) else None
    if found is None:
        raise NotFound("没有找到这张图片。")
    return blobs.read(sha256), found.media_type


def _check_size(data: bytes) -> None:
    if not data:
        raise Invalid("文件是空的，请重新选择。", field="file")
    if len(data) > MAX_FILE_BYTES:
        raise Invalid("文件超过 20 MB，请压缩或拆分后再传。", field="file")
