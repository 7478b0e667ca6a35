"""What people are told about tasks, in sentences stored in both languages."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from yinuo.kit import actors, plugs, subjects, words
from yinuo.notify import actions as notify
from yinuo.notify import rules as notify_rules
from yinuo.org import models as org
from yinuo.org import queries as org_queries
from yinuo.procedures import models
from yinuo.procedures.definition.texts import NOTHING, Text
from yinuo.procedures.queries import answers, runs

SENTENCES = {
    "task_assigned": _("New task: %(task)s"),
    "task_reassigned": _("%(by)s handed a task over to you: %(task)s"),
    "task_delegated": _("%(by)s asks you to work on their behalf: %(task)s"),
    "task_delegation_ended": _("%(by)s does it alone again: %(task)s"),
    "task_returned": _("%(by)s returned: %(task)s. Reason: %(reason)s"),
    "task_decided_again": _("%(by)s · %(outcome)s: %(task)s. Remark: %(reason)s"),
    "task_withdrawn": _("%(by)s withdrew what they had finished: %(task)s"),
    "task_ahead": _("Due soon: %(task)s"),
    "task_overdue": _("Overdue: %(task)s"),
    "task_escalated": _("Overdue with %(who)s: %(task)s"),
    "task_reminder": _("%(by)s asks you to see to it: %(task)s"),
    "task_nobody": _("Nobody was found for a task: %(task)s"),
    "task_unattended": _("%(who)s is away and nobody stands in: %(task)s"),
    "task_effect_failed": _("Something the program should do has failed: %(task)s"),
    "task_answered": _("%(by)s finished it before you: %(task)s"),
    "opinion_entered": _("%(by)s entered what you said; please confirm: %(task)s"),
    "opinion_rejected": _("%(by)s says this is not what they said: %(task)s"),
    "opinion_withdrawn": _("%(by)s withdrew what they had entered for you: %(task)s"),
    "run_copied": _("%(by)s brings this to your notice: %(task)s"),
    "run_held": _("On hold: %(task)s"),
}

BRIEF = {"task_returned": _("%(by)s returned: %(task)s")}  # without the reason: others listen


@dataclass(frozen=True)
class Chosen:
    """An outcome, in the language of whoever reads it."""

    outcome: Text

    def __str__(self) -> str:
        return models.words(self.outcome.zh, self.outcome.en)


@dataclass(frozen=True)
class Discreet:
    """Number and step, all that a mail about something confidential may say; in the language of whoever reads it."""

    what: models.Task | models.Run

    def __str__(self) -> str:
        number = notify_rules.number_of(self.what.subject_label)
        if isinstance(self.what, models.Run):
            return number
        return f"{number} · {models.words(self.what.title_zh, self.what.title_en)}"


def tell(
    kind: str,
    people: Iterable[org.Person],
    what: models.Task | models.Run,
    *,
    now: datetime,
    by: actors.Actor | None = None,
    who: str = "",
) -> None:
    """Tell people about a task or run; whoever acts is not told of their own act.

    It goes out at night too when the subject's room says that it is urgent (product safety, a line that may stop).
    """
    others = {person.pk: person for person in people if by is None or person.actor_id != by.actor_id}
    if not others:
        return
    address = what.get_absolute_url()
    about = subjects.Ref(what.subject_type, what.subject_id, what.subject_label, address, what.scope_id, what.site_id)
    name = getattr(by, "name", "") or getattr(by, "actor_name", "")
    outcome = NOTHING
    if kind == "task_returned" and isinstance(what, models.Task):
        outcome = answers.sent_back_as(runs.definition_of(what.run), what)
    sentence = SENTENCES["task_decided_again" if outcome else kind]
    reason = getattr(what, "returned_because", "")
    # `what` is turned into words when they are read, so that its title is in their language too.
    notify.tell(
        people=list(others.values()),
        subject=about,
        kind=kind,
        words=words.filled(sentence, task=what, by=name, who=who, reason=reason, outcome=Chosen(outcome)),
        discreet=words.filled("%(said)s", said=Discreet(what)),
        brief=words.filled(BRIEF.get(kind, SENTENCES[kind]), task=Discreet(what), by=name, who=who),
        urgent=is_urgent(about),
        now=now,
        by=by,
    )


def is_urgent(subject: subjects.Ref) -> bool:
    """Whether what is told about a subject must not wait for the morning; the subject's room has plugged that in."""
    name = f"subject.is_urgent/{subject.type}"
    return name in plugs.facts and bool(plugs.facts.get(name).function(subject))


def workers(task: models.Task, now: datetime) -> list[org.Person]:
    """Who is to be told about an open task: its people, and whoever stands in for those who are away."""
    if task.holder is not None:
        asked = [task.holder]
    else:
        asked = [each.person for each in task.candidacies.select_related("person")]
        if task.post is not None:
            asked += org_queries.holders(task.post.code, timezone.localtime(now).date())
    if task.delegate is not None:
        asked.append(task.delegate)
    return asked + stand_ins(asked, away(now), now)


def away(now: datetime) -> set[int]:
    """The ids of everybody who is away."""
    return set(org_queries.absences_at(now).values_list("person_id", flat=True))


def stand_ins(people: Iterable[org.Person], absent: set[int], now: datetime) -> list[org.Person]:
    """Whoever stands in for those of the people who are among the absent."""
    found = [org_queries.delegate_of(person, now) for person in people if person.pk in absent]
    return [person for person in found if person is not None]
