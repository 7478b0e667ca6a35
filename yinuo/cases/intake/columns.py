"""What a ledger of requests may hold: its columns under the headings of real forms, and what is said for a whole file.

Most words of a ledger are nobody's choices: nature, way, priority and state are read as text and understood as far as
they can be; what was written always stays with the case.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yinuo.cases import models
from yinuo.cases.engine import own_fields
from yinuo.cases.queries import own_fields as own_queries
from yinuo.customers.intake import naming
from yinuo.kit.sheets.heads import key_of
from yinuo.kit.sheets.mapping import Field
from yinuo.org import models as org
from yinuo.procedures.definition import shapes
from yinuo.procedures.forms import fields as form_fields

OWN_CASE, OWN_ITEM = "own_", "item_"
OF_ITEM = ("text", "kind", "due_on", "item_owner", "clause", "document")
KINDS: dict[str, str] = {
    "technical": "技术|产品|性能|工艺|材料|尺寸|外观|过程|图纸|technical|product|process",
    "quality": "质量|体系|品质|检验|审核|ppap|quality|qms",
    "delivery": "交付|物流|包装|交期|运输|delivery|logistics|packaging",
    "environment": "环保|环境|有害物质|environment|environmental",
    "service": "服务|售后|service",
    "regulatory": "法规|法律|强制|认证|安全|regulatory|legal",
    "commercial": "商务|价格|合同|付款|财务|commercial|price",
}
CHANNELS: dict[str, str] = {
    "mail": "邮件|邮箱|email|mail|e-mail", "portal": "门户|系统|平台|网站|portal|b2b", "wechat": "微信|wechat",
    "phone": "电话|口头|phone", "minutes": "会议|纪要|meeting", "visit": "走访|拜访|来访|visit",
    "audit": "审核|audit", "complaint": "投诉|抱怨|complaint", "letter": "传真|函件|来函|信函|fax|letter",
    "agreement": "协议|agreement", "order": "合同|订单|order|contract",
    "drawing": "图纸|规范|标准|drawing|specification",
    "sample": "样件|样品|封样|sample", "other": "其他|其它|other",
}  # fmt: skip
PRIORITIES: dict[str, str] = {
    "1": "特急|紧急重要|最高|强控|关键|top|critical|a", "2": "紧急|加急|高|重要|urgent|high|b",
    "3": "一般|普通|中|正常|normal|medium|c", "4": "低|不急|low|d",
}  # fmt: skip
OVER: dict[str, str] = {
    "over": "已完成|完成|已关闭|关闭|已结案|结案|已办结|办结|已归档|归档|已验证|已落实|已实施|已回复|100%|closed|close|"
    "done|completed|complete|finished|archived|ok|√",
    "terminated": "已取消|取消|已终止|终止|作废|已作废|不适用|cancelled|canceled|terminated|n/a|na",
    "open": "未完成|未关闭|进行中|处理中|办理中|待处理|未开始|跟进中|持续|待定|评审中|实施中|open|ongoing|"
    "inprogress|pending|new",
}


def understood(table: Mapping[str, str], text: Any) -> str:
    """Which of the table's words a ledger says; empty when none."""
    return _by_key(tuple(table.items())).get(key_of(text), "")


@lru_cache  # asked for each row; the tables are few
def _by_key(table: tuple[tuple[str, str], ...]) -> dict[str, str]:
    """What the words of a table mean, by key; the first that says a word has it."""
    said = [(key_of(word), value) for value, words in table for word in (value, *words.split("|"))]
    return {key: value for key, value in reversed(said) if key}


def chosen(table: Mapping[str, str], choices: Any, text: Any) -> str:
    """The same, also by the product's own words."""
    key = key_of(text)
    own = next((str(value) for value, words in choices if key and key == key_of(words)), "")
    return own or understood(table, text)


# Columns --------------------------------------------------------------------------------------------------------------


def fields(person: org.Person) -> list[Field]:
    """The columns of a ledger, and the company's own fields."""
    of_case, of_item = own_queries.forms()
    own = [_own(OWN_CASE, each) for each in of_case.fields] + [_own(OWN_ITEM, each) for each in of_item.fields]
    return [*fields_asked(), *own]


def fields_asked() -> list[Field]:
    """The columns that every company has."""
    return [*_asked(), *_handled()]


def _asked() -> list[Field]:
    return [
        Field("number", _("Number in the ledger"), NUMBER, "code", longest=80,
              help=_("Rows of one number are one case")),
        naming.customer(),
        Field("title", _("Title"), ("主题", "事项", "要求名称", "要求标题", "项目内容", "Subject"), longest=200),
        Field("text", _("Requirement"), TEXT, "long", is_required=True, longest=20_000,
              help=_("Several rows of one case become its items")),
        Field("document", _("The customer's document"), DOCUMENT, longest=300),
        Field("clause", _("Clause"), CLAUSE, "code", longest=100),
        Field("kind", _("Nature"), ("要求类别", "要求性质", "类别", "性质", "分类", "Category", "Type"), longest=60),
        Field("priority", _("Priority"), ("优先级", "紧急程度", "重要程度", "严格度", "重要度"), longest=60),
        Field("is_safety", _("Health or safety"), ("安全", "涉及安全", "是否涉及安全", "产品安全"), "flag"),
        Field("received_on", pgettext("ledger", "Received"), RECEIVED, "day"),
        Field("wanted_on", _("Asked by the customer"), WANTED, "day"),
        Field("channel", _("Channel"), ("渠道", "来源渠道", "接收方式", "来源方式", "信息来源", "Source"), longest=60),
        Field("said_by", _("Who said it"), ("顾客联系人", "客户联系人", "提出人", "顾客提出人", "Requested by"),
              longest=100),
        Field("products", _("Products"), PRODUCTS, "list"),
        Field("project", _("Project"), ("项目号", "项目编号", "项目名称", "车型项目"), longest=200),
    ]  # fmt: skip


def _handled() -> list[Field]:
    by = _("Name or employee number")
    return [
        Field("owner", _("Owner"), ("案件负责人", "负责人", "经办人", "跟进人", "对接人", "业务员", "窗口"),
              longest=100, help=by),
        Field("item_owner", _("Owner of the item"), ("责任人", "责任部门/责任人", "责任者", "实施人", "Responsible"),
              longest=100, help=by),
        Field("due_on", _("Item due"), DUE, "day"),
        Field("status", pgettext("ledger", "State"), STATUS, longest=60,
              help=_("Finished ones (已完成, 已关闭, closed …) enter as history")),
        Field("ended_on", pgettext("ledger", "Finished on"), ENDED, "day"),
    ]  # fmt: skip


NUMBER = (
    "台账编号",
    "原编号",
    "旧编号",
    "案件编号",
    "受理编号",
    "登记编号",
    "登记号",
    "要求编号",
    "记录编号",
    "CSR编号",
    "编号",
    "No",
)
TEXT = (
    "特殊要求内容", "特殊要求内容（原文/译文）", "要求内容", "顾客要求", "客户要求", "顾客特殊要求", "客户特殊要求",
    "特殊要求", "要求描述", "内容", "描述", "条款描述", "Requirement", "Requirements", "Description",
)  # fmt: skip
DOCUMENT = (
    "顾客文件名称/编号/版本",
    "顾客文件名称",
    "顾客文件",
    "客户文件",
    "文件及版本",
    "来源文件",
    "文件名称",
    "Document",
)
CLAUSE = ("原条款号", "条款号", "原条款", "条款", "章节号", "顾客条款号", "Clause")
RECEIVED = (
    "收到日期",
    "接收日期",
    "受理日期",
    "登记日期",
    "提出日期",
    "通知日期",
    "识别日期",
    "日期",
    "Received",
    "Date",
)
PRODUCTS = ("适用产品", "适用产品/工厂", "零件号", "产品编号", "产品", "Part number")
DUE = ("完成日期", "计划完成日期", "完成期限", "完成时间", "计划完成时间", "Due date")
STATUS = ("状态", "进度", "完成状态", "处理状态", "办理状态", "完成情况", "Status")
WANTED = ("顾客要求日期", "要求完成日期", "顾客要求完成日期", "要求日期", "截止日期", "Deadline")
ENDED = ("实际完成日期", "关闭日期", "结案日期", "办结日期", "实际完成时间", "Closed on")
OWN_KINDS = {"text": "text", "note": "long", "number": "number", "date": "day", "yesno": "flag", "choice": "choice"}


def _own(prefix: str, field: shapes.Field) -> Field:
    """A field that the company defined, as a column."""
    words = form_fields.readable(field.label)
    choices = {form_fields.readable(each.label): each.key for each in field.options}
    of = _("own field of the case") if prefix == OWN_CASE else _("own field of the item")
    kind = OWN_KINDS.get(field.kind, "text")
    return Field(prefix + field.key, f"{words}（{of}）", (words,), kind, field.required, choices, 4000)


def own_values(values: Mapping[str, Any], prefix: str, of: str) -> dict[str, Any]:
    """What a row says in the company's own fields, as it is stored."""
    found: dict[str, Any] = {}
    for field in own_queries.form_of(of).fields:
        value = values.get(prefix + field.key)
        if value not in (None, ""):
            found[field.key] = value.isoformat() if hasattr(value, "isoformat") else value
    return found


OF_CASE, OF_ITEMS = own_fields.CASE, own_fields.ITEM


# What holds for a whole file ------------------------------------------------------------------------------------------

AS_SAID, RUNNING, HISTORY = "said", "open", "over"


def options(person: org.Person) -> dict[str, forms.Field]:
    """Whether its cases are still to be handled, and what holds where a row does not say."""
    ways = [
        (AS_SAID, _("as the state of each row says: finished ones as history, the others are handled")),
        (RUNNING, _("all are still to be handled: their procedure starts")),
        (HISTORY, _("all are history: no procedure, no deadline, no message")),
    ]
    return {
        "way": forms.ChoiceField(label=_("Cases of this workbook"), choices=ways, initial=AS_SAID),
        "kind": forms.ChoiceField(
            label=_("Nature where a row does not say"), choices=models.Kind.choices, initial=models.Kind.QUALITY
        ),
        "channel": forms.ChoiceField(
            label=_("Channel where a row does not say"), choices=models.Channel.choices, initial=models.Channel.OTHER
        ),
    }
