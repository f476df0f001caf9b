"""Who may do what: one table, roles by permissions. There is no superuser."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum


class Role(StrEnum):
    """Codes are for ever; the words people read are in ROLE_NAMES."""

    WRITER = "writer"
    OFFICE_HEAD = "office_head"
    FINANCE = "finance"
    EDITOR = "editor"
    DEPUTY_LEADER = "deputy_leader"
    LEADER = "leader"
    SEAL_KEEPER = "seal_keeper"
    SYSTEM_ADMIN = "system_admin"
    SECURITY_ADMIN = "security_admin"
    AUDITOR = "auditor"
    BUREAU_READER = "bureau_reader"
    BUREAU_REVIEWER = "bureau_reviewer"


ROLE_NAMES: Mapping[Role, str] = {
    Role.WRITER: "经办人",
    Role.OFFICE_HEAD: "科室负责人",
    Role.FINANCE: "财务",
    Role.EDITOR: "统稿人",
    Role.DEPUTY_LEADER: "分管领导",
    Role.LEADER: "主要领导",
    Role.SEAL_KEEPER: "印章管理员",
    Role.SYSTEM_ADMIN: "系统管理员",
    Role.SECURITY_ADMIN: "安全管理员",
    Role.AUDITOR: "审计员",
    Role.BUREAU_READER: "财政查阅",
    Role.BUREAU_REVIEWER: "财政审核",
}

OFFICE_ROLES = frozenset({Role.WRITER, Role.OFFICE_HEAD})
"""Roles held at one office; all others are held at the unit."""

ADMIN_ROLES = frozenset({Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDITOR})
"""三员: nobody holds two of them, and none of them together with a business role (GB/T 22239-2019, 8.1.5)."""

BUREAU_ROLES = frozenset({Role.BUREAU_READER, Role.BUREAU_REVIEWER})
"""Held at a finance bureau, where nobody holds a business role; no budget unit has them."""


class UnitKind(StrEnum):
    BUDGET = "budget"  # 预算单位
    BUREAU = "bureau"  # 财政部门


def fits(role: Role, kind: UnitKind) -> bool:
    """Whether the role can be held at a unit of this kind."""
    return role in ADMIN_ROLES or (role in BUREAU_ROLES) == (kind is UnitKind.BUREAU)


class Permission(StrEnum):
    SIGN_IN = "sign_in"  # any person with a standing post
    READ_OWN = "section.read_own"  # the sections of one's own office
    READ_DRAFTS = "section.read_all"  # every office's drafts
    WRITE = "section.write"
    REVIEW = "section.review"
    CHECK_MONEY = "section.check_money"
    ACCEPT = "section.accept"
    ARRANGE = "cycle.arrange"  # open a cycle, its dates, its outline, its owners
    MERGE = "report.merge"
    REVIEW_REPORT = "report.review"
    ISSUE = "report.issue"
    REQUEST_SEAL = "seal.request"
    PRESS_OWN_ISSUE = "seal.press_own_issue"  # the leader presses what he issued, where the unit's policy says so
    PRESS_SEAL = "seal.press"
    VOID = "report.void"
    DELIVER = "report.deliver"
    READ_REPORT = "report.read"  # the compiled report, once there is one
    READ_SEALED = "report.read_sealed"  # only what has been sealed
    READ_SEAL_USES = "seal.read_uses"  # 用印登记
    REGISTER_SEALS = "seal.register"  # 印章登记: names, pictures, certificates; never a key
    KEEP_SEALS = "seal.keep"  # enable, stop and cancel a seal
    READ_SEALS = "seal.read"  # 印章登记
    SEE_BOARD = "board.see"
    SEE_OWN_BOARD = "board.see_own"
    SEE_COUNTS = "board.see_counts"  # numbers without titles or texts
    URGE = "board.urge"
    MANAGE_PEOPLE = "people.manage"  # accounts and offices
    GRANT = "people.grant"  # roles
    READ_PEOPLE = "people.read"
    READ_EVENTS = "event.read"
    READ_FIGURES = "figure.read"  # every fact of the unit, with its values, sources and disputes
    ENTER_FIGURE = "figure.enter"  # values of the facts and rows of the ledgers of one's own office
    CONFIRM_FIGURE = "figure.confirm"  # those of one's own office that are no money
    CONFIRM_MONEY = "figure.confirm_money"
    DEFINE_FIGURES = "figure.define"  # which facts, ledgers, indicators and rules the unit works with
    CONTEST_FIGURE = "figure.contest"
    OVERRULE_DISPUTE = "figure.overrule"
    READ_DELIVERED = "delivery.read"  # what has been delivered to one's own bureau, and nothing else
    JUDGE_DELIVERED = "delivery.judge"
    PREPARE_DISCLOSURE = "disclosure.prepare"
    CLEAR_DISCLOSURE = "disclosure.clear"  # 保密审查
    APPROVE_DISCLOSURE = "disclosure.approve"  # 主要负责人审签
    READ_MEASURES = "measure.read"
    KEEP_MEASURES = "measure.keep"  # 整改台账: enter, assign
    ACT_ON_MEASURES = "measure.act"  # those of one's own office
    CONFIRM_MEASURES = "measure.confirm"
    DROP_MEASURES = "measure.drop"


P = Permission
_BUSINESS = frozenset({P.SIGN_IN, P.READ_OWN, P.READ_SEALED, P.READ_FIGURES, P.CONTEST_FIGURE, P.READ_MEASURES})

# The starting point is the matrix of roles and acts that finance bureaus use; one row a role.
GRANTS: Mapping[Role, frozenset[Permission]] = {
    Role.WRITER: _BUSINESS | {P.WRITE, P.SEE_OWN_BOARD, P.ENTER_FIGURE, P.ACT_ON_MEASURES},
    Role.OFFICE_HEAD: _BUSINESS | {P.REVIEW, P.SEE_OWN_BOARD, P.URGE, P.CONFIRM_FIGURE, P.ACT_ON_MEASURES},
    Role.FINANCE: _BUSINESS
    | {P.READ_DRAFTS, P.CHECK_MONEY, P.READ_REPORT, P.SEE_BOARD, P.URGE, P.DELIVER, P.CONFIRM_MONEY},
    Role.EDITOR: _BUSINESS
    | {P.READ_DRAFTS, P.ACCEPT, P.ARRANGE, P.MERGE, P.REQUEST_SEAL, P.DELIVER, P.READ_REPORT, P.READ_SEAL_USES}
    | {P.SEE_BOARD, P.URGE, P.DEFINE_FIGURES, P.PREPARE_DISCLOSURE, P.KEEP_MEASURES, P.CONFIRM_MEASURES},
    Role.DEPUTY_LEADER: _BUSINESS
    | {P.READ_DRAFTS, P.REVIEW_REPORT, P.READ_REPORT, P.SEE_BOARD, P.URGE, P.CLEAR_DISCLOSURE, P.CONFIRM_MEASURES},
    Role.LEADER: _BUSINESS
    | {P.READ_DRAFTS, P.ISSUE, P.VOID, P.PRESS_OWN_ISSUE, P.READ_REPORT, P.READ_SEAL_USES, P.SEE_BOARD, P.URGE}
    | {P.OVERRULE_DISPUTE, P.KEEP_SEALS, P.READ_SEALS, P.APPROVE_DISCLOSURE, P.CONFIRM_MEASURES, P.DROP_MEASURES},
    Role.SEAL_KEEPER: frozenset({P.SIGN_IN, P.PRESS_SEAL, P.READ_REPORT, P.READ_SEALED, P.READ_SEAL_USES})
    | {P.KEEP_SEALS, P.READ_SEALS},
    Role.SYSTEM_ADMIN: frozenset({P.SIGN_IN, P.MANAGE_PEOPLE, P.READ_PEOPLE, P.SEE_COUNTS})
    | {P.REGISTER_SEALS, P.READ_SEALS},
    Role.SECURITY_ADMIN: frozenset({P.SIGN_IN, P.GRANT, P.READ_PEOPLE, P.SEE_COUNTS}),
    Role.AUDITOR: frozenset({P.SIGN_IN, P.READ_SEALED, P.READ_SEAL_USES, P.READ_PEOPLE, P.READ_EVENTS, P.SEE_COUNTS})
    | {P.READ_SEALS},
    Role.BUREAU_READER: frozenset({P.SIGN_IN, P.READ_DELIVERED}),
    Role.BUREAU_REVIEWER: frozenset({P.SIGN_IN, P.READ_DELIVERED, P.JUDGE_DELIVERED}),
}


@dataclass(frozen=True, slots=True)
class Post:
    """One role, at one office or (office_id None) at the unit."""

    role: Role
    office_id: int | None = None


@dataclass(frozen=True, slots=True)
class Principal:
    """In whose place a delegate (代理人) acts, and the steps that are lent to him: each at an office or in the unit."""

    id: int
    name: str
    lent: frozenset[tuple[Permission, int | None]]

    def lends(self, permission: Permission, office_id: int | None = None) -> bool:
        return any(step is permission and office_id in {None, office} for step, office in self.lent)


@dataclass(frozen=True, slots=True)
class Actor:
    """The signed-in person as the rules see him: who, of which unit, with which posts today.

    With a `principal` he acts in that person's place and only there; what he may read stays his own.
    """

    id: int
    name: str
    unit_id: int
    posts: frozenset[Post]
    principal: Principal | None = None

    @property
    def seat_id(self) -> int:
        """Whose word he gives: his own, or his principal's."""
        return self.principal.id if self.principal else self.id

    @property
    def signature(self) -> str:
        """李四, or 李四（代张三）: both names wherever he is named for what he did."""
        return signature(self.name, self.principal.name if self.principal else "")

    def standing_in_for(self, principal: Principal) -> "Actor":
        return replace(self, principal=principal)

    def may(self, permission: Permission) -> bool:
        return any(permission in GRANTS[post.role] for post in self.posts)

    def may_at(self, permission: Permission, office_id: int) -> bool:
        return any(permission in GRANTS[post.role] and post.office_id == office_id for post in self.posts)

    @property
    def office_ids(self) -> frozenset[int]:
        """The offices whose sections are his own."""
        return frozenset(
            post.office_id
            for post in self.posts
            if post.office_id is not None and Permission.READ_OWN in GRANTS[post.role]
        )

    @property
    def roles(self) -> frozenset[Role]:
        return frozenset(post.role for post in self.posts)


def signature(name: str, principal_name: str) -> str:
    return f"{name}（代{principal_name}）" if principal_name else name


def clash(held: frozenset[Role], wanted: Role) -> str | None:
    """Why `wanted` may not be granted beside `held`, as a sentence; None when it may."""
    others = held - {wanted}
    if wanted in ADMIN_ROLES and others:
        other = ROLE_NAMES[min(others)]
        return f"三员须分立：“{ROLE_NAMES[wanted]}”不能由已任“{other}”的人员兼任。"
    if others and (wanted in BUREAU_ROLES) != bool(others & BUREAU_ROLES) and not others & ADMIN_ROLES:
        return "财政部门的岗位不能与预算单位的岗位兼任。"
    if others & ADMIN_ROLES:
        return f"三员须分立：该人员已任“{ROLE_NAMES[min(others & ADMIN_ROLES)]}”，不能再任“{ROLE_NAMES[wanted]}”。"
    if wanted is Role.SEAL_KEEPER and others & {Role.WRITER, Role.LEADER}:
        return "印章管理员不得由经办人或主要领导兼任。"
    if Role.SEAL_KEEPER in others and wanted in {Role.WRITER, Role.LEADER}:
        return "该人员是印章管理员，不得兼任经办人或主要领导。"
    return None
