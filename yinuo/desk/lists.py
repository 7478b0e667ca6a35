"""The lists behind the tabs of my work."""

from django.utils.translation import gettext_lazy as _

from yinuo.kit.lists import Column, Sheet
from yinuo.procedures import models as procedures


def _verdict(task: procedures.Task) -> tuple[str, str]:
    group = {"done": "done", "returned": "suspect"}.get(task.state, "quiet")
    return group, str(procedures.Task.State(task.state).label)


DONE = Sheet(
    name="done",
    title=_("Tasks I finished"),
    columns=(
        Column("title", _("Task"), lambda task: task.title, "link"),
        Column("subject", _("For"), lambda task: task.subject_label),
        Column("state", _("Result"), _verdict, "badge"),
        Column("closed", _("Finished"), lambda task: task.closed_at, "moment", sort="closed_at"),
    ),
    sorts={"newest": (_("Newest first"), "closed_at", True), "oldest": (_("Oldest first"), "closed_at", False)},
    empty=_("You have not finished any task yet."),
)

STARTED = Sheet(
    name="started",
    title=_("What I started"),
    columns=(
        Column("subject", _("For"), lambda run: run.subject_label, "link"),
        Column("procedure", _("Procedure"), lambda run: run.procedure.name, narrow=False),
        Column("status", _("Status"), lambda run: run.badge, "badge"),
        Column("started", _("Started"), lambda run: run.started_at, "moment", sort="started_at"),
    ),
    sorts={"newest": (_("Newest first"), "started_at", True), "oldest": (_("Oldest first"), "started_at", False)},
    empty=_("You have not started anything yet. Register what a customer asks, and follow it here."),
)

COPIED = Sheet(
    name="copied",
    title=_("What was copied to me"),
    columns=(
        Column("subject", _("For"), lambda copy: copy.subject_label, "link"),
        Column("note", _("Note"), lambda copy: copy.note),
        Column("by", _("From"), lambda copy: copy.by.name),
        Column("copied", _("When"), lambda copy: copy.copied_at, "moment", sort="copied_at"),
    ),
    sorts={"newest": (_("Newest first"), "copied_at", True), "oldest": (_("Oldest first"), "copied_at", False)},
    empty=_("Nothing has been copied to you."),
)
