"""Whatever happens, the tallies say what a recount of all rows says."""

import io
import random
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests import cast
from tests.cases import story as stories
from tests.cases.story import Story
from tests.reports.conftest import registered
from yinuo.cases import models as cases
from yinuo.cases.actions import steering
from yinuo.customers import models as customers
from yinuo.customers.actions import companies
from yinuo.kit import actors, refusals
from yinuo.org import models as org
from yinuo.procedures import models as procedures
from yinuo.procedures.actions import handing
from yinuo.procedures.actions import working as doing
from yinuo.procedures.queries import runs
from yinuo.records import models as records
from yinuo.reports import jobs, models, rules
from yinuo.reports.actions import counting
from yinuo.reports.definition import Key, Measure, Sum
from yinuo.reports.queries import counted


def differences() -> dict[Key, Sum]:
    return rules.difference(counted.recount(), counted.told())


def amount(measure: str, **where: Any) -> int:
    return sum(row.amount for row in models.Tally.objects.filter(measure=measure, **where))


def rolled(story: Story) -> None:
    counting.roll_up(by=actors.PROGRAM, now=story.now)


# The acts of a random story: each tries its luck, what the product refuses changes nothing --------------------------


def forward(story: Story, at: random.Random) -> None:
    """The next step of S5 as somebody usually does it."""
    step = story.steps()[0]
    if step == "departments":
        party = story.task(step).party.removeprefix("department:")
        who = {"quality": "sun", "production": "wu", "engineering": "wang"}.get(party, "zhou")
        story.opine(who, party, *["can"] * story.case.items.filter(withdrawn_at=None).count())
    elif step == "analyse":
        story.analyse(feasible=[at.random() < 0.8] * 3)
    else:
        {"register": story.accept, "acknowledge": story.acknowledge}[step]()


def give_back(story: Story, at: random.Random) -> None:
    task = at.choice(list(story.tasks(state="open", kind__in=procedures.Task.PEOPLE_KINDS)))
    who = task.holder or story.person("zhou")
    to = at.choice(["register", "acknowledge", "analyse"])
    by, now = stories.fresh(who), story.tick()
    doing.return_to(task=task, to=to, reason="资料不全", by=by, now=now, expected=task.version)


def withdraw(story: Story, at: random.Random) -> None:
    task = story.tasks(state="done", closed_by__isnull=False).order_by("-closed_at")[0]
    doing.withdraw(
        task=task, by=stories.fresh(task.closed_by), now=story.tick(minutes=5), expected=task.version, reason="填错"
    )


def reassign(story: Story, at: random.Random) -> None:
    task = at.choice(list(story.tasks(state="open", kind__in=procedures.Task.PEOPLE_KINDS)))
    to = story.person(at.choice(["wang", "sun", "lina"]))
    handing.reassign(task=task, to=to, reason="出差", by=story.person("zhou"), now=story.tick(), expected=task.version)


def hold(story: Story, at: random.Random) -> None:
    steering.hold(case=story.refreshed(), reason="等图纸", by=story.person("zhou"), now=story.tick())


def resume(story: Story, at: random.Random) -> None:
    steering.resume(case=story.refreshed(), by=story.person("zhou"), now=story.tick(days=at.randint(1, 4)))


def terminate(story: Story, at: random.Random) -> None:
    steering.terminate(case=story.refreshed(), reason="顾客撤回", by=story.person("zhou"), now=story.tick())


def reopen(story: Story, at: random.Random) -> None:
    run = runs.run_of(story.refreshed())
    assert run is not None
    to = at.choice(runs.reopenings_of(run)).key
    steering.reopen(case=story.case, to=to, reason="顾客又提出", by=story.person("zhou"), now=story.tick())


def rescope(story: Story, at: random.Random) -> None:
    scope = at.choice([None, *org.Scope.objects.all()])
    customer = customers.Customer.objects.get(pk=story.case.customer_id)
    by, now = story.person("zhao"), story.tick()
    companies.change(customer=customer, by=by, now=now, expected=customer.version, reason="保密协议", scope=scope)


def wait(story: Story, at: random.Random) -> None:
    story.tick(days=at.randint(1, 6), hours=at.randint(0, 9))


def roll(story: Story, at: random.Random) -> None:
    rolled(story)


ACTS: list[Callable[[Story, random.Random], None]] = [
    forward, forward, forward, give_back, withdraw, reassign, hold, resume, terminate, reopen, rescope, wait, roll,
]  # fmt: skip
REFUSED = (refusals.Refusal, AssertionError, IndexError, KeyError)


@pytest.mark.parametrize("seed", range(6))
def test_the_tallies_equal_a_recount_whatever_happens(
    seed: int, working: cast.Company, svw: customers.Customer
) -> None:
    at, done = random.Random(seed), set[str]()
    for name in ("甲项目组", "乙项目组"):
        scope = org.Scope.objects.create(name_zh=name)
        for person in working.people.values():
            scope.grants.create(person=person, granted_at=stories.NOW)
    told: list[Story] = []
    now = stories.NOW
    for turn in range(45):
        if turn % 15 == 0:
            told.append(Story(working, registered(working, svw, now), now=now))
        story, act = at.choice(told), at.choice(ACTS)
        story.now = now = max(each.now for each in told)
        try:
            act(story, at)
            done.add(act.__name__)
        except REFUSED:
            continue
        assert differences() == {}, (turn, act.__name__)
    jobs.roll_up()
    assert differences() == {}
    assert not models.Tally.objects.filter(is_rolled=False).exists()
    keys = [counting._key(row) for row in models.Tally.objects.all()]
    assert len(keys) == len(set(keys))
    assert len(done) > 6, done


def test_what_a_case_counts_for_from_beginning_to_end(story: Story) -> None:
    assert (amount("registered"), amount("ended")) == (1, 0)
    assert amount("waiting", what="s5/register") == 1
    story.accept()
    assert amount("waiting", what="s5/register") == 0
    row = models.Tally.objects.get(measure="worked", what="s5/register")
    assert (row.amount, row.seconds, row.on) == (1, 3600, date(2026, 3, 2))
    by = story.person("zhou")
    steering.terminate(case=story.refreshed(), reason="顾客撤回", by=by, now=story.tick())
    assert amount("ended", what="terminated", on=date(2026, 3, 2)) == 1
    assert amount("waiting") == 0
    story.tick(days=7)
    reopen(story, random.Random(1))
    assert amount("ended") == 0
    assert amount("waiting") > 0
    rolled(story)
    assert amount("ended") == 0
    assert differences() == {}


def test_time_on_hold_is_not_handling_time(story: Story) -> None:
    by = story.person("zhou")
    steering.hold(case=story.refreshed(), reason="等图纸", by=by, now=story.tick())
    steering.resume(case=story.refreshed(), by=by, now=story.tick(days=2))
    story.accept()
    assert models.Tally.objects.get(measure="worked", what="s5/register").seconds == 2 * 3600
    assert differences() == {}


def test_what_ended_late_was_overdue_from_its_day_to_the_end(story: Story) -> None:
    due_at = story.task("register").due_at
    assert due_at is not None
    story.now = due_at + timedelta(days=3)
    story.accept()
    late = dict(models.Tally.objects.filter(measure="late").values_list("on", "amount"))
    assert sorted(late.values()) == [-1, 1]
    assert min(late) == due_at.astimezone(story.company.lina.zone).date()


def test_what_becomes_confidential_is_counted_there(story: Story) -> None:
    circle = org.Scope.objects.create(name_zh="某新势力项目组")
    circle.grants.create(person=story.company.zhao, granted_at=stories.NOW)
    story.accept()
    customer = customers.Customer.objects.get(pk=story.case.customer_id)
    by = story.person("zhao")
    customers.Customer.objects.filter(pk=customer.pk).update(window=by)
    companies.change(
        customer=stories.fresh(customer),
        by=by,
        now=story.tick(),
        expected=customer.version,
        reason="保密",
        scope=circle,
    )
    assert cases.Case.objects.get().scope_id == circle.pk
    seen = stories.fresh(story.company.zhao).visible(models.Tally.objects.all(), "reports.see")
    unseen = stories.fresh(story.company.chen).visible(models.Tally.objects.all(), "reports.see")
    assert sum(row.amount for row in seen.filter(measure="registered")) == 1
    for measure in Measure:
        assert sum(row.amount for row in unseen.filter(measure=measure)) == 0
    rolled(story)
    assert not stories.fresh(story.company.chen).visible(models.Tally.objects.all(), "reports.see").exists()
    assert differences() == {}


def test_a_recount_names_what_differs_and_sets_it_right(story: Story) -> None:
    call_command("recount", stdout=io.StringIO())
    models.Tally.objects.filter(measure="registered").delete()
    cases.Case.objects.update(ended_at=story.now, end_reason="不经办理的更改")
    out = io.StringIO()
    with pytest.raises(CommandError, match="29 sums differ"):
        call_command("recount", stdout=out)
    assert "registered 2026-03-02" in out.getvalue()
    assert "ended 2026-03-02 terminated" in out.getvalue()
    call_command("recount", mend=True, stdout=out)
    assert differences() == {}
    told = records.Entry.objects.filter(word="reports.tally.set_right")
    assert told.count() == 2  # the overview's and the statistics'
    call_command("recount", stdout=io.StringIO())


def test_counting_costs_an_act_few_statements(working: cast.Company, svw: customers.Customer) -> None:
    with CaptureQueriesContext(connection) as seen:
        stories.open_case(working, svw)
    own = [query["sql"] for query in seen if "reports_tally" in query["sql"]]
    assert len(own) == 2
