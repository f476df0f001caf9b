"""What the form of a plan sends, as a plan; and the plan as the form shows it again, refused or not."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request

from perfapp.core.disclosing.edition import Plan, PublicItem
from perfapp.core.disclosing.personal import PersonalFinding
from perfapp.core.errors import Invalid
from perfapp.services import disclosing
from perfapp.services.disclosing import Prepared

BLANK_ROWS = 2
MOST_MASKS = 200
PERSONAL_BASIS = "《中华人民共和国政府信息公开条例》第十五条"


@dataclass(frozen=True, slots=True)
class ItemRow:
    item: PublicItem
    is_open: bool
    reason: str
    mark: str = ""  # names what it has to be looked through for; empty where nothing is covered
    is_seen: bool = False


@dataclass(frozen=True, slots=True)
class FindingRow:
    finding: PersonalFinding
    handling: str  # '', 'mask' or 'accept'
    why: str

    @property
    def shown(self) -> str:
        """Enough to recognise it, not the whole of it."""
        words = self.finding.words
        return words if len(words) < 4 else words[:3] + "…" + words[-2:]


@dataclass(frozen=True, slots=True)
class PlanRows:
    """The form's rows: items, masks (words, reason, ground), findings."""

    items: tuple[ItemRow, ...]
    masks: tuple[tuple[str, str, str], ...]
    findings: tuple[FindingRow, ...]


def stored(found: Prepared) -> PlanRows:
    """The rows of the plan as it is."""
    plan = found.plan
    return PlanRows(
        items=tuple(_item(item, plan) for item in found.items),
        masks=(*((mask.words, mask.reason, mask.basis) for mask in plan.masks), *[("", "", "")] * BLANK_ROWS),
        findings=tuple(
            FindingRow(one, "accept" if one.mark in plan.accepted else "", plan.accepted.get(one.mark, ""))
            for one in found.findings
        ),
    )


def typed(found: Prepared) -> PlanRows:
    """The rows as they were typed: a refusal gives everything back."""
    opened = set(request.form.getlist("open"))
    return PlanRows(
        items=tuple(
            ItemRow(
                item,
                item.key in opened,
                request.form.get(f"reason-{item.key}", ""),
                _mark(item, found.plan),
                request.form.get(f"seen-{item.key}", "") == found.plan.mark(item.key),
            )
            for item in found.items
        ),
        masks=(*_masks(), *[("", "", "")] * BLANK_ROWS),
        findings=tuple(
            FindingRow(one, request.form.get(f"handle-{one.mark}", ""), request.form.get(f"why-{one.mark}", ""))
            for one in found.findings
        ),
    )


def plan(found: Prepared) -> Plan:
    """The plan that was sent; Invalid where a reason or a ground is missing."""
    rows = typed(found)
    _refuse_idle_reasons(rows)
    masks = [_mask(*row) for row in rows.masks if any(row)]
    for row in rows.findings:
        if row.handling == "mask":
            masks.append(_mask(row.finding.words, f"个人信息（{row.finding.kind}）", PERSONAL_BASIS))
    wanted = disclosing.checked_plan(
        {
            "withheld": {
                row.item.key: row.reason for row in rows.items if not row.is_open and not row.item.is_evidence
            },
            "shown": [row.item.key for row in rows.items if row.is_open and row.item.is_evidence],
            "masks": list({mask["words"]: mask for mask in masks}.values()),
            "accepted": _accepted(found, rows),
        }
    )
    seen = {row.item.key: row.mark for row in rows.items if row.is_seen}
    return wanted.model_copy(update={"looked": {key: mark for key, mark in seen.items() if mark == wanted.mark(key)}})


def _refuse_idle_reasons(rows: PlanRows) -> None:
    """A reason for what stays as it was would be dropped: either it is meant, or it has to go."""
    item = next((row.item for row in rows.items if row.is_open and row.reason.strip()), None)
    if item is not None:
        said = f"“{item.title}”写了不公开的理由，却还勾着公开：不公开的，请去掉勾；公开的，请清空理由。"
        raise Invalid(said, field="withheld")
    finding = next((row for row in rows.findings if not row.handling and row.why.strip()), None)
    if finding is not None:
        said = f"“{finding.shown}”写了可以公开的理由，却没有选“可以公开”：请选上，或清空理由。"
        raise Invalid(said, field="accepted")


def _accepted(found: Prepared, rows: PlanRows) -> Mapping[str, str]:
    """What was explained before stays explained, also where it is covered for the moment."""
    shown = {row.finding.mark for row in rows.findings}
    kept = {mark: why for mark, why in found.plan.accepted.items() if mark not in shown}
    return kept | {row.finding.mark: row.why for row in rows.findings if row.handling == "accept"}


def _item(item: PublicItem, stored_plan: Plan) -> ItemRow:
    is_open = item.key in stored_plan.shown if item.is_evidence else item.key not in stored_plan.withheld
    mark, reason = _mark(item, stored_plan), stored_plan.withheld.get(item.key, "")
    return ItemRow(item, is_open, reason, mark, bool(mark) and stored_plan.has_looked(item.key))


def _mark(item: PublicItem, stored_plan: Plan) -> str:
    """Only what covering does not reach is asked about, and only while something is covered."""
    return stored_plan.mark(item.key) if item.is_opaque and stored_plan.is_redacting else ""


def _masks() -> tuple[tuple[str, str, str], ...]:
    rows = zip(*(request.form.getlist(f"mask-{name}") for name in ("words", "reason", "basis")), strict=False)
    return tuple((a.strip(), b.strip(), c.strip()) for a, b, c in rows if a.strip() or b.strip() or c.strip())[
        :MOST_MASKS
    ]


def _mask(words: str, reason: str, basis: str) -> dict[str, str]:
    return {"words": words, "reason": reason, "basis": basis}
