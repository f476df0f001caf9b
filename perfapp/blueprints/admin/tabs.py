"""The tabs above the pages about people."""

from flask import url_for

_TABS = (
    ("people", "人员", "admin.people"),
    ("offices", "科室", "admin.offices"),
    ("roles", "谁能做什么", "admin.roles"),
)
_KEPT_BY_ADMIN = (
    ("calendar", "工作日历", "messages.calendar"),
    ("messages", "消息发送", "messages.index"),
)

Tabs = list[tuple[str, str, bool, int | None]]


def people_tabs(current: str, *, may_manage: bool = False) -> Tabs:
    """What the tabs macro wants: name, address, whether it is this page, no count."""
    tabs = (*_TABS, *_KEPT_BY_ADMIN) if may_manage else _TABS
    return [(name, url_for(endpoint), key == current, None) for key, name, endpoint in tabs]
