"""A delegation in the demo: a head is away on a course, the deputy leader approves for him."""

from datetime import date, timedelta

from perfapp.core.permissions import Permission, Role
from perfapp.demo.staff import Staff
from perfapp.services import delegating

_OFFICE = "项目建设管理股"
_DAYS = 10


def tell(staff: Staff, today: date) -> None:
    head = staff.one(Role.OFFICE_HEAD, _OFFICE)
    wish = delegating.Wish(
        to_id=staff.one(Role.DEPUTY_LEADER).id,
        steps=(Permission.REVIEW,),
        starts_on=today,
        ends_on=today + timedelta(days=_DAYS),
        reason="外出学习（演示）",
    )
    delegating.delegate(head, wish)
