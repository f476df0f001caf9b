"""Remarks in the demo: two that wait for the writer, one for reviewers only, one that has been settled."""

from datetime import date
from functools import partial

from perfapp.core.permissions import Actor, Role
from perfapp.core.remarks.proposals import Deed
from perfapp.core.remarks.rules import Audience, RemarkAct
from perfapp.data import sections
from perfapp.demo.course import Course, workday
from perfapp.demo.staff import Staff
from perfapp.services import remarks
from perfapp.services.remarks import NewRemark


def tell(course: Course, staff: Staff, today: date, *, measures_id: int, vehicles_id: int) -> None:
    """What was said of the measures before they were returned, and of the vehicles before they were accepted."""
    editor, finance = staff.one(Role.EDITOR), staff.one(Role.FINANCE)
    driver = staff.one(Role.WRITER, sections.visible(editor, vehicles_id).owner_office_name)
    said = (
        (2, editor, "绩效管理操作手册", "由哪个科室牵头、每年几月更新？请写明。", Deed.COMMENT, "", Audience.EVERYBODY),
        (2, editor, "鼎力支持", "公文用语平实一些。", Deed.REPLACE, "重视和支持", Audience.EVERYBODY),
        (2, finance, "信息化建设", "今年没有安排这项经费，合稿前请再斟酌。", Deed.COMMENT, "", Audience.REVIEWERS),
    )
    for number, (back, who, quoted, words, deed, replacement, audience) in enumerate(said):
        new = NewRemark(quoted, None, deed, audience, words, replacement)
        course.on(workday(today, back, 15, 10 + number), partial(remarks.add, who, measures_id, new))
    course.on(workday(today, 9, 9, 5), partial(_settle, editor, driver, vehicles_id))


def _settle(editor: Actor, driver: Actor, section_id: int) -> None:
    """Asked, answered, settled."""
    asked = NewRemark("平均每月派车", None, Deed.COMMENT, Audience.EVERYBODY, "全年趟次按几个月平均？请核对。")
    remark_id = remarks.add(editor, section_id, asked)
    remarks.act(driver, remark_id, RemarkAct.REPLY, "按统计到的 10 个月平均。")
    remarks.act(editor, remark_id, RemarkAct.RESOLVE, "")
