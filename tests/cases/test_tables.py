"""Tables in forms: what was kept of a draft is shown again."""

import pytest
from django import forms

from yinuo.cases.forms import tables


@pytest.mark.parametrize("chosen", ["yes", "no"])
def test_yes_and_no_of_a_draft_are_chosen_again(chosen: str) -> None:
    choice = forms.ChoiceField(choices=tables.YES_NO, label="真实")
    field = tables.TableField([tables.Line(key="7", number="1", fixed={"item": 7})], {"authentic": choice})
    kept = field.clean({"7": {"authentic": chosen}})
    shown = field.widget.render("items", field.prepare_value(kept))
    assert f'<option value="{chosen}" selected>' in shown
