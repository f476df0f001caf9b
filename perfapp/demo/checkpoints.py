"""The demo unit's look back on half a year: some offices have handed in, one target was in doubt."""

import re
from datetime import date

from perfapp.core.checkpoints import Period
from perfapp.core.permissions import Role
from perfapp.demo.staff import Staff
from perfapp.services import checkpoints

FINE = {"so_far": "按计划推进，已过半（演示数据）", "outlook": "reach"}
DOUBT = {
    "so_far": "完成三成（演示数据）",
    "outlook": "risk",
    "reason": "上半年只做了前期手续，支出集中在下半年",
    "measure": "三季度完成招标和验收，逐月通报支出进度",
}
_OF_SPENDING = re.compile("预算|支出|资金|经费|采购|专项")  # what spending that comes late puts at risk
LATE = 1
"""So many offices have not handed in."""


def tell(staff: Staff, cycle_id: int, due_on: date) -> None:
    checkpoint_id = checkpoints.open_checkpoint(staff.one(Role.EDITOR), cycle_id, Period.HALF.value, due_on)
    parts = checkpoints.look(staff.one(Role.EDITOR), checkpoint_id).parts
    for part in parts[: len(parts) - LATE]:
        late = next((line.indicator.key for line in part.lines if _OF_SPENDING.search(line.indicator.name)), "")
        said = {
            line.indicator.key: {**(DOUBT if line.indicator.key == late else FINE), "number": "0"}
            for line in part.lines
        }
        writer = staff.one(Role.WRITER, part.office_name)
        checkpoints.fill(writer, checkpoint_id, part.office_id, said, hand_in=True)
