"""The feed of changes: what it tells, to whom, and where one goes on."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.api.programs import Program
from tests.api.test_calls import asked
from tests.hostile import world as worlds
from tests.hostile.world import World
from yinuo.kit import actors, subjects
from yinuo.org import models as org
from yinuo.records import actions, jobs, queries


@pytest.fixture
def lina(world: World) -> Program:
    jobs.seal()
    return Program(world.company.lina)


def to_the_end(program: Program, path: str = "changes?limit=200") -> list[dict[str, object]]:
    """All that is told, page by page."""
    found, after = [], ""
    while True:
        page = program.get(f"{path}&after={after}")
        found += page["items"]
        after = page["cursor"]
        if not page["more"]:
            return found


def test_a_new_case_is_told_behind_the_latest_place(world: World, lina: Program) -> None:
    start = lina.get("changes?after=latest")
    assert start["items"] == []
    number = lina.create("cases", asked(world)).json()["number"]
    jobs.seal()
    page = lina.get(f"changes?after={start['cursor']}")
    opened = [each for each in page["items"] if each["act"] == "cases.case.opened"]
    assert [each["about"]["number"] for each in opened] == [number]
    assert opened[0]["about"]["version"] == lina.get(f"cases/{number}")["version"]
    assert opened[0]["words"] == "登记要求"
    assert opened[0]["by_name"].startswith("李娜")
    after = lina.get(f"changes?after={page['cursor']}")
    assert (after["items"], after["more"], after["cursor"]) == ([], False, page["cursor"])


def test_each_is_told_once_whatever_the_size_of_a_page(lina: Program) -> None:
    whole = to_the_end(lina)
    assert len(whole) > 30
    assert to_the_end(lina, "changes?limit=3") == whole
    numbers = [int(str(each["cursor"]).partition("-")[0]) for each in whole]
    assert numbers == sorted(set(numbers))


def test_of_one_type_alone(lina: Program) -> None:
    of_cases = to_the_end(lina, "changes?type=cases.case&limit=200")
    assert {each["about"]["type"] for each in of_cases} == {"cases.case"}  # type: ignore[index]


def test_whoever_has_it_already_is_told_only_that(world: World, lina: Program) -> None:
    place = lina.get("changes?after=latest")["cursor"]
    first = lina.call("GET", f"changes?after={place}")
    again = lina.call("GET", f"changes?after={place}", If_None_Match=first["ETag"])
    assert (again.status_code, again.content, again["ETag"]) == (304, b"", first["ETag"])
    lina.create("cases", asked(world))
    jobs.seal()
    assert lina.call("GET", f"changes?after={place}", If_None_Match=first["ETag"]).status_code == 200


def test_outside_the_circle_nothing_is_told(world: World, lina: Program) -> None:
    """Nor of what was told before the thing became confidential."""
    auditor, it = Program(world.company.auditor), subjects.Ref("customers.customer", 1, "公开的顾客")
    actions.write(by=actors.PROGRAM, now=timezone.now(), word="x.y", subject=it)
    jobs.seal()
    assert it.label in str(to_the_end(auditor))
    actions.follow_subject(
        type=it.type, id=it.id, scope_id=world.scope.pk, by=actors.PROGRAM, now=timezone.now()
    )  # fmt: skip
    jobs.seal()
    assert it.label not in str(to_the_end(auditor))
    assert it.label in str(to_the_end(lina))


def test_what_only_auditors_read_is_told_to_them_alone(world: World, lina: Program) -> None:
    """The trail of people is guarded one by one beside them; here only the trail's auditors are told of it."""
    assert not [each for each in to_the_end(lina) if each["about"]["type"] == "org.person"]  # type: ignore[index]
    worlds.everything(world.company.auditor)
    assert [each for each in to_the_end(Program(world.company.auditor)) if each["about"]["type"] == "org.person"]  # type: ignore[index]


def test_who_may_see_nothing_is_told_nothing(world: World, lina: Program) -> None:
    org.RoleGrant.objects.filter(person=world.company.wang).delete()
    page = Program(world.company.wang).get("changes")
    assert page["items"] == []
    assert page["cursor"]


def test_a_place_of_another_story_is_refused(lina: Program) -> None:
    """A database set back to an older state draws the same numbers again for other things."""
    place = lina.get("changes?after=latest")["cursor"]
    number, _dash, proof = place.partition("-")
    for wrong in (f"{number}-{'0' * 8}", f"{int(number) + 1}-{proof}"):
        answer = lina.call("GET", f"changes?after={wrong}")
        assert (answer.status_code, answer.json()["field"]) == (409, "after")
    for wrong in ("x", "1", f"{place}0", "-1-00000000"):
        assert lina.call("GET", f"changes?after={wrong}").status_code == 422
    assert lina.call("GET", "changes?since=1").status_code == 422


def test_what_is_not_to_be_seen_is_passed_over_at_a_bounded_cost(world: World, lina: Program) -> None:
    """One call looks through some thousand seals at most; the next goes on from there."""
    auditor = Program(world.company.auditor)
    jobs.seal()  # making the token is told too
    place = auditor.get("changes?after=latest")["cursor"]
    hidden = subjects.Ref("customers.customer", 1, "x", scope_id=world.scope.pk)
    told = [(hidden, {"n": n}) for n in range(queries.LOOK * 2)]
    actions.write_all(by=actors.PROGRAM, now=timezone.now(), word="x.y", told=told)
    jobs.seal()
    pages = []
    with CaptureQueriesContext(connection) as seen:
        for _n in range(5):
            pages.append(auditor.get(f"changes?after={place}"))
            place = pages[-1]["cursor"]
    assert [each["items"] for each in pages] == [[]] * 5
    assert pages[0]["more"] is True
    assert pages[-1]["more"] is False
    assert len(seen) < 5 * 25


def test_a_page_costs_as_many_queries_with_thirty_rows_as_with_one(world: World, lina: Program) -> None:
    place = lina.get("changes?after=latest")["cursor"]
    it = subjects.ref(world.rows["customer"])

    def cost() -> int:
        jobs.seal()
        with CaptureQueriesContext(connection) as seen:
            lina.get(f"changes?after={place}")
        return len(seen)

    actions.write_all(by=actors.PROGRAM, now=timezone.now(), word="x.y", told=[(it, {})])
    one = cost()
    actions.write_all(by=actors.PROGRAM, now=timezone.now(), word="x.y", told=[(it, {})] * 29)
    assert cost() == one
