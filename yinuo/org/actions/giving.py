"""What the organisation itself has people answer for, and how it is given to others: posts, direct reports, standing
in."""

from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yinuo.kit import duties, subjects
from yinuo.org import access, models
from yinuo.org.actions import absences, people, posts

DAY = timedelta(days=1)


def posts_held(person: models.Person, by: models.Person, now: datetime) -> duties.Held:
    """The posts somebody holds today or will hold, without an end that is today or past."""
    held = models.Holding.objects.filter(Q(to_on=None) | Q(to_on__gt=timezone.localtime(now).date()), person=person)
    found = held.select_related("post__department").order_by("is_acting", "from_on", "pk")
    return duties.Held(
        [
            duties.Duty(
                key=each.pk,
                version=each.version,
                label=f"{each.post.name} · {each.post.department.name}",
                url=each.post.get_absolute_url(),
                subject=subjects.ref(each.post),
                due_on=each.to_on,
                note=_("acting") if each.is_acting else "",
                may_give=access.may_manage(by, each.post.department.site_id),
            )
            for each in found
        ]
    )


def give_post(
    *, key: int, holder: models.Person, to: models.Person, last_on: date, reason: str, expected: int,
    by: models.Person, now: datetime,
) -> None:  # fmt: skip
    """The post ends with the last day; from the next on somebody else holds it. Leaving may have ended it already."""
    holding = models.Holding.objects.select_related("post__department", "person").filter(pk=key, person=holder).first()
    if holding is None or (holding.to_on and holding.to_on < last_on):
        raise duties.NotTheirs()
    until = holding.to_on if holding.to_on and holding.to_on > last_on else None
    posts.end_holding(holding=holding, to_on=last_on, expected=expected, reason=reason, by=by, now=now)
    there = holding.post.holdings.filter(person=to).filter(Q(to_on=None) | Q(to_on__gt=last_on))
    if not there.exists():
        posts.appoint(
            post=holding.post, person=to, from_on=last_on + DAY, to_on=until, is_acting=holding.is_acting,
            reason=reason, by=by, now=now,
        )  # fmt: skip


def reports(person: models.Person, by: models.Person, now: datetime) -> duties.Held:
    """Those whose superior somebody is by name."""
    found = list(models.Person.objects.filter(superior=person, is_active=True).order_by("name", "pk"))
    sites: dict[int, set[int | None]] = {each.pk: {each.site_id} for each in found}
    today = Q(to_on=None) | Q(to_on__gte=timezone.localtime(now).date())
    for pk, site in models.RoleGrant.objects.filter(today, person__in=found).values_list("person_id", "site_id"):
        sites[pk].add(site)
    return duties.Held(
        [
            duties.Duty(
                key=each.pk,
                version=each.version,
                label=each.actor_name,
                url=each.get_absolute_url(),
                subject=subjects.ref(each),
                may_give=all(access.may_manage(by, site) for site in sites[each.pk]),
            )
            for each in found
        ]
    )


def give_report(
    *, key: int, holder: models.Person, to: models.Person, last_on: date, reason: str, expected: int,
    by: models.Person, now: datetime,
) -> None:  # fmt: skip
    """Another superior; whoever succeeds their own superior gets the one above."""
    person = models.Person.objects.filter(pk=key, superior=holder).first()
    if person is None:
        raise duties.NotTheirs()
    superior = holder.superior if person.pk == to.pk else to
    people.change_person(person=person, superior=superior, expected=expected, reason=reason, by=by, now=now)


def covers(person: models.Person, by: models.Person, now: datetime) -> duties.Held:
    """Absences, now or to come, in which somebody stands in."""
    found = models.Absence.objects.filter(delegate=person, cancelled_at=None, to_at__gt=now).select_related("person")
    return duties.Held(
        [
            duties.Duty(
                key=each.pk,
                version=each.version,
                label=each.person.actor_name,
                url=each.person.get_absolute_url(),
                subject=subjects.ref(each.person),
                due_at=each.to_at,
                may_give=by.pk in (each.person_id, each.person.superior_id)
                or access.may_manage(by, each.person.site_id),
            )
            for each in found.order_by("from_at", "pk")
        ]
    )


def give_cover(
    *, key: int, holder: models.Person, to: models.Person, last_on: date, reason: str, expected: int,
    by: models.Person, now: datetime,
) -> None:  # fmt: skip
    """Somebody else stands in."""
    absence = models.Absence.objects.select_related("person").filter(pk=key, delegate=holder, cancelled_at=None).first()
    if absence is None:
        raise duties.NotTheirs()
    if absence.person_id == to.pk:
        raise absences.CannotBeAway(_("Nobody stands in for themself: choose somebody else."), field="delegate")
    absences.change_absence(absence=absence, delegate=to, expected=expected, by=by, now=now)
