"""What differs from one edition to the next, in words."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from yinuo.procedures.definition import walking
from yinuo.procedures.definition.cards import Card
from yinuo.procedures.definition.shapes import (
    Block,
    Choice,
    Decision,
    Definition,
    Effect,
    ForEach,
    Form,
    Opinions,
    Step,
    Timer,
    Wait,
)
from yinuo.procedures.definition.texts import NOTHING, Text
from yinuo.procedures.engine import outline, wording
from yinuo.procedures.engine.wording import NONE, Words

Kind = Literal["new", "gone", "moved", "changed"]
KIND_WORDS: dict[Kind, Text] = {
    "new": Text("新增", "New"), "gone": Text("取消", "Gone"), "moved": Text("移位", "Moved"),
    "changed": Text("修改", "Changed"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One thing that differs: `key` of the step, block or form it is about ("" = the card and what stands around the
    flow), its title, and what is different about it, line by line."""

    kind: Kind
    key: str
    title: Text
    lines: tuple[Text, ...] = ()


Said = tuple[Text, Text]  # label, words of the value


def differences(old: Definition, new: Definition, names: Mapping[str, Text]) -> tuple[Difference, ...]:
    """All differences in the order of the newer document; what is gone stands last."""
    was, now = wording.words_of(old, names), wording.words_of(new, names)
    # What was only named anew is said once, where its name stands, and not wherever it is spoken of.
    was = replace(
        was,
        facts={**was.facts, **now.facts},
        steps={**was.steps, **now.steps},
        forms={**was.forms, **now.forms},
        statuses={**was.statuses, **now.statuses},
        phases={**was.phases, **now.phases},
    )
    return (
        *_card(old, new),
        *_blocks(old, new, was, now),
        *_forms(old, new, was, now),
    )


def _changed(before: list[Said], after: list[Said]) -> tuple[Text, ...]:
    """The values that differ, label by label, as from → to."""
    known = {label.zh: value for label, value in before}
    lines = []
    for label, value in after:
        was = known.get(label.zh, NOTHING)
        if was != value:
            lines.append(_from_to(label, was, value))
    kept = {label.zh for label, _value in after}
    lines += [_from_to(label, value, NOTHING) for label, value in before if label.zh not in kept and value]
    return tuple(lines)


def _from_to(label: Text, was: Text, now: Text) -> Text:
    was, now = was or NONE, now or NONE
    return Text(f"{label.zh}：{was.zh} → {now.zh}", f"{label.en}: {was.en} → {now.en}")


# ── the card and what stands around the flow ────────────────────────────────────────────────────────────────

CARD_WORDS: dict[str, Text] = {
    "number": Text("编号", "Number"), "edition": Text("版号", "Edition"), "title": Text("名称", "Title"),
    "purpose": Text("目的", "Purpose"), "scope": Text("适用范围", "Scope"), "terms": Text("术语", "Terms"),
    "references": Text("引用文件", "References"), "duties": Text("职责", "Duties"),
    "resources": Text("资源", "Resources"),
    "inputs": Text("输入", "Inputs"), "outputs": Text("输出", "Outputs"), "kpis": Text("绩效指标", "Key figures"),
    "abbreviations": Text("缩略语", "Abbreviations"), "attachments": Text("附件", "Attachments"),
}  # fmt: skip
AROUND = {
    "statuses": Text("状态", "Statuses"), "shows": Text("状态的显示", "What is shown when"),
    "subject": Text("适用对象", "What runs are about"), "reopens": Text("退回的步骤", "Where runs go back to"),
    "phases": Text("阶段", "Phases"), "facts": Text("判定依据的用语", "Words for facts"),
}  # fmt: skip
CARD = Text("程序卡", "Process card")


def _card(old: Definition, new: Definition) -> Iterator[Difference]:
    lines = list(_changed(_of_card(old.card), _of_card(new.card)))
    for name, label in AROUND.items():
        if getattr(old, name) != getattr(new, name):
            lines.append(Text(f"{label.zh}有修改", f"{label.en} changed"))
    if lines:
        yield Difference(kind="changed", key="", title=CARD, lines=tuple(lines))


def _of_card(card: Card) -> list[Said]:
    said: list[Said] = []
    for name, label in CARD_WORDS.items():
        value = getattr(card, name)
        if isinstance(value, str):
            said.append((label, Text(value, value)))
        elif isinstance(value, Text):
            said.append((label, value))
        else:
            said.append((label, wording.joined(map(_entry, value), "；", "; ") if value else NOTHING))
    return said


def _entry(value: Any) -> Text:
    """A reference, term or duty in one line."""
    if isinstance(value, Text):
        return value
    head, body = (getattr(value, name) for name in value.__slots__)
    return Text(f"{head.zh}：{body.zh}", f"{head.en}: {body.en}")


# ── steps and blocks ────────────────────────────────────────────────────────────────────────────────────────


def _blocks(old: Definition, new: Definition, was: Words, now: Words) -> Iterator[Difference]:
    before, after = walking.plan_of(old), walking.plan_of(new)
    moved = _moved(before, after)
    for key, place in after.places.items():
        block = place.block
        if key not in before.places:
            yield Difference(kind="new", key=key, title=_title(block), lines=(_where(place), *_told(block, now)))
            continue
        earlier = before.places[key].block
        lines = _kinds(earlier, block) or _changed(said_of(earlier, was), said_of(block, now))
        if key in moved:
            yield Difference(kind="moved", key=key, title=_title(block), lines=(_where(place), *lines))
        elif lines:
            yield Difference(kind="changed", key=key, title=_title(block), lines=lines)
    for key, place in before.places.items():
        if key not in after.places:
            yield Difference(kind="gone", key=key, title=_title(place.block))


def _title(block: Block) -> Text:
    return block.title or Text(block.key, block.key)


def _kinds(was: Block, now: Block) -> tuple[Text, ...]:
    """Another kind of step under the same key: the rest cannot be compared."""
    one, two = _kind(was), _kind(now)
    return () if one == two else (_from_to(Text("种类", "Kind"), BLOCK_WORDS[one], BLOCK_WORDS[two]),)


def _kind(block: Block) -> str:
    return block.kind if isinstance(block, Step) else type(block).__name__


BLOCK_WORDS = {
    "task": Text("任务", "Task"), "opinions": Text("会签", "Opinions"), "decision": Text("审批", "Decision"),
    "wait": Text("等待", "Wait"), "timer": Text("计时", "Timer"), "effect": Text("系统执行", "Done by the program"),
    "Sequence": Text("步骤组", "Group"), "SideBySide": Text("并行", "Side by side"), "Choice": Text("选择", "Choice"),
    "ForEach": Text("逐项执行", "Repeated"),
}  # fmt: skip


def _around(place: walking.Place) -> tuple[str, ...]:
    """The keyed blocks around a place, with the branch."""
    found = []
    for block, at in place.above:
        if block.key:
            found.append(f"{block.key}/{list(block.branches)[at]}" if isinstance(block, Choice) else block.key)
    return tuple(found)


def _moved(before: walking.Plan, after: walking.Plan) -> set[str]:
    """What stands elsewhere: in another block, or elsewhere among those that stayed in theirs."""
    kept = [key for key in after.places if key in before.places]
    moved = {key for key in kept if _around(before.places[key]) != _around(after.places[key])}
    groups: dict[tuple[str, ...], list[str]] = {}
    for key in kept:
        if key not in moved:
            groups.setdefault(_around(after.places[key]), []).append(key)
    for members in groups.values():
        earlier = sorted(members, key=before.order.__getitem__)
        matcher = difflib.SequenceMatcher(None, earlier, members, autojunk=False)
        stayed = {earlier[at] for match in matcher.get_matching_blocks() for at in range(match.a, match.a + match.size)}
        moved |= set(members) - stayed
    return moved


def _where(place: walking.Place) -> Text:
    """Where a block stands: behind which, or first in which."""
    parent, at = place.above[-1]
    siblings = walking.children(parent)
    if at:
        before = wording.quoted(_title(siblings[at - 1]))
        return Text(f"在{before.zh}之后", f"behind {before.en}")
    around = next((block for block, _ in reversed(place.above) if block.title), None)
    if around is None:
        return Text("在最前面", "at the beginning")
    inside = wording.quoted(around.title)
    return Text(f"在{inside.zh}的最前面", f"first in {inside.en}")


def _told(block: Block, words: Words) -> Iterator[Text]:
    """What is worth saying of something new."""
    for label, value in said_of(block, words):
        if value and value != NONE and label.zh in ("责任者", "各方", "期限", "使用表单", "判定表"):
            yield Text(f"{label.zh}：{value.zh}", f"{label.en}: {value.en}")


def said_of(block: Block, words: Words) -> list[Said]:
    """Everything that a block says, label by label."""
    said: list[Said] = [
        (Text("名称", "Title"), block.title),
        (Text("阶段", "Phase"), wording.of(block.phase, words.phases)),
    ]
    match block:
        case Step():
            said += _of_step(block, words) + _of_work(block, words)
        case Choice():
            titles = {name: branch.title for name, branch in block.branches.items()}
            said.append((Text("判定表", "Decision table"), wording.table(block.table, words, titles)))
            said.append((Text("分支", "Branches"), wording.joined(titles.values())))
        case ForEach():
            listed = block.fact or wording.joined(words.named(element) for element in block.elements)
            fact = words.facts.get(block.fact)
            what = fact.title if fact else listed if isinstance(listed, Text) else Text(listed, listed)
            said.append((Text("逐项的清单", "List"), what))
            said.append((Text("依次进行", "One by one"), wording.yes(block.in_sequence)))
    return said


def _of_step(step: Step, words: Words) -> list[Said]:
    many: Callable[..., Text] = wording.joined
    allowed = step.allowed
    back = allowed.return_to
    return [
        (Text("工作说明", "What is done"), step.instruction),
        (Text("责任者", "Responsible"), wording.who(step.who, words)),
        (Text("责任部门", "Department"), step.duty),
        (Text("使用表单", "Form"), wording.form(step.form, words)),
        (Text("状态", "Status"), wording.of(step.status, words.statuses)),
        (Text("期限", "Due"), wording.due(step.due, words)),
        (Text("提醒", "Reminders"), many(map(wording.reminder, step.remind))),
        (Text("逾期上报", "Escalation"), many(wording.escalation(rule, words) for rule in step.escalate)),
        (Text("传递", "Passes on"), step.passes_on),
        (Text("关口", "Gate"), wording.yes(step.gate)),
        (Text("开始时执行", "On opening"), many(wording.effect(call, words) for call in step.on_open)),
        (Text("完成时执行", "On completion"), many(wording.effect(call, words) for call in step.on_done)),
        (Text("可退回到", "May be returned to"), Text("之前各步骤", "any earlier step") if back is None else many(
            wording.of(key, words.steps) for key in back)),
        (Text("可转办", "May be reassigned"), wording.yes(allowed.reassign)),
        (Text("可加签", "Signers may be added"), wording.yes(allowed.add_signer)),
        (Text("可撤回", "May be withdrawn"), wording.yes(allowed.withdraw)),
    ]  # fmt: skip


def _of_work(step: Step, words: Words) -> list[Said]:
    many = wording.joined
    match step.work:
        case Opinions() as work:
            fact = words.facts.get(work.parties_fact)
            parties = many(wording.who(each, words) for each in work.parties)
            if work.parties_fact:
                parties = fact.title if fact else Text(work.parties_fact, work.parties_fact)
            return [(Text("各方", "Parties"), parties), (Text("顺序", "Order"), outline.ORDER_WORDS[work.mode])]
        case Decision() as work:
            meanings = many((each.meaning for each in work.outcomes if each.meaning), "；", "; ")
            return [
                (Text("结果", "Outcomes"), many(wording.outcome(each, words) for each in work.outcomes)),
                (Text("须签署", "Signed"), wording.yes(work.sign)),
                (Text("签署含义", "Meaning of the signature"), work.meaning),
                (Text("各结果的签署含义", "Meanings of outcomes"), meanings),
            ]
        case Wait() as work:
            labels = {each.key: each.label for each in work.outcomes}
            return [
                (Text("等待条件", "Until"), wording.table(work.until, words, labels)),
                (Text("等待事件", "Events"), many(words.named(f"event:{name}") for name in work.events)),
                (Text("结果", "Outcomes"), many(wording.outcome(each, words) for each in work.outcomes)),
                (Text("可人工登记", "Recorded by hand"), wording.yes(work.by_hand)),
                (Text("到期处理", "When it is due"), Text(f"{work.timeout} {work.timeout_to}".strip(), work.timeout)),
                (Text("到期时执行", "Effects when due"), many(
                    wording.effect(call, words) for call in work.timeout_effects)),
            ]  # fmt: skip
        case Timer() as work:
            moment = Text(work.moment, work.moment) if work.moment else wording.span(work.span)
            return [(Text("时间", "Time"), moment)]
        case Effect() as work:
            return [(Text("执行", "Does"), wording.effect(work.call, words))]
    return []


# ── forms ───────────────────────────────────────────────────────────────────────────────────────────────────


def _forms(old: Definition, new: Definition, was: Words, now: Words) -> Iterator[Difference]:
    before = {form.key: form for form in old.forms}
    for form in new.forms:
        title = wording.form(form.key, now)
        if form.key not in before:
            fields = wording.joined(field.label for field in form.fields)
            line = Text(f"字段：{fields.zh}", f"Fields: {fields.en}")
            yield Difference(kind="new", key=form.key, title=title, lines=(line,))
        elif before[form.key] != form:
            lines = _changed(_of_form(before[form.key], was), _of_form(form, now))
            yield Difference(kind="changed", key=form.key, title=title, lines=lines or (ORDER,))
    for form in old.forms:
        if form.key not in {each.key for each in new.forms}:
            yield Difference(kind="gone", key=form.key, title=wording.form(form.key, was))


ORDER = Text("字段顺序有修改", "Fields are in another order")


def _of_form(form: Form, words: Words) -> list[Said]:
    said: list[Said] = [
        (Text("编号", "Number"), Text(form.number, form.number)),
        (Text("版号", "Edition"), Text(form.edition, form.edition)),
        (Text("名称", "Title"), form.title),
    ]
    for field in form.fields:
        must = Text("，必填", ", required") if field.required else NOTHING
        options = wording.joined(option.label for option in field.options) if field.options else NOTHING
        extra = [text for text in (options, field.help, wording.table(field.shown_when, words, {})) if text != NONE]
        more = wording.joined([text for text in extra if text], "；", "; ")
        zh, en = (f"（{more.zh}）", f" ({more.en})") if more != NONE else ("", "")
        value = Text(f"{field.label.zh}{must.zh}{zh}", f"{field.label.en}{must.en}{en}")
        said.append((Text(f"字段 {field.key}", f"Field {field.key}"), value))
    return said
