"""All permissions and all roles, as plain data. Read this page to know the whole access model.

A permission is `room.verb`. A role is what an administrator gives to a person, for all sites or one, from a day to a
day. Departments act through posts: a step belongs to a post or department and is done by its people. What is
confidential is seen by named people only, whatever their role.
"""

from dataclasses import dataclass
from enum import StrEnum


class Permission(StrEnum):
    """Everything that may be allowed. The text after the name is what administrators read."""

    ORG_SEE = "org.see"
    ORG_MANAGE = "org.manage"
    ORG_SHARE = "org.share"
    RECORDS_AUDIT = "records.audit"
    RECORDS_REDACT = "records.redact"
    RECORDS_KEEP = "records.keep"
    MESSENGERS_SEE = "messengers.see"
    PROCEDURES_SEE = "procedures.see"
    PROCEDURES_WORK = "procedures.work"
    PROCEDURES_STEER = "procedures.steer"
    PROCEDURES_PUBLISH = "procedures.publish"
    CUSTOMERS_SEE = "customers.see"
    CUSTOMERS_EDIT = "customers.edit"
    LETTERS_SEE = "letters.see"
    LETTERS_WRITE = "letters.write"
    LETTERS_TEMPLATES = "letters.templates"
    SOURCES_SEE = "sources.see"
    SOURCES_EDIT = "sources.edit"
    SOURCES_STANDARDS = "sources.standards"
    WATCHES_SEE = "watches.see"
    WATCHES_EDIT = "watches.edit"
    CHANGES_SEE = "changes.see"
    CHANGES_EDIT = "changes.edit"
    CHANGES_STEER = "changes.steer"
    CASES_SEE = "cases.see"
    CASES_OPEN = "cases.open"
    CASES_HANDLE = "cases.handle"
    CASES_STEER = "cases.steer"
    REPORTS_SEE = "reports.see"


P = Permission

PERMISSION_WORDS: dict[Permission, tuple[str, str]] = {
    P.ORG_SEE: ("查看组织机构、人员和通讯录", "See sites, departments, people and the address book"),
    P.ORG_MANAGE: (
        "维护组织机构、人员、岗位、日历、角色和保密范围",
        "Manage sites, people, posts, calendars, roles and scopes",
    ),
    P.ORG_SHARE: ("把列表的已存视图共享给他人", "Share saved views of lists with others"),
    P.RECORDS_AUDIT: ("查看全部操作记录并核验其完整性", "See the whole trail and verify that it is complete"),
    P.RECORDS_REDACT: ("遮蔽操作记录中的个人信息", "Redact personal data in the trail"),
    P.RECORDS_KEEP: ("设定文件保存期限，冻结和清除文件", "Set how long files are kept, hold and purge them"),
    P.MESSENGERS_SEE: ("查看群机器人与接口推送及其发送记录", "See group robots, webhooks and what they were sent"),
    P.PROCEDURES_SEE: ("查看管理程序和流程图", "See procedures and their flow charts"),
    P.PROCEDURES_WORK: ("办理分配给自己的任务", "Work on one's own tasks"),
    P.PROCEDURES_STEER: ("转办、催办、退回他人的任务", "Reassign, remind and return other people's tasks"),
    P.PROCEDURES_PUBLISH: ("发布管理程序的新版本", "Publish new editions of procedures"),
    P.CUSTOMERS_SEE: ("查看顾客、产品、项目和门户网站清单", "See customers, products, projects and portals"),
    P.CUSTOMERS_EDIT: ("维护顾客、产品、项目和门户网站清单", "Edit customers, products, projects and portals"),
    P.LETTERS_SEE: ("查看与顾客的沟通记录", "See talks with customers"),
    P.LETTERS_WRITE: ("起草与顾客的沟通", "Draft talks with customers"),
    P.LETTERS_TEMPLATES: ("维护信函模板", "Keep the templates of letters"),
    P.SOURCES_SEE: ("查看顾客文件、标准及其条款", "See customers' documents, standards and their clauses"),
    P.SOURCES_EDIT: (
        "登记顾客文件及新版本，校对和确认条款",
        "Record customers' documents and editions, check and accept clauses",
    ),
    P.SOURCES_STANDARDS: (
        "加载标准条款库，签署标准换版",
        "Load standards, and sign that a new edition of one holds",
    ),
    P.WATCHES_SEE: ("查看更新跟踪：门户网站检查和监测网页", "See the update watch: checks of portals, watched pages"),
    P.WATCHES_EDIT: ("设定监测哪些网页、通知谁", "Say which pages are watched and who is told"),
    P.CHANGES_SEE: ("查看工程规范变更及其评审时限", "See engineering changes and the terms of their review"),
    P.CHANGES_EDIT: (
        "登记工程规范变更及其评审、实施和验证",
        "Record engineering changes, their review, implementation and verification",
    ),
    P.CHANGES_STEER: ("设定工程规范变更的评审时限", "Set the term for reviewing engineering changes"),
    P.CASES_SEE: ("查看要求受理案件", "See cases"),
    P.CASES_OPEN: ("登记顾客提出的要求", "Register what a customer asks"),
    P.CASES_HANDLE: ("处理案件：要求项、方案、原件", "Handle cases: items, plans, originals"),
    P.CASES_STEER: ("调整优先级，暂停、终止、重新打开案件", "Change priority, hold, terminate and reopen cases"),
    P.REPORTS_SEE: (
        "查看管理看板：数量、耗时、负荷、逾期和期限",
        "See the overview: figures, time, load, overdue and deadlines",
    ),
}


@dataclass(frozen=True)
class Role:
    """A role: its name and what it is for, in both languages, and its permissions."""

    zh: str
    en: str
    for_zh: str
    for_en: str
    permissions: frozenset[Permission]


_READER = {
    P.ORG_SEE, P.PROCEDURES_SEE, P.CUSTOMERS_SEE, P.LETTERS_SEE, P.SOURCES_SEE, P.WATCHES_SEE, P.CHANGES_SEE,
    P.CASES_SEE,
}  # fmt: skip
_EMPLOYEE = _READER | {P.PROCEDURES_WORK, P.CASES_OPEN}
_HANDLER = _EMPLOYEE | {P.CASES_HANDLE, P.LETTERS_WRITE, P.SOURCES_EDIT, P.WATCHES_EDIT, P.CHANGES_EDIT}

ROLES: dict[str, Role] = {
    "employee": Role(
        "员工",
        "Employee",
        "可查看，可上报新要求，可办理自己的任务",
        "Sees, reports requests, works on own tasks",
        frozenset(_EMPLOYEE),
    ),
    "handler": Role(
        "要求处理人",
        "Request handler",
        "处理顾客要求：工程、质量、项目人员",
        "Handles requests: engineering, quality, projects",
        frozenset(_HANDLER),
    ),
    "sales": Role(
        "销售 / 对外联络窗口",
        "Sales / window to the customer",
        "处理顾客要求，并维护顾客资料",
        "Handles requests and keeps customers",
        frozenset(_HANDLER | {P.CUSTOMERS_EDIT}),
    ),
    "manager": Role(
        "部门经理",
        "Department manager",
        "另可调度任务和案件，查看管理看板",
        "Also steers tasks and cases, sees the overview",
        frozenset(_HANDLER | {P.ORG_SHARE, P.PROCEDURES_STEER, P.CASES_STEER, P.REPORTS_SEE, P.LETTERS_TEMPLATES}),
    ),
    "quality_manager": Role(
        "质量体系负责人",
        "Quality manager",
        "另可发布管理程序、维护顾客资料、核验记录",
        "Also publishes procedures, keeps customers, verifies records",
        frozenset(
            _HANDLER
            | {P.PROCEDURES_STEER, P.PROCEDURES_PUBLISH, P.CASES_STEER, P.CUSTOMERS_EDIT, P.CHANGES_STEER}
            | {P.SOURCES_STANDARDS}
            | {P.ORG_SHARE, P.RECORDS_AUDIT, P.RECORDS_REDACT, P.RECORDS_KEEP, P.REPORTS_SEE, P.LETTERS_TEMPLATES}
        ),
    ),
    "auditor": Role(
        "审核员",
        "Auditor",
        "可查看并核验，不能更改",
        "Sees and verifies, changes nothing",
        frozenset(_READER | {P.RECORDS_AUDIT, P.REPORTS_SEE}),
    ),
    "administrator": Role(
        "系统管理员",
        "Administrator",
        "维护组织机构和权限，不参与业务",
        "Manages organisation and rights, takes no part in the work",
        frozenset({P.ORG_SEE, P.ORG_MANAGE, P.ORG_SHARE, P.MESSENGERS_SEE, P.PROCEDURES_SEE, P.RECORDS_AUDIT}),
    ),
}

# What an outside organisation can be to us; one may be several.
ORGANISATION_KINDS: dict[str, tuple[str, str]] = {
    "customer": ("顾客", "Customer"),
    "final_oem": ("最终主机厂", "Final OEM"),
    "supplier": ("供应商", "Supplier"),
    "certification_body": ("认证机构", "Certification body"),
    "laboratory": ("检测机构", "Laboratory"),
    "authority": ("主管部门", "Authority"),
    "association": ("行业协会", "Association"),
    "service": ("服务商", "Service provider"),
    "other": ("其他", "Other"),
}
