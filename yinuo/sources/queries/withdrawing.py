"""What hangs on an edition of a standard, so that it cannot be withdrawn."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from yinuo.org import models as org
from yinuo.sources import models, queries

NAMED = 4  # clauses of customers named in a sentence
OF = (models.Mapping.State.PROPOSED, models.Mapping.State.ACCEPTED)


def obstacle(edition: models.Edition, person: org.Person) -> str:
    """The sentence that names what hangs on an edition; "" where nothing does."""
    baseline = models.Baseline.objects.filter(after=edition).first()
    if baseline is not None and baseline.signed_at is not None:
        return _("Its re-baselining is signed, so it holds. Load the right list as the edition that follows it.")
    after = edition.followed_by.filter(withdrawn_at=None).first()
    if after is not None:
        return _("Edition %(label)s follows it. Withdraw that one first.") % {"label": after.label}
    if baseline is not None and (decided := baseline.rows.exclude(act=models.BaselineRow.Act.WAITS).count()):
        return ngettext(
            "%(n)s row of its re-baselining is decided. Take the decision back there first.",
            "%(n)s rows of its re-baselining are decided. Take the decisions back there first.",
            decided,
        ) % {"n": decided}
    return _judged(edition, person)


def _judged(edition: models.Edition, person: org.Person) -> str:
    """What customers' clauses say of its clauses, by name as far as the person may see them."""
    rows = models.Mapping.objects.filter(target_text__edition=edition, state__in=OF)
    count = rows.count()
    if not count:
        return ""
    seen = queries.texts(person).filter(clause__in=rows.values("clause"))
    seen = seen.exclude(edition__standing=models.Standing.SUPERSEDED).select_related("edition__document")
    names = [f"{each.edition.document.title} {each.number}".strip() for each in seen.order_by("pk")[:NAMED]]
    facts = {"n": count, "names": pgettext("between names", ", ").join(names) or "–"}
    return (
        ngettext(
            "%(n)s clause of a customer is assigned to it (%(names)s). Assign it elsewhere first.",
            "%(n)s clauses of customers are assigned to it (%(names)s …). Assign them elsewhere first.",
            count,
        )
        % facts
    )
