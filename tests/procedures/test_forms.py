"""The form of a task made from data: what is asked, what comes back, what is refused."""

import dataclasses
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.procedures.conftest import HERE, THING
from yinuo.procedures.actions import publishing
from yinuo.procedures.definition import reading, shapes
from yinuo.procedures.definition.texts import Text
from yinuo.procedures.forms import fields
from yinuo.procedures.forms.tasks import TaskForm

FORM = reading.read_yaml((HERE / "small" / "small.yaml").read_text(encoding="utf-8")).definition.forms[0]  # type: ignore[union-attr]
pytestmark = pytest.mark.django_db


def form(data: dict[str, Any] | None, **more: Any) -> TaskForm:
    given = {"form": FORM, "facts": {}, "subject": THING, "outcomes": {}, "kind": "task", **more}
    entered = {f"f-{key}": value for key, value in (data or {}).items()}
    return TaskForm(None if data is None else {**entered, "version": 1}, **given)


def test_values_are_json() -> None:
    filled = form(
        {"what": "标签", "clear": "false", "unclear": "尺寸", "until": "2026-03-20", "hours": "7.5", "way": "mail"}
    )
    assert filled.is_valid(), filled.errors
    assert filled.values == {
        "what": "标签", "clear": False, "unclear": "尺寸", "until": "2026-03-20", "hours": 7.5, "way": "mail",
    }  # fmt: skip


def test_what_is_not_shown_does_not_count() -> None:
    filled = form({"what": "标签", "clear": "true", "unclear": "留下的"})
    assert filled.is_valid(), filled.errors
    assert filled.values == {"what": "标签", "clear": True}
    assert "unclear" not in filled.shown()


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"clear": "true"}, "f-what"),
        ({"what": " \x00\x07 ", "clear": "true"}, "f-what"),
        ({"what": "甲", "clear": "false"}, "f-unclear"),
        ({"what": "甲"}, "f-clear"),
        ({"what": "甲", "clear": "maybe"}, "f-clear"),
        ({"what": "甲", "clear": "true", "hours": "nan"}, "f-hours"),
        ({"what": "甲", "clear": "true", "hours": "1e400"}, "f-hours"),
        ({"what": "甲", "clear": "true", "until": "2026-02-30"}, "f-until"),
        ({"what": "甲", "clear": "true", "way": "pigeon"}, "f-way"),
        ({"what": "甲", "clear": "true", "helper": "person:nobody"}, "f-helper"),
        ({"what": "甲\ud800", "clear": "true"}, "f-what"),
    ],
)
def test_what_is_refused(data: dict[str, str], field: str) -> None:
    filled = form(data)
    assert not filled.is_valid()
    assert list(filled.errors) == [field]


def test_an_opinion_needs_words_where_it_is_not_plain() -> None:
    asked = {"form": None, "outcomes": shapes.VERDICTS, "kind": "opinions"}
    assert form({}, **asked).errors.keys() == {"verdict"}
    for verdict, is_enough in (("can", True), ("not_concerned", True), ("conditional", False), ("cannot", False)):
        filled = TaskForm({"verdict": verdict, "version": 1}, **{"facts": {}, "subject": THING, **asked})
        assert filled.is_valid() is is_enough


REGISTER = reading.read_yaml((publishing.LIBRARY / "s5.yaml").read_bytes()).definition


@pytest.mark.parametrize(("outcome", "errors"), [("accept", set()), ("decline", {"f-decline_reason"})])
def test_a_field_may_be_asked_for_one_outcome_only(outcome: str, errors: set[str]) -> None:
    assert REGISTER is not None
    whole = next(form for form in REGISTER.forms if form.key == "registration")
    asked = dataclasses.replace(
        whole, fields=tuple(f for f in whole.fields if f.key in ("original_kept", "decline_reason"))
    )
    outcomes = {"accept": Text("受理", "Accept"), "decline": Text("不受理", "Not accepted")}
    filled = TaskForm(
        {"f-original_kept": "true", "outcome": outcome, "version": 1}, form=asked, facts={}, subject=THING,
        outcomes=outcomes, kind="decision",
    )  # fmt: skip
    assert set(filled.errors) == errors
    assert ("decline_reason" in filled.shown()) is (outcome == "decline")
    kept = TaskForm(form=asked, facts={}, subject=THING, outcomes=outcomes, kind="decision", kept={"outcome": outcome})
    assert ("decline_reason" in kept.shown()) is (outcome == "decline")


def test_what_leads_back_is_explained() -> None:
    asked = {"form": None, "facts": {}, "subject": THING, "kind": "decision", "explained": frozenset({"revise"})}
    outcomes = {"agree": Text("同意", "Agree"), "revise": Text("退回修改", "Revise")}
    for outcome, errors in (("agree", set()), ("revise", {"condition"})):
        filled = TaskForm({"outcome": outcome, "version": 1}, outcomes=outcomes, **asked)  # type: ignore[arg-type]
        assert set(filled.errors) == errors
    assert "退回修改" in str(filled.fields["condition"].help_text)


@settings(max_examples=40, deadline=None)
@given(
    what=st.text(min_size=1, max_size=50).filter(str.strip),
    hours=st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**9), 10**9),
    until=st.dates(),
)
def test_what_is_kept_comes_back_as_it_was(what: str, hours: float, until: Any) -> None:
    """Entered, kept as JSON, shown again, entered again: the same values."""
    first = form({"what": what, "clear": "true", "hours": str(hours), "until": until.isoformat()})
    first.is_valid()
    again = form(None, kept=first.draft())
    shown = {row.key: row.field.value() for row in again.rows() if row.field.value() not in (None, "", [])}
    second = form({key: str(value) for key, value in shown.items()})
    second.is_valid()
    assert second.draft() == first.draft()


def test_every_built_in_kind_has_its_field() -> None:
    assert set(fields.BUILDERS) == set(shapes.FIELD_KINDS)
