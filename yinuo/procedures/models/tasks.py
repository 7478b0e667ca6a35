"""Tasks, who may take them, and the reminders sent for them."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from yinuo.kit import rows, subjects
from yinuo.org import models as org
from yinuo.procedures.models.runs import Run
from yinuo.procedures.models.stages import words


class Task(rows.Versioned, subjects.SubjectColumns):
    """One piece of work of a run, once per engine item: for people, or a wait, timer or effect of the program.

    Responsible is `holder`, else whoever holds `post` on the day, else any of the `candidates` until one takes it;
    `delegate` works on behalf of the holder. `due_at` is `due_amount` `due_unit` after `due_from`. `draft` is
    unfinished input, `data` what was submitted, frozen. `wake_at` is the next moment at which the clock has something
    to do here, the first of `nudges`. A task opened by a return keeps who returned it and why.

    A task is written often, so foreign keys have no index of their own beside those below.
    """

    class Kind(models.TextChoices):
        TASK = "task", _("Task")
        OPINIONS = "opinions", _("Opinion")
        DECISION = "decision", _("Decision")
        SIGNER = "signer", _("Added signer")
        WAIT = "wait", _("Wait")
        TIMER = "timer", _("Timer")
        EFFECT = "effect", _("Done by the program")

    class State(models.TextChoices):
        OPEN = "open", _("To do")
        BLOCKED = "blocked", _("Waits for a signer")
        DONE = "done", _("Done")
        RETURNED = "returned", _("Returned")
        WITHDRAWN = "withdrawn", _("Withdrawn")
        CANCELLED = "cancelled", _("No longer needed")

    LIVE = (State.OPEN, State.BLOCKED)
    PEOPLE_KINDS = (Kind.TASK, Kind.OPINIONS, Kind.DECISION, Kind.SIGNER)

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="tasks", db_index=False)
    item = models.CharField(max_length=300)
    step = models.CharField(max_length=80)
    path = models.JSONField(default=list)
    kind = models.CharField(max_length=10, choices=Kind)
    attempt = models.PositiveSmallIntegerField(default=1)
    title_zh = models.CharField(max_length=200)
    title_en = models.CharField(max_length=200, blank=True)
    about_zh = models.CharField(max_length=200, blank=True)
    about_en = models.CharField(max_length=200, blank=True)
    party = models.CharField(max_length=120, blank=True)
    party_zh = models.CharField(max_length=200, blank=True)
    party_en = models.CharField(max_length=200, blank=True)
    post = models.ForeignKey(
        org.Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    holder = models.ForeignKey(
        org.Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    delegate = models.ForeignKey(
        org.Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    candidates = models.ManyToManyField(org.Person, through="Candidate", related_name="+")
    warning_zh = models.CharField(max_length=300, blank=True)
    warning_en = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    is_void = models.BooleanField(default=False)
    opened_at = models.DateTimeField()
    due_from = models.DateTimeField(null=True, blank=True)
    due_amount = models.FloatField(null=True, blank=True)
    due_unit = models.CharField(max_length=20, blank=True)
    due_at = models.DateTimeField(null=True, blank=True)
    is_provisional = models.BooleanField(default=False)
    wake_at = models.DateTimeField(null=True, blank=True)
    nudges = models.JSONField(default=list)
    draft = models.JSONField(default=dict)
    data = models.JSONField(default=dict)
    outcome = models.CharField(max_length=60, blank=True)
    verdict = models.CharField(max_length=20, blank=True)
    condition = models.TextField(blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        org.Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    on_behalf_of = models.ForeignKey(
        org.Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    reason = models.TextField(blank=True)
    returned_by = models.ForeignKey(
        org.Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    returned_because = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "item"], name="procedures_task_item"),
            models.CheckConstraint(
                condition=Q(state__in=["open", "blocked"], closed_at=None)
                | (~Q(state__in=["open", "blocked"]) & Q(closed_at__isnull=False)),
                name="procedures_task_closed",
            ),
            models.CheckConstraint(
                condition=Q(closed_by=None) | Q(closed_at__isnull=False), name="procedures_task_closed_by"
            ),
            models.CheckConstraint(
                condition=Q(wake_at=None) | Q(state__in=["open", "blocked"]), name="procedures_task_wake"
            ),
            models.CheckConstraint(
                condition=Q(is_provisional=False) | Q(due_at__isnull=False), name="procedures_task_provisional"
            ),
        ]
        indexes = [
            # Of live tasks only, said by `closed_at`: that much both databases see through in a query's condition.
            models.Index(fields=["holder", "due_at"], name="procedures_task_holder", condition=Q(closed_at=None)),
            models.Index(fields=["post", "due_at"], name="procedures_task_post", condition=Q(closed_at=None)),
            models.Index(
                fields=["delegate"],
                name="procedures_task_delegate",
                condition=Q(closed_at=None, delegate__isnull=False),
            ),
            models.Index(fields=["due_at"], name="procedures_task_due", condition=Q(closed_at=None)),
            models.Index(fields=["wake_at"], name="procedures_task_wake_ix", condition=Q(wake_at__isnull=False)),
            models.Index(fields=["closed_by", "-closed_at"], name="procedures_task_closer"),
            # The rows behind a figure of a step, last finished first.
            models.Index(
                fields=["step", "closed_at"], name="procedures_task_step", condition=Q(closed_at__isnull=False)
            ),
            models.Index(fields=["subject_type", "subject_id"], name="procedures_task_subject"),
        ]

    def __str__(self) -> str:
        return f"{self.title} · {self.subject_label}" if self.subject_label else self.title

    @property
    def title(self) -> str:
        """The step's title, with what it is about inside a repetition."""
        title, about = words(self.title_zh, self.title_en), words(self.about_zh, self.about_en)
        return f"{title} · {about}" if about else title

    @property
    def responsible(self) -> str:
        """Who has to act, in words: the holder, else the post, else the role."""
        if self.holder is not None:
            return self.holder.name
        return self.post.name if self.post is not None else self.party_words

    @property
    def party_words(self) -> str:
        """The party as the procedure names it: 质量部."""
        return words(self.party_zh, self.party_en)

    @property
    def warning(self) -> str:
        return words(self.warning_zh, self.warning_en)

    @property
    def is_live(self) -> bool:
        return self.state in self.LIVE

    @property
    def is_for_people(self) -> bool:
        return self.kind in self.PEOPLE_KINDS

    def get_absolute_url(self) -> str:
        return reverse("procedures:task", args=[self.pk])


class Candidate(models.Model):
    """One of several people any of whom may take an open task."""

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="candidacies", db_index=False)
    person = models.ForeignKey(org.Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "person"], name="procedures_candidate_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.task}"


class Reminder(models.Model):
    """A reminder or escalation that was sent for a task: each once per due moment, even if the worker dies."""

    class Kind(models.TextChoices):
        AHEAD = "ahead", _("Reminder")
        OVERDUE = "overdue", _("Overdue")
        ESCALATED = "escalated", _("Told the superior")
        ASKED = "asked", _("Reminder by a person")

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="reminders", db_index=False)
    kind = models.CharField(max_length=10, choices=Kind)
    planned_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    by = models.ForeignKey(org.Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    told = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "kind", "planned_at"], name="procedures_reminder_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.task}"


class Copy(subjects.SubjectColumns):
    """A run, or one task of it, brought to somebody's notice (抄送)."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="copies", db_index=False)
    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, blank=True, related_name="copies")
    person = models.ForeignKey(org.Person, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(org.Person, on_delete=models.PROTECT, related_name="+")
    copied_at = models.DateTimeField()
    note = models.CharField(max_length=500, blank=True)
    read_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "person"], name="procedures_copy_once")]
        indexes = [models.Index(fields=["person", "-copied_at"], name="procedures_copy_person")]

    def __str__(self) -> str:
        return f"{self.run} → {self.person}"
