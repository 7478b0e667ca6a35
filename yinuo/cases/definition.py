"""The plain data of a case: priorities and the table that decides them, company conventions as shipped, verdicts.

What stands here is what a company starts with; its own choices are rows (`models.Convention`).
"""

from enum import IntEnum, StrEnum
from typing import Any

from yinuo.procedures.definition.shapes import Fact
from yinuo.procedures.definition.texts import Text


class Priority(IntEnum):
    """How soon a case must be handled; 1 comes first."""

    TOP = 1
    URGENT = 2
    NORMAL = 3
    LOW = 4


PRIORITY_BY_WORD = {"top": Priority.TOP, "urgent": Priority.URGENT, "normal": Priority.NORMAL, "low": Priority.LOW}


class Verdict(StrEnum):
    """What we say to one item; the same four words as an opinion in a procedure."""

    CAN = "can"
    CONDITIONAL = "conditional"
    CANNOT = "cannot"
    NOT_CONCERNED = "not_concerned"


class Oral(StrEnum):
    """Whether what was asked stands in writing; the same words as a letter's confirmation."""

    WRITTEN = "not_needed"
    WAITING = "waiting"
    CONFIRMED = "confirmed"
    REFUSED = "refused"


USUAL_PROCEDURE = "s5"
NUMBER_PATTERN = "CSR-{year}-{n:04}"
DUE_DAYS = {"top": 2, "urgent": 5, "normal": 10, "low": 20}
"""Working days from notice to answer; 10 is the review time of IATF 16949 7.5.3.2.2."""

FACTS = {
    "cases.is_safety": Fact(name="cases.is_safety", title=Text("涉及健康或安全", "touches health or safety")),
    "cases.stops_line": Fact(name="cases.stops_line", title=Text("停线或停运风险", "risk of stopped line or shipment")),
    "cases.channel": Fact(name="cases.channel", title=Text("来源渠道", "channel")),
    "cases.kinds": Fact(name="cases.kinds", title=Text("要求性质", "kinds asked")),
    "cases.days_left": Fact(name="cases.days_left", title=Text("距顾客要求日期的工作日", "working days left")),
}

SAFETY_WHY = Text("涉及健康或安全，始终为最高优先级", "Health or safety is concerned: always the highest priority")

USUAL_WHY = Text("判定表中没有适用的加急情形", "No row of the priority table applies")

PRIORITIES: dict[str, Any] = {
    "rows": [
        {
            "when": [["cases.is_safety", "is", True]],
            "then": "top",
            "note": {"zh": SAFETY_WHY.zh, "en": SAFETY_WHY.en},
        },
        {
            "when": [["cases.stops_line", "is", True]],
            "then": "top",
            "note": {"zh": "有停线或停运风险", "en": "A line or a shipment may stop"},
        },
        {
            "when": [["cases.days_left", "<=", 3]],
            "then": "urgent",
            "note": {"zh": "顾客要求在 3 个工作日内完成", "en": "The customer wants it within 3 working days"},
        },
        {
            "when": [["cases.channel", "in", ["complaint", "audit"]]],
            "then": "urgent",
            "note": {"zh": "来自顾客投诉或顾客审核", "en": "It comes from a complaint or a customer's audit"},
        },
        {
            "when": [["cases.kinds", "contains", "regulatory"]],
            "then": "urgent",
            "note": {"zh": "含法规要求", "en": "It contains a regulatory requirement"},
        },
        {
            "when": [["cases.days_left", ">", 30]],
            "then": "low",
            "note": {"zh": "距顾客要求日期超过 30 个工作日", "en": "More than 30 working days are left"},
        },
    ],
    "otherwise": "normal",
}
"""Priority by decision table (S1 2.3, S7 2): read from above, the first row that holds decides."""

ORAL_DAYS = 5
FEEDBACK_DAYS = 30
