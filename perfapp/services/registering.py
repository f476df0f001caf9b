"""The register of seal uses (用印登记), to be taken away."""

from perfapp.core.chinese import local_time
from perfapp.core.errors import Forbidden
from perfapp.core.permissions import Actor, Permission
from perfapp.data import seal_uses
from perfapp.data.seal_uses import SealUseView
from perfapp.documents.worksheet import Sheet, workbook

COLUMNS = (
    ("登记编号", 10),
    ("用印时间", 18),
    ("申请人", 12),
    ("印章名称", 30),
    ("文件名称", 50),
    ("用印事由", 34),
    ("份数", 8),
    ("交给", 20),
    ("审批人", 12),
    ("用印人", 12),
    ("结果", 20),
    ("备注", 40),
    ("盖章前文件指纹（SHA-256）", 66),
    ("盖章后文件指纹（SHA-256）", 66),
)
STATES = {"intended": "盖章中", "done": "已盖章", "failed": "没有盖成", "abandoned": "已放弃"}


def register_xlsx(actor: Actor) -> bytes:
    """The unit's register as a workbook, oldest first."""
    if not actor.may(Permission.READ_SEAL_USES):
        raise Forbidden("您没有查看用印登记的权限。")
    rows = [_row(use) for use in reversed(seal_uses.uses(actor.unit_id))]
    return workbook([Sheet("用印登记", COLUMNS, rows)])


def _row(use: SealUseView) -> tuple[str | int, ...]:
    return (
        use.number,
        f"{local_time(use.pressed_at):%Y-%m-%d %H:%M}",
        use.requested_by,
        use.seal_name,
        use.subject,
        use.purpose,
        use.copies,
        use.recipient,
        use.approved_by,
        use.pressed_by,
        STATES[use.state] + ("，报告已作废" if use.is_voided else ""),
        use.note,
        use.before_sha256,
        use.after_sha256 or "",
    )
