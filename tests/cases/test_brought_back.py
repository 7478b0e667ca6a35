"""The list of cases comes back changed: what was registered is corrected, by the ordinary act of each case."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.test import Client
from django.utils import timezone

from tests import cast
from tests.cases import story as stories
from tests.comparisons import editing
from yinuo.cases import models
from yinuo.customers import models as customers
from yinuo.records import models as records

URL = "/cases/?excel=cases"


def test_what_was_registered_is_corrected_and_nothing_else(
    working: cast.Company, svw: customers.Customer, signed_in: Callable[[str], Client]
) -> None:
    case, other = (stories.open_case(working, svw) for _n in range(2))
    moment = case.registered_at.replace(second=59, microsecond=700_000)
    models.Case.objects.update(registered_at=moment, notified_at=moment)
    client = signed_in("lina")
    content = editing.taken_out(client, URL)
    assert editing.states(editing.compared(client, editing.Edited(content).content())) == {}, "moments stay moments"
    file = editing.Edited(content)
    said = timezone.localtime(moment - timedelta(days=1)).replace(second=0, microsecond=0)
    file.put(case.pk, "要求概述", "盐雾 720 h\n含备件")
    file.put(case.pk, "承诺日期", date(2027, 1, 8))
    file.put(case.pk, "提出或发布时间", datetime.combine(said.date(), said.time()))
    file.put(case.pk, "来源渠道", "电话")
    file.put(case.pk, "状态", "已完成")
    file.put(other.pk, "顾客", "无此顾客")
    row = editing.compared(client, file.content())
    assert editing.told(row) == {
        "theirs": [f"{case.pk}/title", f"{case.pk}/channel", f"{case.pk}/said", f"{case.pk}/promised"],
        "locked": [f"{case.pk}/state"],
        "error": [f"{other.pk}/customer"],
    }
    editing.written(client, row)
    case.refresh_from_db()
    assert (case.title, case.promised_on, case.channel) == ("盐雾 720 h 含备件", date(2027, 1, 8), "phone")
    assert (case.said_at, case.notified_at) == (said, moment), "what nobody touched keeps its seconds"
    entry = records.Entry.objects.get(word="cases.case.corrected", subject_id=case.pk)
    assert {each["field"] for each in entry.changes} >= {"title", "promised_on", "channel", "said_at"}
    again = editing.told(editing.compared(client, file.content()))
    assert set(again) == {"both", "locked", "error"}, "the same file again changes nothing"


def test_a_case_that_is_over_is_not_changed(
    working: cast.Company, svw: customers.Customer, signed_in: Callable[[str], Client]
) -> None:
    case = stories.open_case(working, svw)
    client = signed_in("lina")
    file = editing.Edited(editing.taken_out(client, URL))
    file.put(case.pk, "要求概述", "改")
    models.Case.objects.update(ended_at=timezone.now(), state=models.State.TERMINATED)
    it = editing.compared(client, file.content()).rows.get()
    assert (it.state, it.undecided) == ("barred", 0)
    assert "只能查阅" in it.said[0][1]["sentence"]
