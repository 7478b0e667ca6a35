"""Form fields that cases bring into procedure steps."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from yinuo.cases import models
from yinuo.cases.forms import proposing, steps
from yinuo.kit import forms as kit_forms
from yinuo.kit import plugs, subjects


def _table(kind: Any) -> Any:
    return lambda asked, subject: kind(subject.id, required=asked.required)


def item(asked: Any, subject: subjects.Ref) -> forms.Field:
    """One item of the case, or the whole case."""
    rows = models.Item.objects.filter(case=subject.id, withdrawn_at=None).order_by("position")
    choices = [("", _("whole case")), *[(each.pk, f"{each.position} {each.text[:40]}") for each in rows]]
    return forms.TypedChoiceField(choices=choices, coerce=int, empty_value=None, required=asked.required)


def reply(asked: Any, subject: subjects.Ref) -> forms.Field:
    """The reply as it was drafted, for whoever releases it to read and correct."""
    drafted = steps.letter_text(subject.id, "draft_reply", "body")
    return kit_forms.Text(required=asked.required, initial=drafted, widget=kit_forms.TextArea(8), max_length=20_000)


def owner(asked: Any, subject: subjects.Ref) -> forms.Field:
    """Who is to handle the case: those whom the rules propose, with the reason for each, or somebody else."""
    return proposing.owner_field(subject.id, required=asked.required)


for _name, _function, _zh, _en in (
    ("items", _table(steps.ItemsField), "要求项核对表", "items with nature, reach, owner, due"),
    ("analysis", _table(steps.AnalysisField), "逐项分析表", "analysis of each item"),
    ("verdicts", _table(steps.VerdictsField), "逐项意见表", "verdict to each item"),
    ("wordings", _table(steps.WordingsField), "逐项措辞表", "wording of each item"),
    ("actions", _table(steps.PlanField), "措施表", "actions of the plan"),
    ("item", item, "要求项", "one item or the whole case"),
):
    plugs.field_kinds.plug(f"cases.{_name}", _function, zh=_zh, en=_en)
# Released is what was drafted last, never what an earlier round left behind.
plugs.field_kinds.plug("cases.reply", reply, zh="答复内容", en="the reply as drafted", afresh=True)
# Given out anew, what the rules say today counts.
plugs.field_kinds.plug(
    "cases.owner", owner, zh="负责人（按分派规则建议）", en="the owner, as the rules propose", afresh=True
)
