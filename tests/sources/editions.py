"""Pairs of editions with their gold tables: written by rule, so that every kind of change occurs many times."""
# ruff: noqa: E501 (lists of words)

import random
from dataclasses import dataclass, field

from yinuo.sources.rules.comparing import Kind, Said

ZH = {
    "who": ["供方", "质量部", "项目经理", "采购部门", "下级供方", "实验室", "生产车间", "物流部门", "检验员", "设备管理员"],
    "what": [
        "控制计划", "过程能力报告", "限度样件", "批次追溯记录", "防错验证记录", "首件检验结果", "包装规范", "变更申请",
        "不合格品标识", "材料声明", "测量系统分析", "焊接参数", "热处理曲线", "外观封样", "软件版本清单", "清洁度报告",
        "扭矩曲线", "盐雾试验报告", "返工作业指导书", "产能分析", "应急计划", "模具台账", "特殊特性清单", "运输方案",
    ],
    "how": ["保存", "提交", "更新", "评审", "复核", "归档", "签署", "公示", "抽查", "验证"],
    "when": ["量产前", "变更实施前", "每次交付时", "年度审核前", "收到通知后", "项目启动时", "试生产结束后", "停产之后"],
    "why": ["以便追溯", "并告知顾客代表", "直至书面解除", "作为付款条件", "由双方签字确认", "并附照片", "不得委托他人", "否则视为未交付"],
}  # fmt: skip
EN = {
    "who": ["The supplier", "The laboratory", "The plant", "Each sub-tier supplier", "The project team", "Purchasing"],
    "what": [
        "the control plan", "capability studies", "boundary samples", "batch records", "error proofing checks",
        "first-off results", "packaging data", "change requests", "nonconforming parts", "material declarations",
        "gauge studies", "weld parameters", "heat treatment charts", "appearance approvals", "software lists",
        "cleanliness reports", "torque curves", "salt spray results", "rework instructions", "capacity analyses",
        "contingency plans", "tooling lists", "special characteristics", "transport concepts",
    ],
    "how": ["retain", "submit", "update", "review", "verify", "archive", "sign", "display", "audit", "validate"],
    "when": ["before series production", "with every delivery", "before each audit", "after notification", "at kick-off"],
    "why": [
        "so that every batch can be traced", "and inform the customer", "until released in writing",
        "as a condition of payment", "with photographs attached", "without delegating the task",
    ],
}  # fmt: skip


@dataclass
class Pair:
    """Two editions and what really became of each clause: (kind, old keys, new keys); values that changed."""

    old: list[Said] = field(default_factory=list)
    new: list[Said] = field(default_factory=list)
    gold: set[tuple[Kind, tuple[str, ...], tuple[str, ...]]] = field(default_factory=set)
    values: set[tuple[str, str, str]] = field(default_factory=set)


def sentence(dice: random.Random, words: dict[str, list[str]], is_chinese: bool, value: int) -> str:
    who, what, how, when, why = (dice.choice(words[key]) for key in ("who", "what", "how", "when", "why"))
    other = dice.choice(words["what"])
    if is_chinese:
        return f"{when}，{who}应当{how}{what}和{other}，期限为 {value} 个工作日，{why}。"
    return f"{who} shall {how} {what} and {other} {when} within {value} working days {why}."


def made(seed: int, *, is_chinese: bool, chapters: int = 10, each: int = 14) -> Pair:
    """An edition of chapters and clauses, and the next one: some clauses renumbered, moved, reworded, split, merged,
    new and gone; all others as they were."""
    dice = random.Random(seed)
    words = ZH if is_chinese else EN
    pair = Pair()
    texts: dict[str, str] = {}
    order: list[tuple[str, list[str]]] = []
    for chapter in range(chapters):
        keys = []
        for place in range(each):
            key = f"o{chapter}.{place}"
            texts[key] = "".join(sentence(dice, words, is_chinese, dice.randint(2, 60)) for _ in range(2))
            keys.append(key)
        order.append((f"{'章节' if is_chinese else 'Chapter'} {dice.choice(words['what'])} {chapter}", keys))
    _number(pair.old, order, texts, "o")
    fates = ["reword", "value", "split", "merge", "gone", "move"]
    chosen = dice.sample([key for _title, keys in order for key in keys[1:-1:2]], 6 * 5)
    fate = {key: fates[at % len(fates)] for at, key in enumerate(chosen)}
    changed, says, came = _next(dice, words, is_chinese, order, texts, fate)
    _number(pair.new, changed, says, "n")
    _gold(pair, fate, came)
    return pair


def _number(edition: list[Said], order: list[tuple[str, list[str]]], texts: dict[str, str], side: str) -> None:
    for chapter, (title, keys) in enumerate(order, 1):
        head = f"{side}h{chapter}"
        edition.append(Said(head, str(chapter), title, ""))
        edition += [Said(key, f"{chapter}.{place}", "", texts[key], head) for place, key in enumerate(keys, 1)]


def _next(dice, words, is_chinese, order, texts, fate):  # type: ignore[no-untyped-def]
    says, came, changed = dict(texts), {}, []
    for title, keys in order:
        made: list[str] = []
        for at, key in enumerate(keys):
            what = fate.get(key)
            cut = says[key].index("。" if is_chinese else ". " if ". " in says[key] else ".") + 1
            if what == "gone" or what == "move":
                continue
            if what == "value":
                value = next(each for each in "".join(c if c.isdigit() else " " for c in says[key]).split())
                came[key] = (value, str(int(value) + 71))
                says[key] = says[key].replace(f" {value} ", f" {came[key][1]} ", 1)
            elif what == "reword":
                says[key] = says[key][:cut] + sentence(dice, words, is_chinese, dice.randint(61, 90))
            elif what == "split":
                says[f"{key}+"], says[key] = says[key][cut:].strip(), says[key][:cut]
                made += [key, f"{key}+"]
                continue
            elif what == "merge":
                following = keys[at + 1]
                says[following] = says[key] + says[following]
                continue
            made.append(key)
        if dice.random() < 0.5:
            fresh = f"x{title}"
            says[fresh] = "".join(sentence(dice, words, is_chinese, dice.randint(100, 160)) for _ in range(2))
            made.insert(dice.randint(0, len(made)), fresh)
            came[fresh] = None
        changed.append((title, made))
    for key in [key for key, what in fate.items() if what == "move"]:
        home = next(at for at, (_title, keys) in enumerate(order) if key in keys)
        changed[(home + 4) % len(changed)][1].append(key)
    return changed, says, came


def _gold(pair: Pair, fate: dict[str, str], came: dict) -> None:  # type: ignore[type-arg]
    old, new = {each.key: each for each in pair.old}, {each.key: each for each in pair.new}
    keys = [each.key for each in pair.old if not each.key.startswith("oh")]
    merged = {keys[keys.index(key) + 1]: key for key, what in fate.items() if what == "merge"}
    for key in keys:
        what = fate.get(key)
        if what == "merge":
            continue
        if key in merged:
            pair.gold.add((Kind.MERGED, (merged[key], key), (key,)))
        elif what == "gone":
            pair.gold.add((Kind.GONE, (key,), ()))
        elif what == "split":
            pair.gold.add((Kind.SPLIT, (key,), (key, f"{key}+")))
        elif what in ("reword", "value"):
            pair.gold.add((Kind.REWORDED, (key,), (key,)))
        elif what == "move":
            pair.gold.add((Kind.MOVED, (key,), (key,)))
        else:
            kind = Kind.SAME if old[key].number == new[key].number else Kind.RENUMBERED
            pair.gold.add((kind, (key,), (key,)))
        if what == "value":
            pair.values.add((key, *came[key]))
    pair.gold |= {(Kind.NEW, (), (key,)) for key, said in came.items() if said is None}
