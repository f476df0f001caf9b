"""What the form of a plan sends, as a plan; and the plan as the form shows it again, refused or not."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request

from perfapp.core.disclosing.edition import Plan, PublicItem
from perfapp.core.disclosing.personal import PersonalFinding
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
            ItemRow(item, item.key in opened, request.form.get(f"reason-{item.key}", "")) for item in found.items
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
    masks = [_mask(*row) for row in rows.masks if any(row)]
    for row in rows.findings:
        if row.handling == "mask":
            masks.append(_mask(row.finding.words, f"个人信息（{row.finding.kind}）", PERSONAL_BASIS))
    return disclosing.checked_plan(
        {
            "withheld": {
                row.item.key: row.reason for row in rows.items if not row.is_open and not row.item.is_evidence
            },
            "shown": [row.item.key for row in rows.items if row.is_open and row.item.is_evidence],
            "masks": list({mask["words"]: mask for mask in masks}.values()),
            "accepted": _accepted(found, rows),
        }
    )


def _accepted(found: Prepared, rows: PlanRows) -> Mapping[str, str]:
    """What was explained before stays explained, also where it is covered for the moment."""
    shown = {row.finding.mark for row in rows.findings}
    kept = {mark: why for mark, why in found.plan.accepted.items() if mark not in shown}
    return kept | {row.finding.mark: row.why for row in rows.findings if row.handling == "accept"}


def _item(item: PublicItem, stored_plan: Plan) -> ItemRow:
    if item.is_evidence:
        return ItemRow(item, item.key in stored_plan.shown, "")
    return ItemRow(item, item.key not in stored_plan.withheld, stored_plan.withheld.get(item.key, ""))


def _masks() -> tuple[tuple[str, str, str], ...]:
    rows = zip(*(request.form.getlist(f"mask-{name}") for name in ("words", "reason", "basis")), strict=False)
    return tuple((a.strip(), b.strip(), c.strip()) for a, b, c in rows if a.strip() or b.strip() or c.strip())[
        :MOST_MASKS
    ]


def _mask(words: str, reason: str, basis: str) -> dict[str, str]:
    return {"words": words, "reason": reason, "basis": basis}
