"""Views of imports: bringing a file, how it is read, what it would change, the change, and the files of the past."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from perfapp.blueprints.access import actor, requires
from perfapp.blueprints.handing_out import handed_out, workbook
from perfapp.blueprints.importing import fact_steps, row_steps
from perfapp.blueprints.importing.tokens import Step, opened, sign
from perfapp.blueprints.incoming import file_name
from perfapp.core.errors import DomainError, Invalid
from perfapp.core.permissions import Permission
from perfapp.data import cycles, ledgers
from perfapp.data.cycles import CycleView
from perfapp.services import fact_template, importing
from perfapp.services.importing import FACTS

P = Permission
blueprint = Blueprint("importing", __name__)
_IMPORTS = "/cycles/<int:cycle_id>/imports"


@blueprint.get(_IMPORTS)
@requires(P.READ_FIGURES)
def index(cycle_id: int) -> ResponseReturnValue:
    return _start(cycles.visible(actor(), cycle_id), request.args.get("target", FACTS)), 200


@blueprint.post(_IMPORTS)
@requires(P.ENTER_FIGURE)
def upload(cycle_id: int) -> ResponseReturnValue:
    """Answers a file that cannot be read with the page and the sentence; any other with how it would be read."""
    cycle = cycles.visible(actor(), cycle_id)
    target = request.form.get("target", FACTS)
    found = request.files.get("file")
    try:
        if found is None or not found.filename:
            raise Invalid("请先选择要导入的表格。", field="file")
        with found.stream as stream:
            data = stream.read(importing.MAX_BYTES + 1)
        kept = importing.keep(actor(), cycle.id, target, file_name(found), data)
    except Invalid as refusal:
        return _start(cycle, target, refusal.message), refusal.status
    token = sign(actor(), cycle.id, Step(kept))
    return redirect(url_for("importing.mapping", cycle_id=cycle.id, file=token), code=303)


@blueprint.get(f"{_IMPORTS}/mapping")
@requires(P.ENTER_FIGURE)
def mapping(cycle_id: int) -> ResponseReturnValue:
    step = opened(actor(), cycle_id, request.args.get("file", ""))
    cycle = importing.demand_importing(actor(), cycle_id, step.upload.target)
    if step.upload.target == FACTS:
        return fact_steps.mapping_page(cycle, step)
    return row_steps.mapping_page(cycle, step)


@blueprint.post(f"{_IMPORTS}/mapping")
@requires(P.ENTER_FIGURE)
def preview(cycle_id: int) -> ResponseReturnValue:
    """The mapping as it was changed: drawn again where the columns mean something else now, else what it would do."""
    step = opened(actor(), cycle_id, request.form.get("file", ""))
    cycle = importing.demand_importing(actor(), cycle_id, step.upload.target)
    if step.upload.target == FACTS:
        return fact_steps.preview(cycle, step)
    return row_steps.preview(cycle, step)


@blueprint.post(f"{_IMPORTS}/take")
@requires(P.ENTER_FIGURE)
def take(cycle_id: int) -> ResponseReturnValue:
    step = opened(actor(), cycle_id, request.form.get("step", ""))
    cycle = importing.demand_importing(actor(), cycle_id, step.upload.target)
    if step.mapping is None:
        raise Invalid("页面内容不完整，请回到上一步再试。")
    if step.upload.target == FACTS:
        return fact_steps.take(cycle, step)
    return row_steps.take(cycle, step)


@blueprint.get(f"{_IMPORTS}/template.xlsx")
@requires(P.READ_FIGURES)
def template(cycle_id: int) -> ResponseReturnValue:
    """The unit's facts as a list to fill in and to import."""
    return workbook(*fact_template.template(actor(), cycle_id))


@blueprint.get("/imports/<int:batch_id>/file")
@requires(P.READ_FIGURES)
def file(batch_id: int) -> ResponseReturnValue:
    return handed_out(importing.file(actor(), batch_id))


def _start(cycle: CycleView, target: str, refusal: str = "") -> str:
    """The page that asks for a file. A target that is none is not there."""
    try:
        bar = importing.importing_bar(actor(), target)
    except DomainError:
        target, bar = FACTS, importing.importing_bar(actor(), FACTS)
    names = {importing.LEDGER + one.key: one.name for one in ledgers.of_unit(actor().unit_id)}
    return render_template(
        "importing/index.html",
        cycle=cycle,
        target=target,
        target_name=names.get(target, "数据"),
        ledger_key=None if target == FACTS else importing.ledger_key(target),
        bar=bar,
        refusal=refusal,
        batches=importing.history(actor(), cycle.id),
        names=names,
        tables=[table.name for table in importing.tables(cycle)],
        max_bytes=importing.MAX_BYTES,
        accept=",".join(f".{ending}" for ending in importing.ENDINGS),
    )
