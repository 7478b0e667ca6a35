"""Which sheet is shown for a place."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yinuo.procedures.definition import starting
from yinuo.procedures.definition.paths import Path
from yinuo.procedures.engine.comparing import BLOCK_WORDS
from yinuo.procedures.forms.sheets import rest, steps
from yinuo.procedures.forms.sheets.choices import Choices, say, says
from yinuo.procedures.forms.sheets.controls import Button, Choice, Maker, Sheet, value_at

NAMES = {"sequence": "Sequence", "side_by_side": "SideBySide", "choice": "Choice", "for_each": "ForEach"}


def kind_words(kind: str) -> str:
    """What a kind of block is called."""
    return say(BLOCK_WORDS[NAMES.get(kind, kind)])


def kinds() -> list[Choice]:
    """The kinds of blocks that can be added."""
    steps_, around = pgettext("editor", "Steps"), pgettext("editor", "Around steps")
    found = [Choice(kind, kind_words(kind), steps_) for kind in starting.STEP_KINDS]
    return [*found, *(Choice(kind, kind_words(kind), around) for kind in starting.BLOCK_KINDS)]


def sheet_of(content: Mapping[str, Any], path: Path, *, is_new: bool) -> Sheet:
    """The sheet of what can be selected; the card's for anything else."""
    make, choices = Maker(content), Choices(content)
    value = value_at(content, path)
    kind = starting.kind_of(value) if path[:1] == ("flow",) else ""
    if path == ("words",):
        return Sheet(path, "words", _("Statuses, phases, words"), rest.words_sections(make, choices))
    if path[:1] == ("forms",) and len(path) == 2 and isinstance(value, dict):
        title = says(value.get("title"), str(value.get("number", "")))
        buttons = [Button(_("Remove"), "remove", path, icon="trash")]
        return Sheet(path, "form", title, rest.form_sections(make, choices, path), buttons)
    if kind in starting.STEP_KINDS:
        sections = steps.sections_of(make, choices, path, kind)
        return Sheet(path, kind, says(value.get("title"), str(value[kind])), sections, _buttons(path))
    if kind:
        sections = rest.block_sections(make, choices, path, kind)
        return Sheet(path, kind, says(value.get("title"), str(value[kind])), sections, _buttons(path, kind))
    if path[:1] == ("flow",) and len(path) > 2 and path[-2] == "branches" and isinstance(value, dict):
        buttons = [Button(_("Remove the branch"), "branch_cut", path, icon="trash")]
        title = says(value.get("title"), pgettext("editor", "Branch"))
        return Sheet(path, "branch", title, rest.branch_sections(make, choices, path), buttons)
    return Sheet(("card",), "card", _("Process card"), rest.card_sections(make, choices, is_new=is_new))


def _buttons(path: Path, kind: str = "") -> list[Button]:
    found = []
    if kind in ("side_by_side", "choice"):
        found.append(Button(_("One more branch"), "branch", path))
    if kind:
        found.append(Button(_("Dissolve: keep the steps"), "unwrap", path, icon="arrows-diagonal"))
    found.append(Button(pgettext("editor", "Duplicate"), "copy", path, icon="copy"))
    return [*found, Button(_("Remove"), "cut", path, icon="trash")]
