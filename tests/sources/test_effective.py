"""From which day a clause holds: sentences as customers write them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yinuo.sources.rules import effective

GOLD = [
    ("本法自2018年12月29日起施行。", "2018-12-29", "自2018年12月29日起施行"),
    ("本条例自2003年11月1日起施行。", "2003-11-01", "自2003年11月1日起施行"),
    ("本规定自二〇二六年一月一日起施行，原规定同时废止。", "2026-01-01", "自二〇二六年一月一日起施行"),
    ("自２０２６年１月１日起执行。", "2026-01-01", "自２０２６年１月１日起执行"),
    ("本要求于2026年3月15日生效。", "2026-03-15", "2026年3月15日生效"),
    ("生效日期：2026-07-01", "2026-07-01", "生效日期：2026-07-01"),
    ("发布日期：2026-01-05 实施日期：2026.03.01", "2026-03-01", "实施日期：2026.03.01"),
    ("2023-05-01发布 2023-12-01实施", "2023-12-01", "2023-12-01实施"),
    ("自2026年1月1日起，供应商应当每季度提交电池材料来源报告。", "2026-01-01", None),
    ("从2026年7月1日开始，所有新项目采用新版标签。", "2026-07-01", None),
    ("自2026年4月起正式实施。", "2026-04-01", "自2026年4月起正式实施"),
    ("本手册2026年1月1日（含）起正式启用。", "2026-01-01", None),
    ("本条款生效日期为2027年1月1日。", "2027-01-01", None),
    ("《供应商质量手册》自2026年1月1日起生效。", "2026-01-01", None),
    ("These requirements are effective 1-Jan-2026.", "2026-01-01", "effective 1-Jan-2026"),
    ("Effective date: January 1, 2026", "2026-01-01", "Effective date: January 1, 2026"),
    ("posted 6-Sep-2017/eff. 1-Nov-2017", "2017-11-01", "eff. 1-Nov-2017"),
    ("This clause shall be effective as of March 3rd, 2026 for all suppliers.", "2026-03-03", None),
    ("with effect from 01.07.2026 all labels carry the batch", "2026-07-01", "with effect from 01.07.2026"),
    ("The regulation comes into force on 25 May 2018.", "2018-05-25", "comes into force on 25 May 2018"),
    ("It shall take effect on 2026/04/01.", "2026-04-01", "take effect on 2026/04/01"),
    ("It shall apply from 2 August 2026.", "2026-08-02", "apply from 2 August 2026"),
    ("Mandatory as of 2026-01-01", "2026-01-01", "Mandatory as of 2026-01-01"),
    ("As of 1 January 2026, suppliers shall report monthly.", "2026-01-01", None),
    ("Effective: 13/02/2026", "2026-02-13", "Effective: 13/02/2026"),
    ("Effective 02/13/2026", "2026-02-13", "Effective 02/13/2026"),
    ("effective\n15 June 2026", "2026-06-15", "effective\n15 June 2026"),
    ("Effective Date | 1 July 2026", "2026-07-01", "Effective Date | 1 July 2026"),
    ("Released 1 May 2025. Applicable from September 2025.", "2025-09-01", "Applicable from September 2025"),
    ("The effective date of this manual is 1 April 2026.", "2026-04-01", None),
    ("自 2026 年 1 月 1 日 起 施 行", "2026-01-01", "自 2026 年 1 月 1 日 起 施 行"),
    ("Diese Forderung ist gültig ab 01.01.2026.", "2026-01-01", "gültig ab 01.01.2026"),
    ("Die Norm tritt am 1. März 2026 in Kraft.", "2026-03-01", "tritt am 1. März 2026 in Kraft"),
]
NONE = [
    "",
    "Effective date: per Appendix",
    "自发布之日起施行。",
    "自公布之日起30日后施行。",
    "原办法自2026年1月1日起废止。",
    "自2026年1月1日起停止执行。",
    "供应商应于2026年1月1日前实施完毕。",
    "有效期至2026年12月31日。",
    "依据《产品质量法》（2018年12月29日起施行）制定。",
    "2024年8月31日发布",
    "The audit took place on 1 January 2026.",
    "The certificate is valid until 31 December 2026.",
    "This edition is no longer effective as of 1 January 2026.",
    "Effective 01/02/2026",  # the first of February or the second of January
    "Effective 31 February 2026",
    "effective within 10 days after release",
    "自2026年13月1日起施行",
    "From 1 January 2026 to 31 March 2026 the line stands still.",
    "适用于2026年1月1日后量产的项目。",
    "自2026年1月1日起至2026年3月1日止，应停线。",
    "Drawing of 12.04.2025 applies.",
    "version 2026.1.1.4 is effective",
]


@pytest.mark.parametrize(("text", "day", "said"), GOLD)
def test_the_day_from_which_a_clause_holds(text: str, day: str, said: str | None) -> None:
    found = effective.effective(text)
    assert found is not None
    assert found[0] == date.fromisoformat(day)
    assert found[1] in text, "words as printed"
    if said:
        assert found[1] == said


@pytest.mark.parametrize("text", NONE)
def test_other_days_say_nothing(text: str) -> None:
    assert effective.effective(text) is None


@given(st.text(alphabet="自从2026年1月起施行 effective from-/.,() 零一", max_size=60))
def test_any_text_has_an_answer(text: str) -> None:
    found = effective.effective(text)
    assert found is None or found[1] in text


def test_long_texts_take_no_time() -> None:
    import time

    start = time.process_time()
    effective.effective("from 1 January 2026 " * 20_000)
    effective.effective("effective " * 50_000)
    effective.effective("自2026年1月1日起" * 20_000)
    assert time.process_time() - start < 30  # one or two as a rule; by the square it would be hours
