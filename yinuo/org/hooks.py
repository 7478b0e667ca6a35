"""What the organisation plugs into the rooms below."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yinuo.kit import plugs
from yinuo.org import access, intake, models, queries
from yinuo.org.actions import giving
from yinuo.org.definition import Permission


def may_read_trail(person_id: int, person: models.Person) -> bool:
    """Somebody's trail tells of their roles, PIN and absences: for themselves, administrators and auditors."""
    return person_id == person.pk or person.may(Permission.ORG_MANAGE) or person.may(Permission.RECORDS_AUDIT)


def may_know_scope(scope_id: int, person: models.Person) -> bool:
    """A scope's very name is confidential: for the people named in it, and whoever manages the company."""
    return access.scopes(person).filter(pk=scope_id).exists()


plugs.guards.plug("org.person", may_read_trail, zh="人员的操作记录", en="A person's trail")
plugs.guards.plug("org.scope", may_know_scope, zh="保密范围的操作记录", en="A scope's trail")


def rescoped(*, type: str, id: int, scope_id: int | None, **_more: Any) -> None:  # noqa: A002 - the event's words
    """A subject belongs to another scope now: so does what was handed over of it."""
    models.HandedOver.objects.filter(subject_type=type, subject_id=id).update(scope_id=scope_id)


plugs.events.plug("kit.rescoped/org", rescoped, zh="保密范围变更：更新移交记录", en="Scope changed: hand-overs follow")

# What somebody has in hand --------------------------------------------------------------------------------------------

plugs.duties.plug(
    "org.post", giving.posts_held, zh="任职", en="Posts held", give=giving.give_post, order=70, sees=Permission.ORG_SEE,
    needs=Permission.ORG_MANAGE, counted=("{n} 个岗位", "{n} post", "{n} posts"),
)  # fmt: skip
plugs.duties.plug(
    "org.report", giving.reports, zh="直接下属", en="Superior of", give=giving.give_report, order=80,
    sees=Permission.ORG_SEE, needs=Permission.ORG_MANAGE,
    counted=("{n} 名直接下属", "{n} direct report", "{n} direct reports"),
)  # fmt: skip
plugs.duties.plug(
    "org.cover", giving.covers, zh="代理他人", en="Stands in for", give=giving.give_cover, order=90,
    sees=Permission.ORG_SEE, needs=Permission.ORG_MANAGE,
    counted=("代理 {n} 人", "stands in for {n} person", "stands in for {n} people"),
)  # fmt: skip

plugs.letterheads.plug("org", models.Letterhead.on_paper, zh="公司抬头", en="Letterhead")
# From workbooks -------------------------------------------------------------------------------------------------------

plugs.importables.plug(
    "org.person", intake.take, zh="人员", en="People", permission=Permission.ORG_MANAGE, fields=intake.fields,
    look=intake.look, identity=intake.identity, names=lambda rows, person: intake.Named(rows, person), icon="users",
    url="org:people", keeps_beside=False,
    after=lambda _person: (reverse("org:invitations"), _("Make their invitation links")),
    hint=_("Passwords are never taken over: people set their own by a link of invitation."),
)  # fmt: skip

plugs.views.plug("org", queries.views_of, zh="已存视图", en="Saved views")

plugs.menu.plug(
    "org", lambda _person: 0, zh="组织机构", en="Organisation", permission=Permission.ORG_SEE, icon="sitemap",
    url="org:structure", order=90,
)  # fmt: skip
