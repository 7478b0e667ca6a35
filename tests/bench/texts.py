"""Texts as customers write them, in Chinese and English, from a vocabulary with known frequencies.

Every text is a function of the case's number, so that two loads of one size are alike. No text holds a character that
JSON or COPY would have to escape.
"""

import random
from dataclasses import dataclass

RARE, RARE_HITS = "锆石涂层", 5  # in five cases, whatever the size
COMMON, COMMON_EVERY = "密封圈", 10  # in every tenth case
LETTERS = 3


def _words(text: str) -> list[str]:
    return text.split()


THINGS = _words(
    "控制臂 转向节 制动卡钳 支架 线束 连接器 传感器 电机壳体 轮毂轴承 减震器 油封 水泵 散热器 冷凝管 仪表板 门把手 "
    "天窗导轨 座椅滑轨 安全带锁扣 气囊罩盖 电池托盘 冷却板 汇流排 高压线缆 充电座 逆变器壳体 转子铁芯 齿轮轴 差速器 "
    "离合器片 凸轮轴 活塞环 缸盖螺栓 进气歧管 排气法兰 燃油泵 喷油嘴 节温器 皮带轮 张紧轮"
)
ASPECTS = _words(
    "尺寸 位置度 平面度 硬度 涂层厚度 盐雾试验 扭矩 清洁度 气密性 耐久 振动 高低温循环 色差 光泽 异味 包装 标签 追溯码 "
    "首件检验 过程能力 全尺寸报告 材料证明 环保申报 检具 封样 交付日期 安全库存 备件 放行 审核 防错 返工 隔离 换型 "
    "工装 焊缝 铆接 粘接 电镀 热处理"
)
DEEDS = _words(
    "须重新验证并提交报告 每批抽检并保存记录 在变更前书面通知 按新版图纸执行 由第三方实验室检测 更新控制计划 "
    "在门户网站上传证据 五个工作日内答复 每季度复核一次 由有资质的人员签字 不得使用替代材料 与上一版对比说明差异 "
    "提供统计过程数据 保留样件十五年 先行提交样件 全数检查直至取消 安排现场审核 说明根本原因与长期措施"
)
ENGLISH = _words(
    "supplier shall submit updated report before shipment torque drawing revision approval sample batch traceability "
    "cleanliness hardness plating corrosion endurance packaging label deviation waiver inspection gauge capability "
    "retention audit change notice response within working days evidence portal measurement fixture welding"
)
REASONS = ("请按附件要求", "根据贵司上次答复", "经与项目组讨论", "针对近期市场反馈", "依据最新版规范", "为满足法规更新")


@dataclass(frozen=True)
class Said:
    """What one case says: title, text as received, its requirement item, three letters."""

    title: str
    text: str
    item: str
    letters: tuple[str, str, str]


def _part_number(at: random.Random) -> str:
    return f"{at.randrange(10_000, 99_999)}-{at.choice('ABCDEFGH')}{at.choice('ABCDEFGH')}.{at.randrange(1, 99):02}"


def _sentence(at: random.Random) -> str:
    # The first words of the lists are the frequent ones, as in real texts.
    thing = THINGS[int(len(THINGS) * at.random() ** 2)]
    aspect = ASPECTS[int(len(ASPECTS) * at.random() ** 2)]
    return f"{at.choice(REASONS)}，{thing}的{aspect}{at.choice(DEEDS)}。"


def _english(at: random.Random) -> str:
    return " ".join(ENGLISH[int(len(ENGLISH) * at.random() ** 1.5)] for _word in range(12)) + "."


def said_in(number: int, size: int) -> Said:
    """What the case with this place among `size` cases says."""
    at = random.Random(number)
    thing, aspect = at.choice(THINGS), at.choice(ASPECTS)
    title = f"{thing}{aspect}要求 {_part_number(at)}"
    parts = [_sentence(at), _sentence(at), _english(at), f"图号 {_part_number(at)}，{at.choice(DEEDS)}。"]
    if number % COMMON_EVERY == 3:
        parts.insert(1, f"涉及{COMMON}的部位一并检查。")
    if size and number % max(1, size // RARE_HITS) == size // RARE_HITS // 2:
        parts.insert(2, f"注意{RARE}的脱落风险。")
    return Said(
        title=title,
        text="".join(parts),
        item=f"{thing}的{aspect}{at.choice(DEEDS)}，数量 {at.randrange(5, 500)} 件。",
        letters=(_sentence(at) + _sentence(at), _sentence(at), _english(at) + " " + _sentence(at)),
    )
