"""The sheet of a step: what is done, by whom, with which form and outcome, until when."""

from collections.abc import Callable

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yinuo.procedures.definition import paths
from yinuo.procedures.definition.paths import Path
from yinuo.procedures.forms.sheets import tables
from yinuo.procedures.forms.sheets.choices import Choices, sent
from yinuo.procedures.forms.sheets.controls import Button, Choice, Control, Maker, Row, Section, value_at

AGREE = {"label": {"zh": "同意", "en": "Agree"}}


def sections_of(make: Maker, choices: Choices, path: Path, kind: str) -> list[Section]:
    """All sections of a step of a kind."""
    is_for_people = kind in ("task", "opinions", "decision")
    what = Section(
        "what",
        pgettext("editor", "What is done"),
        [
            make.words((*path, "title"), pgettext("editor", "Title")),
            make.words((*path, "instruction"), pgettext("editor", "Instruction"), lines=3),
        ],
    )
    own_who, own_how = _own[kind](make, choices, path)
    whom = Section("who", pgettext("editor", "Who"), [*own_who, *_who(make, choices, path, kind)])
    how = Section(
        "how",
        _("How it turns out") if not is_for_people else _("Form and outcome"),
        [
            *([_form(make, choices, path)] if is_for_people or _by_hand(make, path) else []),
            *own_how,
        ],
    )
    found = [what, whom, how]
    if kind not in ("timer", "effect"):
        found.append(Section("when", pgettext("editor", "Until when"), _when(make, choices, path)))
    return [*(each for each in found if each.parts), _more(make, choices, path, kind)]


def _by_hand(make: Maker, path: Path) -> bool:
    return bool(value_at(make.content, (*path, "by_hand")))


# Who ------------------------------------------------------------------------------------------------------------------


def who_control(make: Maker, choices: Choices, path: Path, label: str, *, empty: str | None = "—") -> Control:
    """Somebody responsible, chosen from posts, departments, finders, people, elements."""
    value = value_at(make.content, path)
    now = {name: found for name, found in value.items() if name != "fallback"} if isinstance(value, dict) else value
    if not now or not any(now.values() if isinstance(now, dict) else [now]):
        now, empty = "", pgettext("editor", "please choose")
    return make.pick(path, label, choices.whom(path), do="who", read_as="json", again=True, empty=empty, value=now)


def _who(make: Maker, choices: Choices, path: Path, kind: str) -> list[Control]:
    if kind == "effect":
        return [make.words((*path, "duty"), pgettext("editor", "Department shown"))]
    labels = {"opinions": _("Who answers when nobody is asked"), "wait": _("Who follows it"), "timer": _("Who is told")}
    label = labels.get(kind, pgettext("editor", "Responsible"))
    found = [who_control(make, choices, (*path, "who"), label)]
    where: Path = (*path, "who")
    while isinstance(value_at(make.content, where), dict):
        where = (*where, "fallback")
        needs = not {"post", "department", "person"} & set(value_at(make.content, where[:-1]))
        if needs or value_at(make.content, where):
            found.append(who_control(make, choices, where, _("If nobody is found")))
    return [*found, make.words((*path, "duty"), pgettext("editor", "Department shown"))]


def _opinions(make: Maker, choices: Choices, path: Path) -> tuple[list[Control], list[Control]]:
    ask: Path = (*path, "ask")
    value = value_at(make.content, ask)
    modes = [
        Choice("all", _("everybody asked must answer")),
        Choice("any", _("one answer is enough")),
        Choice("in_sequence", _("one after the other")),
    ]
    sources = [Choice("[]", _("these departments, posts or people")), Choice('{"fact": ""}', _("whoever a fact lists"))]
    is_fact = isinstance(value, dict)
    source = make.pick(
        ask, _("Who is asked"), sources, read_as="json", again=True, empty=None, value={"fact": ""} if is_fact else []
    )
    if is_fact:
        parties = make.pick((*ask, "fact"), pgettext("editor", "The list"), choices.facts(path), again=True)
    else:
        rows = [
            Row((*ask, at), [who_control(make, choices, (*ask, at), pgettext("editor", "Asked"), empty=None)])
            for at in range(make.count(ask))
        ]
        parties = make.rows(ask, pgettext("editor", "Countersigned by"), rows, [_add_party(ask, choices)])
    order = make.pick((*path, "mode"), pgettext("editor", "Order"), modes, empty=None)
    return [source, parties, order], []


def _add_party(ask: Path, choices: Choices) -> Button:
    return Button(_("Ask one more"), "insert", ask, {"department": ""})


# How ------------------------------------------------------------------------------------------------------------------


def _form(make: Maker, choices: Choices, path: Path) -> Control:
    control = make.pick(
        (*path, "form"),
        pgettext("editor", "Form used"),
        choices.keyed("forms"),
        empty=pgettext("editor", "no form"),
        again=True,
    )
    adds = [Button(pgettext("editor", "New form"), "new_form", path)]
    key = control.value
    for at, form in enumerate(make.content.get("forms", [])):
        if form.get("key") == key:
            adds.insert(0, Button(_("Open the form"), "open", ("forms", at), icon="forms"))
    return Control("beside", control.path, control.label, parts=[control], adds=adds)


def outcomes(make: Maker, choices: Choices, path: Path, *, signs: bool) -> Control:
    """The ways something may turn out, each with where it leads."""
    where: Path = (*path, "outcomes")
    leads = [
        Choice("{}", pgettext("editor", "goes on")),
        Choice(sent({"end": True}), pgettext("editor", "ends here")),
        *(
            Choice(sent({"back": step.value}), _("back to “%(step)s”") % {"step": step.label})
            for step in choices.steps_before(path)
        ),
    ]
    rows = []
    for at in range(make.count(where)):
        here: Path = (*where, at)
        outcome = paths.at(make.content, here)
        now = {name: outcome[name] for name in ("back", "end") if outcome.get(name)}
        parts = [
            make.words((*here, "label"), _("Outcome")),
            make.pick(here, pgettext("editor", "leads"), leads, do="then", read_as="json", empty=None, value=now),
        ]
        if signs:
            parts.append(make.words((*here, "meaning"), _("What the signature means"), hint=_("Only if it differs.")))
        rows.append(Row(here, parts, name=str(outcome.get("key", ""))))
    return make.rows(
        where,
        pgettext("editor", "Outcomes"),
        rows,
        [Button(_("One more outcome"), "keyed", where, {"label": {"zh": ""}})],
    )


def _decision(make: Maker, choices: Choices, path: Path) -> tuple[list[Control], list[Control]]:
    value = value_at(make.content, (*path, "sign"))
    signs = value is not False
    found = [outcomes(make, choices, path, signs=signs)]
    found.append(make.flag((*path, "sign"), _("Signed with password or PIN"), default=True, again=True))
    if signs:
        found.append(make.words((*path, "meaning"), _("What the signature means"), lines=2))
    return [], found


def _wait(make: Maker, choices: Choices, path: Path) -> tuple[list[Control], list[Control]]:
    events: Path = (*path, "events")
    rows = [
        Row((*events, at), [make.pick((*events, at), pgettext("editor", "Event"), choices.events(), empty=None)])
        for at in range(make.count(events))
    ]
    first = next((choice.value for choice in choices.events()), "")
    labels = [
        Choice(str(each.get("key")), str((each.get("label") or {}).get("zh") or each.get("key")))
        for each in value_at(make.content, (*path, "outcomes")) or []
    ]
    timeouts = [
        Choice('"stay"', _("goes on waiting")),
        Choice('"go_on"', _("goes on without")),
        Choice('"end"', pgettext("editor", "ends here")),
        *(
            Choice(sent({"back": step.value}), _("back to “%(step)s”") % {"step": step.label})
            for step in choices.steps_before(path)
        ),
    ]
    now = value_at(make.content, (*path, "timeout")) or "stay"
    return [], [
        make.flag((*path, "by_hand"), _("Whoever follows it may record that it happened"), again=True),
        make.rows(
            events, pgettext("editor", "Events"), rows, [Button(_("Wait for an event"), "insert", events, first)]
        ),
        tables.table(make, choices, (*path, "until"), _("Until"), labels, path=path, optional=True),
        outcomes(make, choices, path, signs=False),
        make.pick((*path, "timeout"), _("When it is due"), timeouts, read_as="json", empty=None, value=now),
        effects(make, choices, (*path, "timeout_effects"), _("Done when due")),
    ]


def _timer(make: Maker, choices: Choices, path: Path) -> tuple[list[Control], list[Control]]:
    found = [span(make, choices, (*path, "lasts"), pgettext("editor", "Lasts"))]
    found.append(make.pick((*path, "moment"), _("or until the moment in"), choices.facts(path)))
    return [], found


def _effect(make: Maker, choices: Choices, path: Path) -> tuple[list[Control], list[Control]]:
    return [], [effect(make, choices, (*path, "run"), _("The program does"))]


_own: dict[str, Callable[[Maker, Choices, Path], tuple[list[Control], list[Control]]]] = {
    "task": lambda make, choices, path: ([], []),
    "opinions": _opinions,
    "decision": _decision,
    "wait": _wait,
    "timer": _timer,
    "effect": _effect,
}


def effect(make: Maker, choices: Choices, path: Path, label: str) -> Control:
    """One effect; its parameters stay as they are."""
    value = value_at(make.content, path)
    place: Path = (*path, "effect") if isinstance(value, dict) else path
    return make.pick(place, label, choices.effects(), empty="—" if value is None else None)


def effects(make: Maker, choices: Choices, path: Path, label: str) -> Control:
    """Several effects."""
    rows = [Row((*path, at), [effect(make, choices, (*path, at), label)]) for at in range(make.count(path))]
    first = next((choice.value for choice in choices.effects()), "")
    return make.rows(path, label, rows, [Button(pgettext("editor", "One more"), "insert", path, first)])


# When -----------------------------------------------------------------------------------------------------------------


def span(make: Maker, choices: Choices, path: Path, label: str, *, parts: list[Control] | None = None) -> Control:
    """An amount of time with its unit, and what else belongs to it."""
    value = value_at(make.content, path)
    unit = next((name for name in (value or {}) if name not in ("after",)), "working_days")
    amount = (value or {}).get(unit, "") if isinstance(value, dict) else ""
    return Control(
        "span",
        path,
        label,
        parts=[
            Control(
                "number",
                path,
                label,
                value=f"{amount:g}" if isinstance(amount, float) else amount,
                do="amount",
                read_as="number",
                again=amount == "",
                hidden_label=True,
            ),
            Control(
                "pick",
                path,
                pgettext("editor", "Unit"),
                value=unit,
                choices=choices.units(),
                do="unit",
                hidden_label=True,
            ),
            *(parts or []),
        ],
    )


def _when(make: Maker, choices: Choices, path: Path) -> list[Control]:
    due: Path = (*path, "due")
    has_due = bool(value_at(make.content, due))
    after = make.pick(
        (*due, "after"), pgettext("editor", "counted from"), choices.facts(path), empty=_("the opening of the step")
    )
    found = [span(make, choices, due, pgettext("editor", "Due"), parts=[after] if has_due else [])]
    remind, escalate = (*path, "remind"), (*path, "escalate")
    if has_due or make.count(remind) or make.count(escalate):
        found += [_reminders(make, choices, remind), _escalations(make, choices, escalate)]
    return found


def _reminders(make: Maker, choices: Choices, where: Path) -> Control:
    rows = [
        Row((*where, at), [span(make, choices, (*where, at), _("before it is due"))]) for at in range(make.count(where))
    ]
    add = Button(pgettext("editor", "One more"), "insert", where, {"working_days": 1})
    return make.rows(where, pgettext("editor", "Reminders"), rows, [add], hint=_("0 working days: on the day itself."))


def _escalations(make: Maker, choices: Choices, where: Path) -> Control:
    rows = [
        Row(
            (*where, at),
            [
                span(make, choices, (*where, at, "after"), pgettext("editor", "overdue by")),
                _told(make, choices, (*where, at, "to")),
            ],
        )
        for at in range(make.count(where))
    ]
    add = Button(pgettext("editor", "One more"), "insert", where, {"after": {"working_days": 1}, "to": "superior"})
    return make.rows(where, pgettext("editor", "Escalation"), rows, [add])


def _told(make: Maker, choices: Choices, path: Path) -> Control:
    superior = Choice('"superior"', _("the superior of the responsible"))
    value = value_at(make.content, path)
    return make.pick(
        path,
        pgettext("editor", "told"),
        [superior, *choices.parties()],
        do="who",
        read_as="json",
        empty=None,
        value=value,
    )


# More -----------------------------------------------------------------------------------------------------------------


def _more(make: Maker, choices: Choices, path: Path, kind: str) -> Section:
    may: Path = (*path, "may")
    found = [
        make.pick((*path, "phase"), _("Phase"), choices.keyed("phases"), empty=_("as before it")),
        make.pick(
            (*path, "status"), pgettext("editor", "Status shown"), choices.keyed("statuses"), empty=_("as before it")
        ),
        make.words((*path, "passes_on"), pgettext("editor", "Passes on")),
        make.flag((*path, "gate"), _("A gate: nothing passes it undone")),
    ]
    if kind in ("task", "opinions", "decision"):
        found += [
            make.flag((*may, "reassign"), _("May be reassigned"), default=True),
            make.flag((*may, "add_signer"), _("Signers may be added"), default=True),
            make.flag((*may, "withdraw"), _("May be withdrawn"), default=True),
        ]
    if kind != "effect":
        found += [
            effects(make, choices, (*path, "on_open"), _("Done by the program on opening")),
            effects(make, choices, (*path, "on_done"), _("Done by the program on completion")),
        ]
    found.append(
        make.line((*path, kind), pgettext("editor", "Key"), do="rename", hint=_("By this tables speak of its results."))
    )
    return Section("more", _("More"), found, folded=True)
