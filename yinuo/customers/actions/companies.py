"""Keeping customers: adding, changing, moving in the tree, closing to named people, taking out of use."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, TypedDict, Unpack

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from yinuo.customers import access, models, queries, rules
from yinuo.customers.actions import scoping
from yinuo.kit import plugs, refusals, rows
from yinuo.org import models as org
from yinuo.records import actions as records


class NameTaken(refusals.Refusal):
    """The name belongs to another customer."""


class WrongPlace(refusals.Refusal):
    """The customer cannot stand there in the tree."""


class CannotClose(refusals.Refusal):
    """The row cannot be closed to that circle."""


class SimilarNames(refusals.Refusal):
    """There are customers with names like this one; somebody has to say that it is another company."""

    def __init__(self, similar: Sequence[queries.Similar]) -> None:
        names = "、".join(each.customer.subject_label for each in similar)
        super().__init__(
            _("There are customers with similar names: %(names)s. Confirm if this is another company.")
            % {"names": names},
            field="although_similar",
        )
        self.similar = similar


class Facts(TypedDict, total=False):
    """What people say about a customer. Left out: unchanged, or the model's default for a new one."""

    code: str
    name_zh: str
    name_en: str
    registered_name: str
    aliases: Sequence[str]
    level: str
    kind: str
    is_customer: bool
    is_final_oem: bool
    parent: models.Customer | None
    window: org.Person | None
    window_deputy: org.Person | None
    sites: Sequence[org.Site]
    scope: org.Scope | None
    language: str
    note: str
    is_active: bool


COLUMNS = (
    "code", "name_zh", "name_en", "level", "kind", "is_customer", "is_final_oem", "parent", "window", "window_deputy",
    "language", "note", "is_active",
)  # fmt: skip


@transaction.atomic
def add(
    *,
    by: org.Person,
    now: datetime,
    although_similar: bool = False,
    organisation: org.Organisation | None = None,
    **facts: Unpack[Facts],
) -> models.Customer:
    """Add a customer, with its card in the address book unless `organisation` names one that is there.

    Refused: `NameTaken` when a name is another customer's, `SimilarNames` when one is merely alike and nobody said
    that it is another company, `WrongPlace`, `NotAllowed`.
    """
    if not access.may_edit(by):
        raise refusals.NotAllowed()
    row = models.Customer(**{key: facts[key] for key in COLUMNS if key in facts})  # type: ignore[literal-required]
    _check_own_scope(by, facts.get("scope"))
    _check_place(by, row, row.parent)
    names = _names_of(row, facts.get("registered_name") or "", facts.get("aliases") or ())
    if not although_similar and (alike := queries.similar(by, names)):
        _refuse_same(alike, names)
        raise SimilarNames(alike)
    row.path = rules.path_of(row.code, row.parent.path if row.parent else "")
    row.depth = row.parent.depth + 1 if row.parent else 0
    row.own_scope = facts.get("scope")
    row.scope = scoping.narrowed(row.own_scope, row.parent.scope if row.parent else None)
    row.added_at = now
    _check_windows(row, row.scope)
    sites = list(facts.get("sites") or ())
    row.site_id = rules.only(site.pk for site in sites)
    row.organisation = organisation or _address_card(row, facts.get("registered_name") or "", by=by, now=now)
    _save_new(row)
    row.sites.set(sites)
    _write_names(row, names, set(facts.get("aliases") or ()))
    records.write(
        by=by,
        now=now,
        word="customers.customer.added",
        subject=row,
        changes=[
            *rows.created(row, *COLUMNS, "own_scope"),
            *_listed("aliases", [], facts.get("aliases") or ()),
            *_listed("sites", [], sites),
        ],
    )
    scoping.index(customers=[row.pk])
    return row


@transaction.atomic
def change(
    *,
    customer: models.Customer,
    by: org.Person,
    now: datetime,
    expected: int,
    although_similar: bool = False,
    reason: str = "",
    **facts: Unpack[Facts],
) -> models.Customer:
    """Change what `facts` name. A new place or scope is handed down to everything below. Refusals as in `add`."""
    if not access.may_edit(by, customer):
        raise refusals.NotAllowed()
    values: dict[str, Any] = {key: facts[key] for key in COLUMNS if key in facts}  # type: ignore[literal-required]
    wanted = models.Customer(**{key: values.get(key, getattr(customer, key)) for key in COLUMNS})
    wanted.pk = customer.pk
    _check_place(by, wanted, wanted.parent, was=customer)
    old_aliases, old_sites = _aliases(customer), list(customer.sites.order_by("pk"))
    aliases = list(facts.get("aliases", old_aliases))
    registered = facts.get("registered_name") or customer.organisation.name_zh
    names = _names_of(wanted, registered, aliases)
    _check_names(by, customer, names, although_similar)
    if "scope" in facts:
        if facts["scope"] != customer.own_scope:
            _check_own_scope(by, facts["scope"])
        values["own_scope"] = facts["scope"]
    sites = sorted(facts.get("sites", old_sites), key=lambda site: site.pk)
    values |= _place(wanted, values.get("own_scope", customer.own_scope), sites)
    _check_windows(wanted, values["scope"])
    if values["scope"] is not None and values["scope"] != customer.scope:
        scoping.require_room_inside(customer, values["scope"])
    was = scoping.Was(path=customer.path, scope_id=customer.scope_id, site_id=customer.site_id)
    changes = _guarded_change(customer, expected, values)
    elsewhere = [
        *_listed("aliases", old_aliases, aliases),
        *_listed("sites", old_sites, sites),
        *_rename_card(customer, registered),
    ]
    if not changes and not elsewhere:
        return customer
    if not changes:
        rows.touch(customer, expected=expected)
    customer.sites.set(sites)
    _write_names(customer, names, set(aliases))
    records.write(
        by=by,
        now=now,
        word="customers.customer.changed",
        subject=customer,
        changes=_told([*changes, *elsewhere]),
        reason=reason,
    )
    scoping.hand_down(customer, was)
    scoping.index_with_its_rows(customer)
    return customer


def _place(wanted: models.Customer, own_scope: org.Scope | None, sites: list[org.Site]) -> dict[str, Any]:
    """The columns that follow from parent, own scope and sites."""
    parent = wanted.parent
    return {
        "path": rules.path_of(wanted.code, parent.path if parent else ""),
        "depth": parent.depth + 1 if parent else 0,
        "scope": scoping.narrowed(own_scope, parent.scope if parent else None),
        "site": sites[0] if len(sites) == 1 else None,
    }


def _told(changes: list[rows.Change]) -> list[rows.Change]:
    """What the trail tells of a change: what somebody said, not the columns that follow from it."""
    return [each for each in changes if each.field not in ("path", "depth", "site")]


def _check_place(
    by: org.Person, row: models.Customer, parent: models.Customer | None, was: models.Customer | None = None
) -> None:
    """The parent is seen by the person, no descendant of the row, and of a level that fits; so do the children."""
    if not rules.may_hang_under(row.level, parent.level if parent else None):
        raise WrongPlace(_("A plant stands under a company, a company under a group."), field="parent")
    if rules.SEPARATOR in row.code:
        raise WrongPlace(_("A code has no slash."), field="code")
    if (
        parent is not None
        and (was is None or parent != was.parent)
        and not by.visible(models.Customer.objects.filter(pk=parent.pk), queries.SEE)
    ):
        raise refusals.NotAllowed()
    if was is None:
        return
    if parent is not None and parent.path.startswith(was.path):
        raise WrongPlace(_("A customer cannot stand below itself."), field="parent")
    levels = models.Customer.objects.filter(parent=was).values_list("level", flat=True)
    if not all(rules.may_hang_under(level, row.level) for level in levels):
        raise WrongPlace(_("The customers below this one do not fit under that level."), field="level")


def _check_own_scope(by: org.Person, scope: org.Scope | None) -> None:
    if not access.may_make_confidential(by, scope):
        raise CannotClose(_("You can only close it to a circle of people that you belong to yourself."), field="scope")


def _check_windows(row: models.Customer, scope: org.Scope | None) -> None:
    """Whoever is named as window of a closed customer belongs to its circle: else nothing could go out."""
    for field in ("window", "window_deputy"):
        person = getattr(row, field)
        if scope is not None and person is not None and not scope.grants.filter(person=person, ended_at=None).exists():
            sentence = _("%(person)s does not belong to the circle “%(scope)s”.")
            raise CannotClose(sentence % {"person": person.name, "scope": scope.name}, field=field)


def _check_names(by: org.Person, customer: models.Customer, names: list[str], although_similar: bool) -> None:
    """New names are nobody else's, and what is merely alike was confirmed to be another company."""
    known = set(customer.names.values_list("key", flat=True))
    fresh = [name for name in names if rules.name_key(name) not in known]
    if fresh and not although_similar and (alike := queries.similar(by, fresh, except_for=customer.pk)):
        _refuse_same(alike, fresh)
        raise SimilarNames(alike)


def _refuse_same(alike: Sequence[queries.Similar], names: Iterable[str]) -> None:
    """Equal names are refused, not asked about."""
    for each in alike:
        if each.is_same:
            raise NameTaken(
                _("“%(name)s” is a name of %(customer)s.")
                % {"name": each.name, "customer": each.customer.subject_label},
                field="name_zh",
            )


def _names_of(row: models.Customer, registered: str, aliases: Iterable[str]) -> list[str]:
    return [name for name in (row.code, row.name_zh, row.name_en, registered, *aliases) if name.strip()]


def _aliases(customer: models.Customer) -> list[str]:
    return list(customer.names.filter(is_alias=True).order_by("pk").values_list("text", flat=True))


def _write_names(customer: models.Customer, names: list[str], aliases: set[str]) -> None:
    """Make the name table say exactly these names; a name of another customer is refused."""
    by_key: dict[str, str] = {}
    for name in names:
        by_key.setdefault(rules.name_key(name), name.strip())
    old = {row.key: row for row in customer.names.all()}
    gone = [row.pk for key, row in old.items() if by_key.get(key) != row.text or row.is_alias != (row.text in aliases)]
    models.CustomerName.objects.filter(pk__in=gone).delete()
    kept = {key for key, row in old.items() if row.pk not in gone}
    for key, text in by_key.items():
        if key in kept:
            continue
        try:
            with transaction.atomic():
                customer.names.create(text=text, key=key, is_alias=text in aliases)
        except IntegrityError:
            # The other customer may be one that the person must not know: no name, no code.
            raise NameTaken(_("“%(name)s” is already a name of another customer.") % {"name": text}) from None


def _save_new(row: models.Customer) -> None:
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        raise NameTaken(_("The code “%(code)s” is already used.") % {"code": row.code}, field="code") from None


def _guarded_change(customer: models.Customer, expected: int, values: dict[str, Any]) -> list[rows.Change]:
    try:
        with transaction.atomic():
            return rows.change(customer, expected=expected, **values)
    except IntegrityError:
        raise NameTaken(_("The code “%(code)s” is already used.") % {"code": values["code"]}, field="code") from None


def _address_card(row: models.Customer, registered: str, *, by: org.Person, now: datetime) -> org.Organisation:
    """A new card in the address book for this customer."""
    kinds = [kind for kind, is_one in [("customer", row.is_customer), ("final_oem", row.is_final_oem)] if is_one]
    card = org.Organisation.objects.create(
        name_zh=registered or row.name_zh, name_en=row.name_en, kinds=kinds, scope=row.scope
    )
    records.write(
        by=by,
        now=now,
        word="org.organisation.added",
        subject=card,
        changes=rows.created(card, "name_zh", "name_en", "kinds"),
    )
    plugs.announce("org.renamed", type=card.subject_type, ids=[card.pk])
    return card


def _rename_card(customer: models.Customer, registered: str) -> list[rows.Change]:
    """The registered name stands on the card in the address book; the card is as confidential as the customer."""
    card = customer.organisation
    kinds = [kind for kind in card.kinds if kind not in ("customer", "final_oem")]
    kinds += [
        kind for kind, is_one in [("customer", customer.is_customer), ("final_oem", customer.is_final_oem)] if is_one
    ]
    changes = rows.change(card, expected=card.version, name_zh=registered, kinds=kinds, scope=customer.scope)
    if changes:
        plugs.announce("org.renamed", type=card.subject_type, ids=[card.pk])
    return [rows.Change("registered_name", each.old, each.new) for each in changes if each.field == "name_zh"]


def _listed(field: str, old: Iterable[Any], new: Iterable[Any]) -> list[rows.Change]:
    """A change of a list as the trail tells it; nothing when it stayed."""
    before, after = [str(each) for each in old], [str(each) for each in new]
    return [rows.Change(field, before, after)] if before != after else []
