"""The other sheets: blocks around steps, branches, the process card, statuses and words, forms."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from yinuo.procedures.definition import shapes
from yinuo.procedures.definition.paths import Path
from yinuo.procedures.definition.shapes import SKIP
from yinuo.procedures.definition.texts import Text
from yinuo.procedures.forms.sheets import steps, tables
from yinuo.procedures.forms.sheets.choices import Choices, field_values, say, says
from yinuo.procedures.forms.sheets.controls import Button, Choice, Control, Maker, Row, Section, value_at

LISTS = ("references", "resources", "inputs", "outputs", "kpis", "attachments")
SHOWS = ("start", "held", "completed", "terminated", "reopened")


# Blocks ---------------------------------------------------------------------------------------------------------------


def block_sections(make: Maker, choices: Choices, path: Path, kind: str) -> list[Section]:
    """The sections of a block around other steps."""
    found: list[Control] = [make.words((*path, "title"), pgettext("editor", "Title"))]
    if kind == "choice":
        found.append(
            tables.table(
                make,
                choices,
                (*path, "table"),
                pgettext("editor", "Decision table"),
                branches_of(make, path),
                path=path,
            )
        )
    if kind == "for_each":
        found += _for_each(make, choices, path)
    more = [make.pick((*path, "phase"), _("Phase"), choices.keyed("phases"), empty=_("as before it"))]
    more.append(make.line((*path, kind), pgettext("editor", "Key"), do="rename"))
    if kind == "for_each":
        more.append(make.line((*path, "name"), _("Word for one item"), do="rename"))
    return [Section("what", say(BLOCK_WORDS[kind]), found), Section("more", _("More"), more, folded=True)]


BLOCK_WORDS = {
    "sequence": Text("一组步骤，依次进行", "A group of steps, one after the other"),
    "side_by_side": Text("各分支同时进行，全部完成后继续", "All branches at once; goes on when all are done"),
    "choice": Text("由判定表决定走哪个分支", "A decision table says which branch is taken"),
    "for_each": Text("对清单中的每一项各做一遍", "Done once for each item of a list"),
}


def branches_of(make: Maker, path: Path) -> list[Choice]:
    """Where a choice's table may lead."""
    branches = value_at(make.content, (*path, "branches")) or {}
    found = [Choice(name, says(branch.get("title"), name)) for name, branch in branches.items()]
    return [*found, Choice(SKIP, _("skip: none of the branches"))]


def _for_each(make: Maker, choices: Choices, path: Path) -> list[Control]:
    listed: Path = (*path, "list")
    value = value_at(make.content, listed)
    sources = [
        Choice("[]", _("these departments, posts or people")),
        Choice('{"fact": ""}', _("whatever a fact lists")),
    ]
    is_fact = not isinstance(value, list)
    found = [
        make.pick(
            listed,
            _("Done for each of"),
            sources,
            read_as="json",
            again=True,
            empty=None,
            value={"fact": ""} if is_fact else [],
        )
    ]
    if is_fact:
        found.append(make.pick((*listed, "fact"), pgettext("editor", "The list"), choices.facts(path), again=True))
    else:
        item = pgettext("editor", "Item")
        rows = [
            Row((*listed, at), [steps.who_control(make, choices, (*listed, at), item, empty=None)])
            for at in range(make.count(listed))
        ]
        add = Button(pgettext("editor", "One more"), "insert", listed, {"department": ""})
        found.append(make.rows(listed, pgettext("editor", "Items"), rows, [add]))
    return [*found, make.flag((*path, "in_sequence"), _("One by one, not all at once"))]


def branch_sections(make: Maker, choices: Choices, path: Path) -> list[Section]:
    """The sections of a branch."""
    found = [make.words((*path, "title"), _("When this branch is taken, in short"))]
    if isinstance(path[-1], str):
        found.append(Control("line", path, pgettext("editor", "Key"), value=path[-1], do="rename", again=True))
    return [Section("what", pgettext("editor", "Branch"), found)]


# The card -------------------------------------------------------------------------------------------------------------


def card_sections(make: Maker, choices: Choices, *, is_new: bool) -> list[Section]:
    """The process card."""
    words = {
        "references": _("Referenced documents"),
        "resources": _("Resources"),
        "inputs": _("Inputs"),
        "outputs": _("Outputs"),
        "kpis": _("Key figures"),
        "attachments": _("Attachments"),
    }
    head: list[Control] = [
        make.words(("card", "title"), pgettext("editor", "Title")),
        make.line(("card", "number"), pgettext("document", "Number")),
        make.line(("card", "edition"), _("Edition")),
    ]
    if is_new:
        head.append(
            make.line(
                ("key",),
                pgettext("editor", "Key"),
                hint=_("By this the program speaks of it; cannot be changed later."),
            )
        )
    return [
        Section("head", _("Process card"), head),
        Section(
            "why",
            _("Purpose and scope"),
            [
                make.words(("card", "purpose"), _("Purpose"), lines=3),
                make.words(("card", "scope"), _("Scope of application"), lines=3),
            ],
        ),
        Section(
            "duties",
            _("Duties"),
            [
                _pairs(
                    make,
                    "duties",
                    "department",
                    "text",
                    _("Duties"),
                    _("Department"),
                    pgettext("editor", "Answers for"),
                )
            ],
        ),
        Section(
            "terms",
            _("Terms"),
            [
                _pairs(
                    make,
                    "terms",
                    "term",
                    "meaning",
                    _("Terms"),
                    pgettext("editor", "Term"),
                    pgettext("editor", "Meaning"),
                ),
                _pairs(
                    make,
                    "abbreviations",
                    "term",
                    "meaning",
                    _("Abbreviations"),
                    pgettext("editor", "Term"),
                    pgettext("editor", "Meaning"),
                ),
            ],
            folded=True,
        ),
        Section(
            "lists",
            _("Documents, resources, inputs and outputs"),
            [_texts(make, ("card", name), words[name]) for name in LISTS],
            folded=True,
        ),
    ]


def _pairs(make: Maker, name: str, one: str, two: str, label: str, first: str, second: str) -> Control:
    where: Path = ("card", name)
    rows = [
        Row((*where, at), [make.words((*where, at, one), first), make.words((*where, at, two), second, lines=2)])
        for at in range(make.count(where))
    ]
    empty = {"zh": "", "en": ""}
    return make.rows(
        where, label, rows, [Button(pgettext("editor", "One more"), "insert", where, {one: empty, two: empty})]
    )


def _texts(make: Maker, where: Path, label: str) -> Control:
    rows = [Row((*where, at), [make.words((*where, at), label)]) for at in range(make.count(where))]
    return make.rows(
        where, label, rows, [Button(pgettext("editor", "One more"), "insert", where, {"zh": "", "en": ""})]
    )


# Statuses, phases, words ----------------------------------------------------------------------------------------------


def words_sections(make: Maker, choices: Choices) -> list[Section]:
    """What runs show, the flow strip, the words for facts."""
    stages = [Choice(stage, say(words)) for stage, words in shapes.STAGES.items()]
    statuses = [
        Row(
            ("statuses", at),
            [
                make.words(("statuses", at, "title"), _("Status")),
                make.pick(("statuses", at, "stage"), pgettext("editor", "Stage"), stages, empty=None),
            ],
        )
        for at in range(make.count(("statuses",)))
    ]
    phases = [
        Row(("phases", at), [make.words(("phases", at, "title"), _("Phase"))]) for at in range(make.count(("phases",)))
    ]
    titles = {
        "start": _("at the start"),
        "held": _("on hold"),
        "completed": pgettext("editor", "when completed"),
        "terminated": pgettext("editor", "when terminated"),
        "reopened": pgettext("editor", "when reopened"),
    }
    shows: list[Control] = [make.pick(("shows", name), titles[name], choices.keyed("statuses")) for name in SHOWS]
    reopens: list[Control] = [
        make.pick(("reopens", "amended"), _("when what was asked is amended"), choices.outer_steps()),
        make.pick(("reopens", "unsatisfied"), _("when the customer is not satisfied"), choices.outer_steps()),
    ]
    facts: list[Control] = [
        make.words(("facts", name, "title"), _("Words for “%(name)s”") % {"name": name})
        for name in make.content.get("facts", {})
    ]
    new_status = {"title": {"zh": "", "en": ""}, "stage": "active"}
    return [
        Section(
            "phases",
            _("Phases of the flow strip"),
            [
                make.rows(
                    ("phases",),
                    pgettext("editor", "Phases"),
                    phases,
                    [Button(pgettext("editor", "One more"), "keyed", ("phases",), {"title": {"zh": "", "en": ""}})],
                ),
            ],
        ),
        Section(
            "statuses",
            pgettext("editor", "Statuses"),
            [
                make.rows(
                    ("statuses",),
                    pgettext("editor", "Statuses"),
                    statuses,
                    [Button(pgettext("editor", "One more"), "keyed", ("statuses",), new_status)],
                ),
            ],
        ),
        Section("shows", _("Status shown when no step says otherwise"), shows, folded=True),
        Section("reopens", _("Step to which a run goes back"), reopens, folded=True),
        *([Section("facts", _("Words for facts"), facts, folded=True)] if facts else []),
    ]


# Forms ----------------------------------------------------------------------------------------------------------------


def form_sections(make: Maker, choices: Choices, path: Path) -> list[Section]:
    """A form: number, edition, fields."""
    fields: Path = (*path, "fields")
    rows = [Row((*fields, at), _field(make, choices, (*fields, at), at)) for at in range(make.count(fields))]
    new = {"kind": "text", "label": {"zh": "", "en": ""}}
    return [
        Section(
            "head",
            pgettext("editor", "Form"),
            [
                make.words((*path, "title"), pgettext("editor", "Title")),
                make.line((*path, "number"), pgettext("editor", "Form number")),
                make.line((*path, "edition"), _("Edition")),
            ],
        ),
        Section(
            "fields",
            pgettext("editor", "Fields"),
            [
                make.rows(
                    fields,
                    pgettext("editor", "Fields"),
                    rows,
                    [Button(_("One more field"), "keyed", fields, new)],
                    kind="fields",
                ),
            ],
        ),
    ]


def _field(make: Maker, choices: Choices, here: Path, at: int) -> list[Control]:
    field: dict[str, Any] = value_at(make.content, here)
    found = [
        make.words((*here, "label"), pgettext("editor", "Label")),
        make.pick((*here, "kind"), pgettext("editor", "Kind"), choices.field_kinds(), again=True, empty=None),
        make.flag((*here, "required"), _("required")),
    ]
    if field.get("kind") in ("choice", "choices"):
        where: Path = (*here, "options")
        rows = [
            Row(
                (*where, n),
                [
                    make.words((*where, n, "label"), pgettext("editor", "Option")),
                    make.line((*where, n, "key"), pgettext("editor", "Key")),
                ],
            )
            for n in range(make.count(where))
        ]
        adds = [Button(_("One more option"), "keyed", where, {"label": {"zh": "", "en": ""}})]
        found.append(make.rows(where, pgettext("editor", "Options"), rows, adds))
    if field.get("kind") == "number":
        found.append(make.line((*here, "unit"), pgettext("editor", "Unit")))
    found.append(make.words((*here, "help"), pgettext("editor", "Hint")))
    earlier = [
        (Choice(str(each.get("key")), says(each.get("label"), str(each.get("key")))), field_values(each))
        for each in value_at(make.content, here[:-1])[:at]
    ]
    leads = [Choice("show", pgettext("editor", "shown"))]
    found.append(
        tables.table(
            make,
            choices,
            (*here, "shown_when"),
            _("Shown only when"),
            leads,
            path=("flow",),
            optional=True,
            fields=earlier,
        )
    )
    found.append(make.line((*here, "key"), pgettext("editor", "Key"), do="rename"))
    return found
