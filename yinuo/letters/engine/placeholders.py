"""Placeholders in templates: a closed list with plain names, found, checked and filled. Nothing of it is ever run.

`{{ 案件编号 }}` and `{{ case_number }}` are the same. What is filled in is never looked at again, so a value that looks
like a placeholder stays what it is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

MARK = re.compile(r"\{\{\s*([^{}\n]{0,80}?)\s*\}\}")
LEFT_OPEN = re.compile(r"\{\{|\}\}|\{%|%\}")
GAP_ZH, GAP_EN = "【请填写：%s】", "[please fill in: %s]"


@dataclass(frozen=True)
class Placeholder:
    """One thing that can be filled in, under either of its names."""

    name: str
    zh: str
    says_zh: str
    says_en: str


LIST = (
    Placeholder("case_number", "案件编号", "案件编号，例如 CSR-2026-0413", "the number, such as CSR-2026-0413"),
    Placeholder("matter", "事项", "要求的标题，或沟通的事由", "what it is about"),
    Placeholder("customer", "顾客", "顾客名称", "the customer's name"),
    Placeholder("contact", "联系人", "收信的联系人", "to whom the letter goes"),
    Placeholder("received_on", "收到日期", "收到要求的日期", "the day the request reached us"),
    Placeholder("wanted_on", "要求日期", "顾客要求完成的日期", "the day the customer asks for"),
    Placeholder("promised_on", "承诺日期", "我方承诺完成的日期", "the day we promised"),
    Placeholder("state", "状态", "案件当前状态", "how the case stands"),
    Placeholder("step", "当前步骤", "案件当前所处的步骤", "the step at which it stands"),
    Placeholder("items", "要求项", "各要求项，每项一行", "the items, a line each"),
    Placeholder("progress", "进展", "各案件的进展，每件一行", "how each case stands, a line each"),
    Placeholder("owner", "负责人", "我方负责人", "who handles it on our side"),
    Placeholder("window", "联络窗口", "我方对外联络窗口", "the customer's window on our side"),
    Placeholder("company", "本公司", "本公司（工厂）名称", "our company (site)"),
    Placeholder("today", "今天", "起草当天的日期", "the day of writing"),
)
BY_NAME = {each.name: each for each in LIST} | {each.zh: each for each in LIST}


def unknown_in(text: str) -> list[str]:
    """What stands in braces and is no placeholder, as it was written, each once."""
    found = [each for each in MARK.findall(text) if each.lower() not in BY_NAME]
    rest = MARK.sub("", text)
    found += [each[0] for each in LEFT_OPEN.finditer(rest)]
    return list(dict.fromkeys(found))


def names_in(text: str) -> list[Placeholder]:
    """The placeholders of a text, each once."""
    return list(dict.fromkeys(BY_NAME[each.lower()] for each in MARK.findall(text) if each.lower() in BY_NAME))


def filled(text: str, values: Mapping[str, str], language: str) -> str:
    """The text with its placeholders filled; what has no value leaves a gap that nobody overlooks."""
    gap = GAP_ZH if language.startswith("zh") else GAP_EN

    def value_of(found: re.Match[str]) -> str:
        placeholder = BY_NAME.get(found[1].lower())
        if placeholder is None:
            return found[0]
        shown = placeholder.zh if language.startswith("zh") else placeholder.name.replace("_", " ")
        return values.get(placeholder.name) or gap % shown

    return MARK.sub(value_of, text)


def gaps_in(text: str) -> bool:
    """Whether a letter still has a gap to be filled in by hand."""
    return GAP_ZH.partition("%s")[0] in text or GAP_EN.partition("%s")[0] in text
