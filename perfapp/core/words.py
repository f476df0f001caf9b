"""The words and tones of states and acts: the one place that names them for people."""

from collections.abc import Mapping
from enum import StrEnum

from perfapp.core.disclosing.flow import DisclosureAction, DisclosureState
from perfapp.core.figures.dispute_flow import DisputeAction, DisputeState
from perfapp.core.figures.fact_state import FactState
from perfapp.core.measures.flow import MeasureAction, MeasureState
from perfapp.core.permissions import Permission
from perfapp.core.report_flow import ReportAction, ReportState, SealPolicy
from perfapp.core.seal_flow import SealAction, SealKind, SealState
from perfapp.core.section_flow import SectionAction, SectionState


class Tone(StrEnum):
    """How a state looks: always with its word, never by colour alone."""

    IDLE = "idle"
    ACTIVE = "active"
    WAITING = "waiting"
    DONE = "done"
    LATE = "late"
    SEAL = "seal"
    VOID = "void"


SECTION_STATES: Mapping[SectionState, tuple[str, Tone]] = {
    SectionState.NOT_STARTED: ("未开始", Tone.IDLE),
    SectionState.DRAFTING: ("编写中", Tone.ACTIVE),
    SectionState.SUBMITTED: ("已提交", Tone.WAITING),
    SectionState.HEAD_APPROVED: ("科室已审", Tone.WAITING),
    SectionState.FINANCE_CHECKED: ("财务已核", Tone.WAITING),
    SectionState.ACCEPTED: ("已采纳", Tone.DONE),
}

REPORT_STATES: Mapping[ReportState, tuple[str, Tone]] = {
    ReportState.DRAFTING: ("编写", Tone.ACTIVE),
    ReportState.MERGING: ("合稿", Tone.ACTIVE),
    ReportState.REVIEWING: ("会审", Tone.WAITING),
    ReportState.AWAITING_ISSUE: ("待签发", Tone.WAITING),
    ReportState.ISSUED: ("已签发", Tone.DONE),
    ReportState.AWAITING_SEAL: ("待用印", Tone.WAITING),
    ReportState.SEALING: ("盖章中", Tone.SEAL),
    ReportState.SEALED: ("已盖章", Tone.SEAL),
    ReportState.DELIVERED: ("已报送", Tone.DONE),
    ReportState.VOIDED: ("已作废", Tone.VOID),
}

SECTION_ACTIONS: Mapping[SectionAction, str] = {
    SectionAction.SAVE: "保存",
    SectionAction.SUBMIT: "提交",
    SectionAction.DECLARE_ABSENT: "填报“不适用”",
    SectionAction.WITHDRAW: "取回",
    SectionAction.ENDORSE: "审核通过",
    SectionAction.UNDO_ENDORSE: "撤回审核",
    SectionAction.CHECK: "核数通过",
    SectionAction.UNDO_CHECK: "撤回核数",
    SectionAction.ACCEPT: "采纳",
    SectionAction.UNDO_ACCEPT: "撤回采纳",
    SectionAction.ADD: "加签",
    SectionAction.HAND_ON: "转办",
    SectionAction.RETURN: "退回修改",
    SectionAction.REOPEN: "重新打开",
    SectionAction.RECALL: "随报告退回",
}

REPORT_ACTIONS: Mapping[ReportAction, str] = {
    ReportAction.MERGE: "合稿",
    ReportAction.UNMERGE: "取消合稿",
    ReportAction.COMPILE: "重新生成文件",
    ReportAction.SEND: "送审",
    ReportAction.UNSEND: "撤回送审",
    ReportAction.ENDORSE: "会审同意",
    ReportAction.UNDO_ENDORSE: "撤回会审",
    ReportAction.ADD: "加签",
    ReportAction.HAND_ON: "转办",
    ReportAction.ISSUE: "同意并签发",
    ReportAction.UNDO_ISSUE: "撤回签发",
    ReportAction.REQUEST_SEAL: "申请用印",
    ReportAction.CANCEL_REQUEST: "撤回用印申请",
    ReportAction.REFUSE_SEAL: "退回用印申请",
    ReportAction.PRESS: "盖章",
    ReportAction.RETRY_SEAL: "重新盖章",
    ReportAction.ABANDON_SEAL: "放弃本次盖章",
    ReportAction.RECORD_SEALED: "盖章完成",
    ReportAction.CONFIRM_PAPER: "确认纸质签章件",
    ReportAction.DELIVER: "登记报送",
    ReportAction.VOID: "作废",
    ReportAction.REISSUE: "重新编制",
    ReportAction.RETURN: "退回修改",
    ReportAction.RECEIVE: "财政签收",
    ReportAction.PASS: "财政审核通过",
    ReportAction.BUREAU_RETURN: "财政退回",
}

FACT_STATES: Mapping[FactState, tuple[str, Tone]] = {
    FactState.EMPTY: ("未填", Tone.IDLE),
    FactState.WAITING: ("待确认", Tone.WAITING),
    FactState.CONFIRMED: ("已确认", Tone.DONE),
    FactState.FORMULA: ("公式", Tone.ACTIVE),
}

DISCLOSURE_STATES: Mapping[DisclosureState, tuple[str, Tone]] = {
    DisclosureState.PREPARING: ("准备公开", Tone.ACTIVE),
    DisclosureState.CLEARING: ("待保密审查", Tone.WAITING),
    DisclosureState.AWAITING_APPROVAL: ("待审签", Tone.WAITING),
    DisclosureState.APPROVED: ("待公开", Tone.WAITING),
    DisclosureState.PUBLISHED: ("已公开", Tone.DONE),
    DisclosureState.WITHDRAWN: ("已撤下", Tone.VOID),
}

DISCLOSURE_ACTIONS: Mapping[DisclosureAction, str] = {
    DisclosureAction.CHANGE: "修改公开方案",
    DisclosureAction.SUBMIT: "提交保密审查",
    DisclosureAction.CLEAR: "保密审查通过",
    DisclosureAction.APPROVE: "审签同意公开",
    DisclosureAction.REFUSE: "退回公开方案",
    DisclosureAction.PUBLISH: "公开",
    DisclosureAction.WITHDRAW: "撤下",
    DisclosureAction.RESUME: "重新准备公开",
}

MEASURE_STATES: Mapping[MeasureState, tuple[str, Tone]] = {
    MeasureState.NOT_STARTED: ("未开始", Tone.IDLE),
    MeasureState.UNDER_WAY: ("进行中", Tone.ACTIVE),
    MeasureState.CLAIMED: ("待确认", Tone.WAITING),
    MeasureState.DONE: ("已完成", Tone.DONE),
    MeasureState.DROPPED: ("不再办理", Tone.VOID),
}

MEASURE_ACTIONS: Mapping[MeasureAction, str] = {
    MeasureAction.ASSIGN: "定责任和时限",
    MeasureAction.PROGRESS: "登记进展",
    MeasureAction.CLAIM: "报完成",
    MeasureAction.WITHDRAW: "撤回报完成",
    MeasureAction.CONFIRM: "确认完成",
    MeasureAction.REFUSE: "退回，未完成",
    MeasureAction.DROP: "不再办理",
    MeasureAction.REOPEN: "重新办理",
}

DISPUTE_STATES: Mapping[DisputeState, tuple[str, Tone]] = {
    DisputeState.OPEN: ("待答复", Tone.LATE),
    DisputeState.ANSWERED: ("待裁定", Tone.WAITING),
    DisputeState.DECIDED: ("已裁定", Tone.DONE),
    DisputeState.WITHDRAWN: ("已撤回", Tone.VOID),
}

DISPUTE_ACTIONS: Mapping[DisputeAction, str] = {
    DisputeAction.ANSWER: "答复",
    DisputeAction.UPHOLD: "裁定维持",
    DisputeAction.REPLACE: "裁定改用",
    DisputeAction.OVERRULE: "改判",
    DisputeAction.WITHDRAW: "撤回",
}

SEAL_KINDS: Mapping[SealKind, str] = {
    SealKind.OFFICIAL: "单位公章",
    SealKind.PERFORMANCE: "绩效专用章",
    SealKind.FINANCE: "财务专用章",
    SealKind.OTHER: "其他印章",
}

SEAL_STATES: Mapping[SealState, tuple[str, Tone]] = {
    SealState.REGISTERED: ("待启用", Tone.WAITING),
    SealState.ACTIVE: ("启用", Tone.DONE),
    SealState.STOPPED: ("停用", Tone.LATE),
    SealState.CANCELLED: ("已注销", Tone.VOID),
}

SEAL_ACTIONS: Mapping[SealAction, str] = {
    SealAction.REGISTER: "登记",
    SealAction.CHANGE: "变更登记",
    SealAction.RENEW: "登记新证书",
    SealAction.ENABLE: "启用",
    SealAction.ADOPT: "改用新证书",
    SealAction.STOP: "停用",
    SealAction.CANCEL: "注销",
}

ROLE_OF: Mapping[Permission, str] = {
    Permission.WRITE: "经办人",
    Permission.REVIEW: "科室负责人",
    Permission.CHECK_MONEY: "财务",
    Permission.ACCEPT: "统稿人",
    Permission.MERGE: "统稿人",
    Permission.REVIEW_REPORT: "分管领导",
    Permission.ISSUE: "主要领导",
    Permission.PRESS_OWN_ISSUE: "主要领导",
    Permission.REQUEST_SEAL: "统稿人",
    Permission.PRESS_SEAL: "印章管理员",
    Permission.DELIVER: "统稿人或财务",
    Permission.ENTER_FIGURE: "经办人",
    Permission.CONFIRM_FIGURE: "科室负责人",
    Permission.CONFIRM_MONEY: "财务",
    Permission.PREPARE_DISCLOSURE: "统稿人",
    Permission.CLEAR_DISCLOSURE: "分管领导",
    Permission.APPROVE_DISCLOSURE: "主要领导",
    Permission.ACT_ON_MEASURES: "经办人",
    Permission.CONFIRM_MEASURES: "统稿人或领导",
}
"""Whose turn it is, in a word, when no person holds the post."""

SEAL_POLICIES: Mapping[SealPolicy, str] = {
    SealPolicy.LEADER: "主要领导签发后自己盖章",
    SealPolicy.KEEPER: "统稿人申请用印，由印章管理员盖章",
}
"""Who presses the unit's seal."""

POWERS: Mapping[str, Mapping[Permission, str]] = {
    "编写和审核": {
        Permission.READ_OWN: "看本科室的章节",
        Permission.READ_DRAFTS: "看各科室编写中的章节",
        Permission.WRITE: "编写、提交本科室的章节",
        Permission.REVIEW: "审核、退回本科室的章节",
        Permission.CHECK_MONEY: "核对含资金章节的数字",
        Permission.ACCEPT: "采纳、退回各科室的章节",
    },
    "报告": {
        Permission.ARRANGE: "开年度任务，定日期、提纲和负责科室",
        Permission.MERGE: "合稿、送审",
        Permission.REVIEW_REPORT: "会审报告",
        Permission.ISSUE: "签发、退回报告",
        Permission.DELIVER: "登记报送",
        Permission.VOID: "作废已盖章的报告",
        Permission.READ_REPORT: "看合稿后的报告",
        Permission.READ_SEALED: "看已盖章的报告",
        Permission.READ_DELIVERED: "看报送到本财政部门的报告，草稿一概不见",
        Permission.JUDGE_DELIVERED: "签收、通过、退回报送来的报告，写审核意见",
    },
    "公开和整改": {
        Permission.PREPARE_DISCLOSURE: "准备公开件，审签后公开",
        Permission.CLEAR_DISCLOSURE: "公开前保密审查",
        Permission.APPROVE_DISCLOSURE: "审签公开、撤下公开件",
        Permission.READ_MEASURES: "看整改台账",
        Permission.KEEP_MEASURES: "把改进措施列入台账，定责任和时限",
        Permission.ACT_ON_MEASURES: "登记本科室措施的进展，报完成",
        Permission.CONFIRM_MEASURES: "确认措施完成（不能确认自己报的）",
        Permission.DROP_MEASURES: "决定措施不再办理",
    },
    "数据": {
        Permission.READ_FIGURES: "看本单位的数据、来源和争议",
        Permission.ENTER_FIGURE: "填报本科室的数据和台账",
        Permission.CONFIRM_FIGURE: "确认本科室的数据（资金除外）",
        Permission.CONFIRM_MONEY: "确认资金数据",
        Permission.DEFINE_FIGURES: "设置数据、台账、指标和规则",
        Permission.CONTEST_FIGURE: "对数据提出争议",
        Permission.OVERRULE_DISPUTE: "改判数据争议",
    },
    "印章": {
        Permission.REQUEST_SEAL: "申请用印",
        Permission.PRESS_OWN_ISSUE: "给自己签发的报告盖章（限盖章方式允许时）",
        Permission.PRESS_SEAL: "按申请盖章、退回用印申请",
        Permission.READ_SEAL_USES: "看用印登记",
        Permission.REGISTER_SEALS: "登记印章、图样和证书（见不到密钥）",
        Permission.KEEP_SEALS: "启用、停用、注销印章",
        Permission.READ_SEALS: "看印章登记",
    },
    "进度": {
        Permission.SEE_BOARD: "看各科室进度",
        Permission.SEE_OWN_BOARD: "看本科室进度",
        Permission.SEE_COUNTS: "只看数量，不见标题和正文",
        Permission.URGE: "催办",
    },
    "人员和日志": {
        Permission.SIGN_IN: "登录系统",
        Permission.MANAGE_PEOPLE: "管理账号和科室",
        Permission.GRANT: "授予、解除任职，定盖章方式",
        Permission.READ_PEOPLE: "看人员和任职",
        Permission.READ_EVENTS: "看操作日志",
    },
}
"""What each permission lets a person do, grouped as people ask for it."""

STAGES: Mapping[str, str] = {
    "draft": "编写提交",
    "review": "科室审核",
    "check": "财务核数",
    "merge": "统稿合稿",
    "joint": "领导会审",
    "issue": "签发盖章",
    "deliver": "报送",
}
"""The stages of a cycle that have a due date, in order."""
