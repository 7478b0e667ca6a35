"""Lists of requirements as customers send them, each with its true clauses: number, title, text."""

from collections.abc import Callable
from datetime import date

from tests.sources.sheets import making
from tests.sources.sheets.making import Sheet

Truth = list[tuple[str, str, str]]

TITLED_HEAD = ["条款号", "标题", "要求内容", "责任部门", "供应商回复", "备注"]
TITLED: Truth = [
    ("1.1", "文件控制", "供应商应保存所有与安全特性有关的记录，保存期不少于十五年。"),
    ("1.2", "变更通知", "任何影响产品、过程或场地的变更须提前九十天书面通知甲方。"),
    ("2.1", "样件提交", "首批样件须附全尺寸报告、材料证明和试验报告一并提交。"),
    ("2.2", "批次追溯", "每一批次须能追溯到原材料炉号、设备以及操作人员。"),
    ("2.3", "包装", "周转箱内不得混装不同批次的零件，标签朝外放置。"),
]


def titled() -> bytes:
    """Titles of the document above the heading, columns of the supplier's answers beside."""
    rows = [
        ["远航汽车股份有限公司"],
        ["供应商特殊要求清单（2026版）"],
        ["编制：李工", "", "审核：王经理", "", "日期：2026-03-01"],
        [],
        TITLED_HEAD,
        *[
            [number, title, text, "质量部", "可以满足，已纳入程序文件", "已与客户书面确认"]
            for number, title, text in TITLED
        ],
    ]
    return making.xlsx(Sheet("特殊要求", rows, merged=["A1:F1", "A2:F2"]))


MERGED: Truth = [
    ("3.1", "Process audits", "The supplier shall audit every manufacturing process once a year."),
    ("3.2", "Layout inspection", "A full layout inspection is carried out annually on five parts of each cavity."),
    ("3.3", "Special characteristics", "Special characteristics shall be proven with a Cpk of at least 1.67."),
    ("3.4", "Rework", "Rework is allowed only after written approval by the customer."),
    ("3.5", "Sub-suppliers", "Requirements are passed on to every sub-supplier in the chain."),
]


def merged() -> bytes:
    """A heading of two rows, its cells merged."""
    rows = [
        ["Customer Specific Requirements"],
        ["No.", "Requirement", "", "Supplier response", "", ""],
        ["", "Title", "Description", "Yes/No", "Evidence", "Due date"],
        *[
            [number, title, text, "Yes", "Procedure QP-07 revision 4", date(2026, 5, 1 + which)]
            for which, (number, title, text) in enumerate(MERGED)
        ],
    ]
    return making.xlsx(Sheet("CSR", rows, merged=["A1:F1", "A2:A3", "B2:C2", "D2:F2"]))


CHAPTERS: Truth = [
    ("4", "开发阶段", ""),
    ("4.1", "", "供应商应在定点后两周内提交项目计划，并每周更新进度。"),
    ("4.2", "", "模具开发须按照甲方的里程碑节点进行评审与放行。"),
    ("5", "量产阶段", ""),
    ("5.1", "", "量产后三个月内加严检验，检验比例不低于百分之二十。"),
    ("5.2", "", "不合格品须隔离存放，二十四小时内书面报告甲方。"),
    ("6", "售后阶段", ""),
    ("6.1", "", "售后件分析报告须在收到退件后十个工作日内提交。"),
    ("6.2", "", "停产后十五年内保证备件供应，价格不高于量产价格。"),
]


def chapters() -> bytes:
    """Chapters in merged rows; the heading returns in each of them."""
    rows: list[list[object]] = []
    areas = []
    for number, title, text in CHAPTERS:
        if title:
            rows += [[f"{number} {title}"], ["编号", "要求", "符合性", "证据"]]
            areas.append(f"A{len(rows) - 1}:D{len(rows) - 1}")
        else:
            rows.append([number, text, "符合", "见程序文件"])
    return making.xlsx(Sheet("要求", rows, merged=areas))


BARE: Truth = [
    ("SR-001", "", "The connector shall withstand one thousand mating cycles without loss of contact."),
    ("SR-002", "", "The housing shall be made of halogen-free plastic with at least thirty per cent recyclate."),
    ("SR-003", "", "The supplier shall deliver a material data sheet through IMDS before the first samples."),
    ("SR-005", "", "Each part shall carry a data matrix code that is readable after the salt spray test."),
]


def bare() -> bytes:
    """No heading at all."""
    return making.xlsx(Sheet("Sheet1", [[number, text] for number, _, text in BARE]))


MECHANICAL: Truth = [
    ("M-1", "", "支架在负载五百牛顿时的变形量不得超过规定的限值。"),
    ("M-2", "", "所有紧固件须使用防松涂层并标记拧紧位置。"),
    ("M-3", "", "焊缝须按照图纸标注的等级进行超声波检查。"),
]
ELECTRICAL: Truth = [
    ("E-1", "", "控制器在供电电压波动范围内须保持全部功能。"),
    ("E-2", "", "线束插头须具备二次锁止结构并防止误插。"),
    ("E-3", "", "软件版本须能通过诊断接口读取并可追溯。"),
]


def several() -> bytes:
    """A cover, a history of changes, two lists, a hidden sheet of choices."""
    lists = [["编号", "技术要求", "验证方法", "状态"]]
    return making.xlsx(
        Sheet("封面", [["技术要求说明书"], ["项目：", "X7 座椅支架"], ["版本：", "3.2"], ["日期：", date(2026, 3, 9)]]),
        Sheet(
            "变更履历",
            [
                ["版本", "日期", "变更内容", "变更人"],
                ["1.0", date(2025, 6, 1), "首次发布", "陈工"],
                ["2.0", date(2025, 9, 1), "增加电气要求", "陈工"],
                ["3.2", date(2026, 3, 9), "修改焊缝等级", "赵工"],
            ],
        ),
        Sheet("机械要求", [*lists, *[[a, c, "试验", "已发布"] for a, _, c in MECHANICAL]]),
        Sheet("电气要求", [*lists, *[[a, c, "试验", "已发布"] for a, _, c in ELECTRICAL]]),
        Sheet("选项", [["已发布"], ["草稿"], ["M-9 不再使用的旧要求"]], is_hidden=True),
    )


INSIDE: Truth = [
    ("SRS 10", "", "The unit shall enter the safe state within fifty milliseconds after a fault."),
    ("SRS 11", "", "The unit shall store the last ten faults with their time of occurrence."),
    ("SRS 12", "", "The unit shall reject messages whose checksum is wrong.\nRejected messages are counted."),
    ("SRS 13", "", "The unit shall report its temperature once every second."),
]


def inside() -> bytes:
    """The number stands in the text, behind the area and the topic."""
    rows: list[list[object]] = [["Area", "Topic", "Requirement text", "ASIL", "Comment"]]
    for which, (number, _, text) in enumerate(INSIDE):
        lead = ["Safety", "Fault handling"] if which < 2 else ["Bus", "Messages"]
        rows.append([*lead, f"{number} - {text}", "B", "agreed in the workshop of March"])
    return making.xlsx(Sheet("SRS", rows))


UNDER: Truth = [
    (
        "7.1",
        "",
        "供应商提交PPAP文件时须包括下列内容：\na) 设计记录与变更文件；\nb) 流程图、控制计划；\nc) 全尺寸测量结果。",
    ),
    ("7.2", "", "未经甲方批准不得发运量产零件。\n紧急情况下须取得采购与质量双方的书面同意。"),
    ("7.3", "", "批准状态由甲方在门户网站上公布并通知供应商。"),
    ("7.4", "", "每年须重新确认一次PPAP文件的有效性。\n由供应商质量经理签字。"),
]


def under() -> bytes:
    """Rows without a number go on with the row above: items and further words."""
    rows: list[object] = [["序号", "要求", "责任部门", "备注"]]
    for number, _, text in UNDER:
        first, *more = text.split("\n")
        rows += [[number, first, "质量部", ""], *[["", line, "质量部", ""] for line in more]]
    return making.xlsx(Sheet("PPAP要求", rows))


VALUES: Truth = [
    *[
        (f"4.{each}", "", f"第{each}项：供应商须就第{each}个过程建立作业指导书并培训操作人员。")
        for each in range(1, 10)
    ],
    ("4.10", "", "第十项：供应商须建立防错装置清单并每班点检。"),
    ("4.11", "", "第十一项：供应商须建立备件清单和安全库存。"),
    ("5.1", "", "供应商须每月提交质量绩效报告。"),
    ("5.2", "", "供应商须每季度召开质量会议。"),
]


def values() -> bytes:
    """Excel made numbers of the numbers, and a day of one: 4.10 is 4.1 there, 5.1 is the first of May."""
    rows: list[list[object]] = [["条款", "要求", "备注"]]
    for number, _, text in VALUES:
        rows.append([date(2026, 5, 1) if number == "5.1" else float(number), text, ""])
    return making.xlsx(Sheet("清单", rows))


SHOWN: Truth = [
    ("2.08", "", "Leakage is tested on every part before packing."),
    ("2.09", "", "The leak rate is recorded together with the serial number."),
    ("2.10", "", "Test benches are verified with a master at each shift start."),
    ("2.20", "", "Parts that fail are tested once more at most."),
]


def shown() -> bytes:
    """Numbers that are shown with two decimals."""
    rows: list[list[object]] = [["Item", "Requirement", "Rating"]]
    rows += [[float(number), text, "A"] for number, _, text in SHOWN]
    return making.xlsx(Sheet("Leakage", rows, formats={(row, 1): "0.00" for row in range(2, 6)}))


COUNTED: Truth = [
    ("A.1", "", "供应商须建立并保持符合要求的质量管理体系。"),
    ("A.2", "", "供应商须每年进行一次内部审核并提交报告。"),
    ("A.5", "", "供应商须对特殊过程进行年度评审。"),
    ("B.1", "", "供应商须提前告知产能瓶颈及其对策。"),
    ("B.7", "", "供应商须参加甲方组织的季度评审会议。"),
]


def counted() -> bytes:
    """The rows are counted beside the numbers; two rows of heading return on the second page."""
    heading: list[list[object]] = [["序号", "条款号", "要求", "评价", ""], ["", "", "", "满足", "说明"]]
    rows: list[list[object]] = [["附表：质量保证要求"], *heading]
    for which, (number, _, text) in enumerate(COUNTED, 1):
        rows += heading if which == 4 else []
        rows.append([which, number, text, "是", "按体系文件的规定执行，无偏离"])
    rows += [[], ["编制：张工", "", "审核：李经理", "", "批准：王总"]]
    return making.xlsx(Sheet("质量保证", rows, merged=["A1:E1"]))


COLUMNS: Truth = [
    ("8.1", "", "Suppliers confirm orders within two working days."),
    ("8.2", "", "Delays are announced as soon as they are known."),
    ("8.3", "", "Every delivery carries an electronic advice note."),
    ("8.4", "", "Labels follow the global transport label standard."),
    ("9.1", "", "Complaints are answered with an 8D report in ten days."),
    ("9.2", "", "Containment begins within twenty-four hours."),
]


def columns() -> bytes:
    """Groups in the first columns, said once; rows, a column and a draft hidden."""
    groups = {"8.1": ("Logistics", "Orders"), "8.3": ("", "Shipping"), "9.1": ("Quality", "Complaints")}
    rows: list[list[object]] = [["Category", "Topic", "ID", "Requirement", "Internal note", "Status"]]
    for number, _, text in COLUMNS:
        rows.append([*groups.get(number, ("", "")), number, text, "ask purchasing about the price", "open"])
    rows.insert(4, ["", "", "8.25", "Withdrawn: orders by fax are confirmed by fax.", "", "withdrawn"])
    return making.xlsx(Sheet("List", rows, merged=["A2:A6"], hidden_rows=[5], hidden_columns=["E:E"]))


BILINGUAL: Truth = [
    (
        "10.1",
        "",
        "The supplier shall keep a contingency plan and test it every year.\n供应商应制定应急计划并每年进行演练。",
    ),
    (
        "10.2",
        "",
        "The supplier shall train all operators before they work alone.\n所有操作人员独立上岗之前须经过培训。",
    ),
    ("10.3", "", "Gauges shall be calibrated and marked with the next due date.\n量具须经校准并标明下次校准日期。"),
    ("10.4", "", "First-in first-out shall be observed for all stored goods.\n所有库存物品须遵循先进先出的原则。"),
]


def bilingual() -> bytes:
    """The requirement and its translation, each in its column."""
    rows = [["No. 序号", "Requirement (English)", "要求（中文）", "Compliance 符合性", "Remarks 备注"]]
    for number, _, text in BILINGUAL:
        rows.append([number, *text.split("\n"), "Fully compliant 完全符合", "see the quality manual 见质量手册"])
    return making.xlsx(Sheet("CSR 特殊要求", rows))


OLD: Truth = [
    ("Q1", "材料", "材料须符合禁用物质清单，并提交符合性声明。"),
    ("Q2", "外观", "外观件须按照限度样件验收，限度样件每年更新。"),
    ("Q3", "尺寸", "关键尺寸每班首件检验并记录，末件保留到下一班。"),
    ("Q4", "清洁度", "清洁度试验每月一次，结果随货提交。"),
]


def old() -> bytes:
    """A workbook of the nineties."""
    rows = [["质量要求一览表"], ["编号", "项目", "要求", "检验方法"]]
    return making.xls(Sheet("质量要求", [*rows, *[[*each, "按检验指导书执行"] for each in OLD]]))


COMMAS: Truth = [
    ("CR-001", "", "供应商须通过IATF 16949认证，证书失效须立即通知。"),
    ("CR-002", "", "供应商须在门户网站上维护产能数据，每月更新一次。"),
    ("CR-003", "", "运输包装须能承受一点五米跌落，零件无损伤。"),
    ("CR-004", "", "供应商须指定产品安全代表，并将姓名告知甲方。"),
]


def commas() -> bytes:
    """Exported from an old program, in the national character set."""
    rows = [["编号", "要求描述", "优先级", "反馈"], *[[a, c, "高", "待评审"] for a, _, c in COMMAS]]
    return making.csv(rows, "gb18030")


FILES: dict[str, tuple[Callable[[], bytes], Truth]] = {
    "titled.xlsx": (titled, TITLED),
    "merged.xlsx": (merged, MERGED),
    "chapters.xlsx": (chapters, CHAPTERS),
    "bare.xlsx": (bare, BARE),
    "several.xlsx": (several, MECHANICAL + ELECTRICAL),
    "inside.xlsx": (inside, INSIDE),
    "under.xlsx": (under, UNDER),
    "values.xlsx": (values, VALUES),
    "shown.xlsx": (shown, SHOWN),
    "counted.xlsx": (counted, COUNTED),
    "columns.xlsx": (columns, COLUMNS),
    "bilingual.xlsx": (bilingual, BILINGUAL),
    "old.xls": (old, OLD),
    "commas.csv": (commas, COMMAS),
}
