"""What happened, in words: one sentence for every action that an event can record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from perfapp.core import return_kinds
from perfapp.core.words import Tone

Words = tuple[str, Tone]

SECTION: Mapping[str, Words] = {
    "start": ("开始编写{subject}", Tone.ACTIVE),
    "save": ("保存了{subject}", Tone.ACTIVE),
    "submit": ("提交了{subject}", Tone.WAITING),
    "declare_absent": ("把{subject}填报为“不适用”", Tone.WAITING),
    "withdraw": ("取回了{subject}", Tone.ACTIVE),
    "endorse": ("审核通过了{subject}", Tone.DONE),
    "undo_endorse": ("撤回了对{subject}的审核", Tone.IDLE),
    "check": ("核对了{subject}的数字，通过", Tone.DONE),
    "undo_check": ("撤回了对{subject}的核数", Tone.IDLE),
    "accept": ("采纳了{subject}", Tone.DONE),
    "undo_accept": ("撤回了对{subject}的采纳", Tone.IDLE),
    "add": ("为{subject}加签：请{person}在本人{order}审", Tone.WAITING),
    "hand_on": ("把{subject}转给{person}办理", Tone.WAITING),
    "take_back": ("收回了给{person}的加签或转办", Tone.IDLE),
    "consent": ("加签同意{subject}", Tone.DONE),
    "return": ("把{subject}退回修改{kind}{direct}", Tone.LATE),
    "reopen": ("重新打开了{subject}{kind}", Tone.LATE),
    "recall": ("把{subject}随报告退回修改{kind}{direct}", Tone.LATE),
    "urge": ("催办{subject}，已提醒{names}", Tone.WAITING),
    "escalate": ("{subject}逾期未办，已报告{names}", Tone.LATE),
    "add_evidence": ("给{subject}附上了佐证材料", Tone.IDLE),
    "remove_evidence": ("移除了{subject}的一份佐证材料", Tone.IDLE),
    "save_autosave": ("保存了{subject}", Tone.IDLE),
    "save_submitted": ("保存了{subject}", Tone.IDLE),
    "save_named": ("给{subject}的一个版本命了名", Tone.IDLE),
    "save_restored": ("恢复了{subject}的一个旧版本", Tone.IDLE),
    "save_imported": ("从 Word 文件导入了{subject}", Tone.IDLE),
    "save_merged": ("合并了{subject}的两份修改", Tone.IDLE),
    "assign": ("调整了{subject}的负责科室", Tone.IDLE),
    "rename": ("改了{subject}的标题", Tone.IDLE),
    "add_item": ("新增了{subject}", Tone.IDLE),
    "move": ("移动了{subject}的位置", Tone.IDLE),
    "remove_item": ("删除了{subject}", Tone.IDLE),
    "explain_finding": ("说明了{subject}的一处体检问题：{finding}", Tone.WAITING),
    "accept_explanation": ("认可了{subject}一处体检问题的说明：{finding}", Tone.DONE),
    "refuse_explanation": ("没有认可{subject}一处体检问题的说明：{finding}", Tone.LATE),
    "figure_changed": ("改了{subject}引用的“{fact}”：{changes}", Tone.WAITING),
    "keep_passage": ("说明{subject}有一段沿用：{passage}", Tone.IDLE),
    "unkeep_passage": ("收回了{subject}一段的沿用说明：{passage}", Tone.IDLE),
    "remark": ("批注了{subject}", Tone.WAITING),
    "propose": ("对{subject}提出了修改建议", Tone.WAITING),
    "remark_reply": ("回复了{subject}的一条批注", Tone.IDLE),
    "remark_resolve": ("把{subject}的一条批注标为已解决", Tone.DONE),
    "remark_reopen": ("重新提出了{subject}的一条批注", Tone.WAITING),
    "remark_accept": ("采纳了{person}对{subject}的修改建议", Tone.DONE),
    "remark_refuse": ("没有采纳{person}对{subject}的修改建议", Tone.LATE),
    "change_section": ("改了{subject}的填写说明或填报要求", Tone.IDLE),
}
REPORT: Mapping[str, Words] = {
    "merge": ("把各节合成{subject}", Tone.ACTIVE),
    "unmerge": ("取消了合稿", Tone.IDLE),
    "compile": ("要求重新生成{subject}的文件", Tone.IDLE),
    "send": ("把{subject}送审", Tone.WAITING),
    "unsend": ("撤回了送审", Tone.IDLE),
    "endorse": ("会审同意{subject}", Tone.DONE),
    "undo_endorse": ("撤回了对{subject}的会审意见", Tone.IDLE),
    "add": ("为{subject}加签：请{person}在本人{order}审", Tone.WAITING),
    "hand_on": ("把{subject}转给{person}办理", Tone.WAITING),
    "take_back": ("收回了给{person}的加签或转办", Tone.IDLE),
    "consent": ("加签同意{subject}", Tone.DONE),
    "issue": ("签发了{subject}", Tone.DONE),
    "undo_issue": ("撤回了签发", Tone.IDLE),
    "request_seal": ("为{subject}申请用印", Tone.WAITING),
    "cancel_request": ("撤回了用印申请", Tone.IDLE),
    "refuse_seal": ("退回了用印申请", Tone.LATE),
    "press": ("给{subject}盖章", Tone.SEAL),
    "retry_seal": ("重新给{subject}盖章", Tone.SEAL),
    "abandon_seal": ("放弃了这一次盖章", Tone.LATE),
    "upload_paper": ("上传了{subject}的纸质签章扫描件", Tone.WAITING),
    "refuse_paper": ("没有接收{subject}的纸质签章扫描件", Tone.LATE),
    "read_paper": ("读完了{subject}的纸质签章扫描件，页数齐全", Tone.ACTIVE),
    "return_paper": ("退回了{subject}的纸质签章扫描件", Tone.LATE),
    "confirm_paper": ("核对并确认了{subject}的纸质签章件", Tone.SEAL),
    "record_sealed": ("完成盖章并验证了{subject}", Tone.SEAL),
    "seal_refused": ("没有给{subject}盖成章", Tone.LATE),
    "countersign": ("请上级单位给{subject}加盖“{seal}”", Tone.SEAL),
    "countersigned": ("上级单位给{subject}加盖了“{seal}”，已验证", Tone.SEAL),
    "countersign_refused": ("上级单位退回了加盖“{seal}”的请求", Tone.LATE),
    "countersign_withdrawn": ("撤回了加盖“{seal}”的请求", Tone.IDLE),
    "renew_archive": ("给{subject}的归档文件续了存档时间戳，有效至{period}", Tone.SEAL),
    "deliver": ("登记{subject}已报送", Tone.DONE),
    "void": ("作废了{subject}", Tone.VOID),
    "reissue": ("决定重新编制报告", Tone.ACTIVE),
    "return": ("把{subject}退回修改{direct}{sections}", Tone.LATE),
    "new_edition": ("新建了{subject}", Tone.ACTIVE),
    "receive": ("签收了{subject}，签收号{value}", Tone.DONE),
    "pass": ("审核通过了{subject}", Tone.DONE),
    "bureau_return": ("把{subject}退回修改{sections}", Tone.LATE),
    "bureau_comment": ("对{subject}提出审核意见", Tone.WAITING),
    "disclose_prepare": ("开始准备公开{subject}", Tone.ACTIVE),
    "disclose_change": ("修改了{subject}的公开方案", Tone.IDLE),
    "disclose_submit": ("把{subject}的公开件提交保密审查", Tone.WAITING),
    "disclose_clear": ("保密审查通过了{subject}的公开件", Tone.DONE),
    "disclose_approve": ("审签同意公开{subject}", Tone.DONE),
    "disclose_refuse": ("退回了{subject}的公开件", Tone.LATE),
    "disclose_publish": ("公开了{subject}，索引号{value}", Tone.DONE),
    "disclose_withdraw": ("撤下了{subject}的公开件", Tone.LATE),
    "disclose_resume": ("重新准备公开{subject}", Tone.ACTIVE),
    "urge": ("催办{subject}，已提醒{names}", Tone.WAITING),
    "escalate": ("{subject}逾期未办，已报告{names}", Tone.LATE),
}
CYCLE: Mapping[str, Words] = {
    "open_cycle": ("开始了年度任务", Tone.ACTIVE),
    "set_step_rules": ("改了几个人一起审批的规则：{changes}", Tone.IDLE),
    "change_cycle": ("修改了年度任务的标题、依据或日期", Tone.IDLE),
    "redate_cycle": ("因工作日历变动，重新推算了截止日期", Tone.IDLE),
    "attach_notice": ("上传了依据文件", Tone.IDLE),
    "remove_item": ("删除了一节", Tone.IDLE),
    "add_ledger_row": ("在“{ledger}”记了一笔", Tone.ACTIVE),
    "remove_ledger_row": ("从“{ledger}”划去了一笔", Tone.LATE),
    "import_facts": ("从“{file}”导入了 {count} 个数：{fact}", Tone.ACTIVE),
    "import_ledger": ("从“{file}”往“{ledger}”导入了 {count} 笔", Tone.ACTIVE),
    "total_ledger": ("“{ledger}”汇总出新的{fact}", Tone.ACTIVE),
    "enter_fact": ("填报了“{fact}”{period}：{value}", Tone.ACTIVE),
    "confirm_fact": ("确认了“{fact}”：{value}", Tone.DONE),
    "open_checkpoint": ("发起了{period}绩效监控", Tone.WAITING),
    "hand_in_checkpoint": ("交了{period}绩效监控", Tone.DONE),
    "take_back_checkpoint": ("取回了{period}绩效监控", Tone.IDLE),
    "fill_indicator": ("填报了自评指标“{fact}”", Tone.ACTIVE),
    "consent_score": ("同意“{fact}”自评得{value}", Tone.DONE),
    "fill_words": ("填写了自评表、基础数据表中的目标或措施", Tone.ACTIVE),
    "pin_form": ("改用“{fact}”", Tone.IDLE),
    "dispute_open": ("对“{fact}”提出争议，认为应是{value}", Tone.LATE),
    "dispute_answer": ("答复了“{fact}”的争议", Tone.WAITING),
    "dispute_uphold": ("裁定“{fact}”的争议：维持{value}", Tone.DONE),
    "dispute_replace": ("裁定“{fact}”的争议：改用{value}", Tone.DONE),
    "dispute_overrule": ("改判“{fact}”的争议：用{value}", Tone.LATE),
    "measure_enter": ("把措施列入整改台账：{value}", Tone.ACTIVE),
    "measure_assign": ("定了措施的责任和时限：{value}", Tone.IDLE),
    "measure_progress": ("登记了措施的进展：{value}", Tone.ACTIVE),
    "measure_claim": ("报措施已完成：{value}", Tone.WAITING),
    "measure_withdraw": ("撤回了报完成：{value}", Tone.IDLE),
    "measure_confirm": ("确认措施已完成：{value}", Tone.DONE),
    "measure_refuse": ("没有确认措施完成：{value}", Tone.LATE),
    "measure_drop": ("决定措施不再办理：{value}", Tone.VOID),
    "measure_reopen": ("重新办理措施：{value}", Tone.ACTIVE),
    "dispute_withdraw": ("撤回了对“{fact}”的争议", Tone.IDLE),
}
UNIT: Mapping[str, Words] = {
    "remark_inside": ("写了一条只给审核人看的批注", Tone.IDLE),
    "remark_inside_act": ("办理了一条只给审核人看的批注", Tone.IDLE),
    "remind": ("发出了当天的到期提醒，共 {count} 人", Tone.IDLE),
    "change_calendar": ("保存了{period}年的节假日安排（{fact}）", Tone.IDLE),
    "add_robot": ("添加了群机器人“{fact}”", Tone.IDLE),
    "try_robot": ("向群机器人“{fact}”发了测试消息", Tone.IDLE),
    "remove_robot": ("取消了群机器人“{fact}”", Tone.LATE),
    "resend": ("重发了一条没有送达的消息：{fact}", Tone.IDLE),
    "choose_channel": ("改了自己的通知方式：{fact}", Tone.IDLE),
    "sign_in": ("登录", Tone.IDLE),
    "sign_in_refused": ("登录未成功", Tone.LATE),
    "sign_out": ("退出登录", Tone.IDLE),
    "change_password": ("修改了自己的密码", Tone.IDLE),
    "create_person": ("新建了人员{person}", Tone.IDLE),
    "change_person": ("修改了{person}的资料", Tone.IDLE),
    "reset_password": ("重置了{person}的密码", Tone.LATE),
    "disable_person": ("停用了{person}的账号", Tone.LATE),
    "enable_person": ("恢复了{person}的账号", Tone.IDLE),
    "end_sessions": ("退出了自己在其他设备上的登录", Tone.IDLE),
    "grant": ("授予{person}“{role}”", Tone.IDLE),
    "revoke": ("解除了{person}的“{role}”", Tone.LATE),
    "delegate": ("委托{person}代理{role}", Tone.WAITING),
    "end_delegation": ("结束了委托{person}的代理", Tone.IDLE),
    "hand_over": ("把{person}的工作移交给{role}", Tone.LATE),
    "set_seal_policy": ("把盖章方式改为{policy}", Tone.SEAL),
    "add_office": ("新增了科室{office}", Tone.IDLE),
    "rename_office": ("改了科室名称：{office}", Tone.IDLE),
    "close_office": ("撤销了科室{office}", Tone.LATE),
    "reopen_office": ("恢复了科室{office}", Tone.IDLE),
    "install_unit": ("设立了单位{unit}", Tone.IDLE),
    "change_ledger": ("改了“{ledger}”的列", Tone.IDLE),
    "assign_ledger": ("调整了“{ledger}”的登记科室", Tone.IDLE),
    "save_form": ("保存了本单位的“{fact}”第{value}版", Tone.IDLE),
    "define_fact": ("登记了数据“{fact}”", Tone.IDLE),
    "change_fact": ("改了数据“{fact}”的定义", Tone.IDLE),
    "retire_fact": ("停用了数据“{fact}”", Tone.LATE),
    "revive_fact": ("恢复了数据“{fact}”", Tone.IDLE),
    "open_evidence": ("查阅了{unit}随报告报送的佐证材料“{file}”", Tone.IDLE),
    "delivered_here": ("收到{unit}在线报送的报告", Tone.WAITING),
    "supervise": ("定“{unit}”为本单位的财政部门", Tone.IDLE),
    "register_seal": ("登记了印章{seal}", Tone.SEAL),
    "add_test_es": ("给印章{seal}配了国密测试签章", Tone.SEAL),
    "seal_change": ("变更了印章{seal}的登记", Tone.SEAL),
    "seal_renew": ("给印章{seal}登记了新证书", Tone.SEAL),
    "seal_enable": ("启用了印章{seal}", Tone.SEAL),
    "seal_adopt": ("让印章{seal}改用新证书", Tone.SEAL),
    "seal_stop": ("停用了印章{seal}", Tone.LATE),
    "seal_cancel": ("注销了印章{seal}", Tone.VOID),
    "seal_warning": ("检查了印章{seal}", Tone.LATE),
    "set_countersign": ("改了上级加盖的要求：{seal}", Tone.SEAL),
}
SYSTEM = "系统"
RETURNS = frozenset({"return", "reopen", "recall", "bureau_return"})
"""What begins another round of a section or a report."""
_NAMED = (
    "passage",
    "person",
    "role",
    "policy",
    "office",
    "unit",
    "seal",
    "fact",
    "value",
    "period",
    "finding",
    "ledger",
    "file",
    "order",
)


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of a time line: `who` did `what`; `reason` in his own words."""

    who: str
    what: str
    reason: str
    tone: Tone


def tell(
    action: str,
    *,
    actor: str,
    subject: str = "",
    reason: str = "",
    details: Mapping[str, Any] | None = None,
    of_section: bool = False,
    of_report: bool = False,
) -> Happening:
    """The event in words. `subject` names the section or report; an empty actor is the system."""
    tables = [SECTION] if of_section else [REPORT] if of_report else [CYCLE, UNIT, SECTION, REPORT]
    words, tone = next((table[action] for table in tables if action in table), ("办理了一项操作", Tone.IDLE))
    given = details or {}
    values = {
        "subject": f"“{_inside(subject)}”" if of_section and subject else subject or "这一节",
        "kind": f"（{return_kinds.word(str(given['kind']))}）" if given.get("kind") else "",
        "direct": "，改好后直接回到退回人" if given.get("direct") else "",
        "sections": _listed("，涉及", given.get("sections")),
        "names": _listed("", given.get("names")) or "有关人员",
        "count": given.get("count", 0),
        "changes": _listed("", given.get("changes")),
        **{name: given.get(name, "") for name in _NAMED},
    }
    said = "" if reason.strip() in subject else reason.strip()  # a new item's reason is its title
    return Happening(actor or SYSTEM, words.format(**values), said, tone)


def rounds(newest_first: Iterable[tuple[int, str]]) -> dict[int, int]:
    """Which return an event is, counted from the first: 1 for 第 1 轮退回. Events as (id, action)."""
    returns = [event_id for event_id, action in newest_first if action in RETURNS]
    return {event_id: number for number, event_id in enumerate(reversed(returns), start=1)}


def in_round(what: str, number: int | None) -> str:
    """第 2 轮退回：把这一节退回修改"""
    return f"第 {number} 轮退回：{what}" if number else what


def _inside(words: str) -> str:
    """Quotation marks within quotation marks are single ones (GB/T 15834, 4.8)."""
    return words.replace("“", "‘").replace("”", "’")


def _listed(lead: str, names: object) -> str:
    return lead + "、".join(str(name) for name in names) if isinstance(names, list | tuple) and names else ""
