"""Who may change what of the organisation, and who may see what of it is confidential or private.

Whoever may see the organisation sees all of it, whatever site their role is for: people of all sites work together.
Changing is by site; what concerns the whole company needs the permission for all sites.
"""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yinuo.kit import actors, refusals
from yinuo.org import definition, models, rules

Doer = models.Person | actors.Program  # who calls an action: a person, or the program (set-up, jobs, demo company)

MANAGING = [key for key, role in definition.ROLES.items() if definition.Permission.ORG_MANAGE in role.permissions]


class LastAdministrator(refusals.Refusal):
    """Nobody would be left who may manage the company."""


def may_manage(who: Doer, site_id: int | None) -> bool:
    """Whether somebody may manage the organisation at a site (None: for the whole company)."""
    if isinstance(who, actors.Program):
        return True
    sites = who.rights.sites_for(definition.Permission.ORG_MANAGE)
    return who.is_active and (sites is None or (site_id is not None and site_id in sites))


def may_manage_somewhere(who: models.Person) -> bool:
    """Whether somebody may manage the organisation at any site."""
    return who.may(definition.Permission.ORG_MANAGE)


def demand_management(who: Doer, *site_ids: int | None) -> None:
    """Refuse unless `may_manage` holds for each of the sites."""
    for site_id in site_ids:
        if not may_manage(who, site_id):
            raise refusals.NotAllowed()


def demand_an_administrator(now: datetime) -> None:
    """Refuse what an action has just done if nobody is left who may manage the whole company for good."""
    remaining = models.RoleGrant.objects.filter(
        models.in_force(timezone.localtime(now).date()),
        role__in=MANAGING,
        site=None,
        to_on=None,
        person__is_active=True,
        person__left_on=None,
    )
    if not remaining.exists():
        raise LastAdministrator(
            _("Nobody would be left who may manage the company. Make somebody else administrator first.")
        )


def sites_of(person: models.Person) -> set[int | None]:
    """Whose administrators somebody is a matter of: their site's, and that of every role they hold or will hold (None:
    the whole company's). Whoever could sign in as them would hold those roles."""
    today = timezone.now().astimezone(person.zone).date()
    held = person.role_grants.filter(Q(to_on=None) | Q(to_on__gte=today)).values_list("site_id", flat=True)
    return {person.site_id, *held}


def may_manage_person(who: Doer, person: models.Person) -> bool:
    """Whether somebody may change, invite, bar or admit a person."""
    return all(may_manage(who, site_id) for site_id in sites_of(person))


def demand_management_of(who: Doer, person: models.Person) -> None:
    """Refuse unless `may_manage_person` holds."""
    demand_management(who, *sites_of(person))


def may_enter_absence(who: Doer, person: models.Person, superior: models.Person | None) -> bool:
    """The person themself, their superior, or whoever manages their site."""
    if may_manage(who, person.site_id):
        return True
    return isinstance(who, models.Person) and who.pk in {person.pk, superior.pk if superior else None}


STEERING = (definition.Permission.PROCEDURES_STEER, definition.Permission.CASES_STEER)


def may_hand_over(who: models.Person, person: models.Person, superior: models.Person | None) -> bool:
    """Whether somebody may look at what a person has in hand and hand it over, as far as they may do each of it:
    whoever manages the person, their superior, and whoever steers work."""
    if not who.is_active or not who.may(definition.Permission.ORG_SEE):
        return False
    is_superior = superior is not None and who.pk == superior.pk
    return is_superior or any(who.may(each) for each in STEERING) or may_manage_person(who, person)


def may_edit_address_book(who: Doer) -> bool:
    """Whoever manages the company, or keeps the customers."""
    if isinstance(who, actors.Program):
        return True
    return may_manage(who, None) or who.may(definition.Permission.CUSTOMERS_EDIT)


def organisations(person: models.Person) -> QuerySet[models.Organisation]:
    """The address book as the person may see it: a confidential organisation is shown to named people only."""
    if not person.may(definition.Permission.ORG_SEE):
        return models.Organisation.objects.none()
    return models.Organisation.objects.filter(Q(scope=None) | Q(scope__in=_granted(person)))


def scopes(person: models.Person) -> QuerySet[models.Scope]:
    """The scopes a person may see: their own; all for whoever manages the company."""
    if may_manage(person, None):
        return models.Scope.objects.all()
    return models.Scope.objects.filter(pk__in=_granted(person))


def _granted(person: models.Person) -> QuerySet[models.ScopeGrant, int]:
    return models.ScopeGrant.objects.filter(person=person.pk, ended_at=None).values_list("scope_id", flat=True)


def may_share_views(person: models.Person) -> bool:
    """Whether somebody may share the views of their lists with everybody who may open the list."""
    return person.may(definition.Permission.ORG_SHARE)


def may_open_view(person: models.Person, view: models.SavedView) -> bool:
    """Their own views and shared ones; whether they may open the list itself, its page asks."""
    return view.voided_at is None and (view.owner_id == person.pk or view.is_shared)


def tokens_of(person: models.Person, now: datetime) -> QuerySet[models.Token]:
    """The tokens with which programs act as the person now, the newest first."""
    return person.tokens.filter(revoked_at=None, expires_at__gt=now).order_by("-pk")


def token(token: str, now: datetime) -> models.Token | None:
    """The token that opens now, with its person, who may still sign in."""
    found = models.Token.objects.select_related("person__site").filter(digest=rules.token_digest(token))
    return found.filter(revoked_at=None, expires_at__gt=now, person__is_active=True).first()
