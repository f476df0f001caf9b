"""Files that people bring to be read into facts or a ledger: kept on upload, read again for every step."""

import io
from dataclasses import dataclass

from perfapp.core.errors import Forbidden, NotFound
from perfapp.core.figures.importing.mapping import ImportRules, TableRule
from perfapp.core.permissions import Actor, Permission
from perfapp.core.spreadsheet import Workbook
from perfapp.data import blobs, cycles, forms, imports, ledgers
from perfapp.data.cycles import CycleView
from perfapp.data.imports import FACTS, BatchView
from perfapp.data.session import transaction
from perfapp.documents.spreadsheets.reading import ENDINGS, MAX_BYTES, read_workbook
from perfapp.services.downloads import File
from perfapp.services.ledgers import keeping_bar

__all__ = ["ENDINGS", "FACTS", "MAX_BYTES"]
LEDGER = "ledger:"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file somebody has brought, by its digest in the store."""

    target: str  # 'facts' or 'ledger:<key>'
    sha256: str
    filename: str


def keep(actor: Actor, cycle_id: int, target: str, filename: str, data: bytes) -> Upload:
    """Store the file, once it has been seen that it can be read; Invalid, in one sentence, where it cannot."""
    demand_importing(actor, cycle_id, target)
    _, media_type = read_workbook(filename, data)
    with transaction():
        return Upload(target, blobs.put(data, media_type), filename)


def read(upload: Upload) -> Workbook:
    """The file as a workbook of values."""
    return read_workbook(upload.filename, blobs.read(upload.sha256))[0]


def demand_importing(actor: Actor, cycle_id: int, target: str) -> CycleView:
    """The cycle; Forbidden unless the actor may import into the target, NotFound where there is no such target."""
    cycle = cycles.visible(actor, cycle_id)
    why = importing_bar(actor, target)
    if why:
        raise Forbidden(why)
    return cycle


def importing_bar(actor: Actor, target: str) -> str:
    """Why the actor may not import into the target; '' where he may. NotFound where there is no such target."""
    if target == FACTS:
        return "" if actor.may(Permission.ENTER_FIGURE) else "数据由各科室经办人导入。"
    return keeping_bar(actor, ledgers.get(actor.unit_id, ledger_key(target)))


def ledger_key(target: str) -> str:
    if not target.startswith(LEDGER):
        raise NotFound("没有找到要导入的地方。")
    return target.removeprefix(LEDGER)


def tables(cycle: CycleView) -> tuple[TableRule, ...]:
    """The tables that the cycle's form knows."""
    part = forms.pinned(cycle.id, "imports")
    return ImportRules.model_validate(part.content).tables if part else ()


def history(actor: Actor, cycle_id: int) -> list[BatchView]:
    """The cycle's imports, newest first."""
    return imports.of_cycle(cycles.visible(actor, cycle_id).id)


def file(actor: Actor, batch_id: int) -> File:
    """The file of an import, as it was brought."""
    batch = imports.get(actor.unit_id, batch_id)
    return File(io.BytesIO(blobs.read(batch.sha256)), batch.filename, batch.media_type, batch.sha256)
