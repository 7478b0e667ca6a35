"""The ways of writing numbers, by what may follow from them."""

from yinuo.sources.rules.numbers import DECIMAL

PLAIN = frozenset({"1.", "1", "1、", "1.0"})
LETTERED = "id:A"  # V1, G2: a letter before the number
LAWS = frozenset({"第1编", "第1篇", "第1部分", "第1章", "第1节", "第1条"})
SECTIONS = frozenset({"Section", "Article", "Chapter", "Part", "Clause", "Rule", "Principle", "Module", "Requirement"})
SECTIONS |= {"Abschnitt", "Kapitel", "Artikel", "Teil", "Ziffer", "§"}
ANNEXES = frozenset({"附件", "附录", "附则", "附表", "Annex", "Appendix", "Anhang", "Anlage", "Annexe"})
ANNEXES |= {"Attachment", "Exhibit", "Schedule", "Enclosure"}
LISTS = frozenset({"1)", "(1)", "①", "a)", "a.", "(a)", "i)", "(i)", "i.", "A)", "(A)", "(一)", "一)", "I)", "(I)"})
STRONG = frozenset({"第1条", "第1章", "第1节"}) | {
    "Article",
    "Section",
    "Clause",
    "§",
    "Requirement",
    "Chapter",
    "Rule",
}
LATE = STRONG | {"一、", "一"}  # may begin with another than their first
GOES_ON = PLAIN | ANNEXES | STRONG | {"一、", "(a)", DECIMAL}  # through the chapters of a document
TOPS = PLAIN | LAWS | SECTIONS | {"一、", "一", DECIMAL, "I.", "A.", "1)"}  # a document may begin with
ROOTS = PLAIN | LAWS | SECTIONS | ANNEXES | {"1)", "A.", "一、", "一", "I.", "I"}  # the 4 of 4.2
# By custom, what stands above what.
RANKS = {
    "第1编": 0, "第1部分": 0, "第1章": 1, "第1节": 2, "第1条": 3, "一、": 3,
    "I.": 3, "A.": 4, "1.0": 4, "(一)": 5, "1": 5,
    "1.": 6, "1、": 6, "(1)": 8, "1)": 8, "a.": 8, "a)": 9, "(a)": 9, "①": 10, "i)": 11, "(i)": 11, "i.": 11,
}  # fmt: skip


def is_like(one: str, other: str) -> bool:
    """Whether two ways of writing may mix in one series: `1.` and `1、`."""
    return one == other or (one in PLAIN and other in PLAIN)
