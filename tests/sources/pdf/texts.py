"""What the PDFs of the gold set say, told once; `making` sets it with different programs and layouts."""
# ruff: noqa: E501 (texts of the trade, each in one line)

from dataclasses import dataclass, field

TERMS = [
    "供方应在收到通知之日起十个工作日内完成评审，并将评审结果以书面形式回复顾客；逾期未回复的，视为供方已经接受全部要求，由此产生的费用由供方承担。",
    "关键特性的过程能力指数 Cpk 不得低于 1.67，一般特性不得低于 1.33；过程能力不足时，供方应实施 100% 全数检验，直至顾客书面同意恢复抽样检验为止。",
    "生产件批准（PPAP）按照等级 3 提交，除非顾客另有书面规定。提交的资料应当包括设计记录、控制计划、测量系统分析以及初始过程研究的结果。",
    "质量记录应当保存至产品停产后 15 年。保存期满之后，须经顾客书面同意方可销毁，销毁记录应当由质量部保存备查。",
    "发生质量问题时，供方应当在 24 小时以内提交 D3 报告，在 5 个工作日内提交 D5 报告，并且在 10 个工作日之内提交完整的 8D 报告。",
]
TERMS_EN = [
    "The supplier shall acknowledge receipt of a changed specification within two working days and complete its review "
    "within ten working days after notification, as described in section 4.2 of this manual.",
    "Special characteristics shall be marked with the symbol of the customer or with an equivalent symbol of the supplier "
    "that is defined in a conversion table approved by the customer representative before the start of production.",
    "Records of production part approval, tooling, product and process design shall be retained for as long as the product "
    "is active for production and service requirements plus one calendar year, unless otherwise specified.",
    "Containment actions shall be reported within twenty-four hours. The supplier is responsible for sorting at the plant "
    "of the customer, at the warehouse of third parties and for goods that are in transit at that time.",
]
TERMS_DE = [
    "Der Lieferant verpflichtet sich zur unverzüglichen Benachrichtigung über Qualitätsabweichungen, insbesondere bei "
    "sicherheitsrelevanten Merkmalen und bei Zulassungsbescheinigungen der Kraftfahrzeughersteller.",
    "Aufbewahrungsfristen für Dokumentationsunterlagen betragen mindestens fünfzehn Jahre nach Auslauf der Serienlieferung "
    "einschließlich der Ersatzteilversorgung, sofern keine längeren gesetzlichen Fristen vorgeschrieben sind.",
]


@dataclass(frozen=True)
class Text:
    """A document: its language, its paragraphs with the level of a heading (0: none), and one table."""

    language: str
    paragraphs: list[tuple[int, str]]
    rows: list[tuple[str, ...]] = field(default_factory=list)

    @property
    def expected(self) -> list[str]:
        """The blocks that a reader must find, in order; cells of a row are joined by tabs."""
        return [said for _, said in self.paragraphs] + ["\t".join(row) for row in self.rows]


def numbered(terms: list[str], chapters: list[str], each: int, about: str) -> list[tuple[int, str]]:
    """Chapters of clauses. Each clause begins with words of its own: what comes again and again would be a head."""
    said: list[tuple[int, str]] = []
    for chapter, title in enumerate(chapters, 1):
        said.append((1, f"{chapter} {title}"))
        for place in range(1, each + 1):
            term = terms[(chapter * each + place) % len(terms)]
            own = about.format("ABCDEFGHJKLMNPQRSTUVWXYZ"[chapter * 3 + place] * (2 * place % 5 + 3 * chapter % 7))
            said.append((0, f"{chapter}.{place} {own}{term}"))
    return said


CHINESE = Text("zh", numbered(TERMS, ["总则", "过程能力", "批准程序", "记录保存", "问题处理"], 7, "对于 {} 类零件，"))
ENGLISH = Text(
    "en",
    numbered(
        TERMS_EN,
        ["General", "Characteristics", "Records", "Containment", "Change control"],
        6,
        "For parts of class {}: ",
    ),
)
GERMAN = Text("de", numbered(TERMS_DE, ["Allgemeines", "Fristen", "Meldung"], 6, "Für Teile der Klasse {}: "))
TABLE = Text(
    "zh",
    [(1, "1 检验要求"), (0, f"1.1 {TERMS[1]}")],
    [
        ("序号", "特性", "要求", "频次"),
        *((str(at), f"特性{at}", f"公差 ±0.{at:02d} mm，{TERMS[at % 5][:24]}", "每班 1 次") for at in range(1, 61)),
    ],
)
