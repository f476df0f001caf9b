"""The tabs above the pages about people."""

from flask import url_for

_TABS = (
    ("people", "人员", "admin.people"),
    ("offices", "科室", "admin.offices"),
    ("roles", "谁能做什么", "admin.roles"),
)

Tabs = list[tuple[str, str, bool, int | None]]


def people_tabs(current: str) -> Tabs:
    """What the tabs macro wants: name, address, whether it is this page, no count."""
    return [(name, url_for(endpoint), key == current, None) for key, name, endpoint in _TABS]
