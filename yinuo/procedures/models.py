"""Procedures and their frozen editions, runs, tasks, signatures, opinions entered for others, copies, and the log of
moves from which every run can be played again."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from yinuo.kit import rows, subjects
from yinuo.org import models as org


def words(zh: str, en: str) -> str:
    """The reader's language of a pair of words, else the other one."""
    return (en or zh) if (get_language() or "").startswith("en") else (zh or en)


class Stage(models.TextChoices):
    """The three groups within which a company names its own statuses (S1 2.4)."""

    PENDING = "pending", _("Pending")
    ACTIVE = "active", _("In progress")
    DONE = "done", _("Done")


class Procedure(rows.Versioned, rows.Named):
    """A management procedure (管理程序). What it says stands in its editions; `current` is the one new runs take.

    `owner_post` answers for the procedure: what nobody can be found for, and effects that fail, go there.
    """

    subject_type: ClassVar[str] = "procedures.procedure"

    key = models.CharField(max_length=60, unique=True)
    number = models.CharField(max_length=60)
    owner_post = models.ForeignKey(org.Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    current = models.ForeignKey("Edition", on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    @property
    def subject_label(self) -> str:
        return f"{self.number} {self.name}"

    def get_absolute_url(self) -> str:
        return reverse("procedures:procedure", args=[self.key])


class Frozen(models.QuerySet["Edition"]):
    """Editions are made once and read ever after."""

    def update(self, **kwargs: Any) -> int:
        raise TypeError("an edition is frozen")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise TypeError("an edition is frozen")


class Edition(models.Model):
    """One published edition of a procedure, frozen: the definition as data, the text it was read from, their
    fingerprint. `label` is the company's own (A/0, 1/A …), `number` counts publications."""

    subject_type: ClassVar[str] = "procedures.edition"

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="editions")
    number = models.PositiveIntegerField()
    label = models.CharField(max_length=30)
    definition = models.JSONField()
    source = models.TextField()
    fingerprint = models.CharField(max_length=64)
    reason = models.CharField(max_length=500, blank=True)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(org.Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = Frozen.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["procedure", "number"], name="procedures_edition_number"),
            models.UniqueConstraint(fields=["procedure", "label"], name="procedures_edition_label"),
        ]

    def __str__(self) -> str:
        return f"{self.procedure.number} {self.label}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.pk:
            raise TypeError("an edition is frozen")
        super().save(*args, **kwargs)

    def get_absolute_url(self) -> str:
        return reverse("procedures:edition", args=[self.procedure.key, self.number])

    @property
    def subject_label(self) -> str:
        return str(self)


class Run(rows.Versioned, subjects.SubjectColumns):
    """One execution of an edition for a subject (办理过程). `state` is the engine's; the columns beside it tell lists
    what it says. `facts` are given by whoever started it, beside those that rooms plug in."""

    class Ending(models.TextChoices):
        COMPLETED = "completed", _("Completed")
        TERMINATED = "terminated", _("Terminated")

    procedure = models.ForeignKey(Procedure, on_delete=models.PROTECT, related_name="runs")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="runs")
    state = models.JSONField()
    facts = models.JSONField(default=dict, blank=True)
    moves = models.PositiveIntegerField(default=0)
    status_key = models.CharField(max_length=60, blank=True)
    status_zh = models.CharField(max_length=100, blank=True)
    status_en = models.CharField(max_length=100, blank=True)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.PENDING)
    phase = models.CharField(max_length=60, blank=True)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(org.Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    held_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=10, choices=Ending, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_type", "subject_id", "procedure"],
                condition=Q(ended_at=None),
                name="procedures_run_one_open",
            ),
            models.CheckConstraint(
                condition=Q(ended_at=None, ending="") | (Q(ended_at__isnull=False) & ~Q(ending="")),
                name="procedures_run_ended",
            ),
            models.CheckConstraint(condition=Q(held_at=None) | Q(ended_at=None), name="procedures_run_held"),
        ]
        indexes = [
            models.Index(fields=["subject_type", "subject_id"], name="procedures_run_subject"),
            models.Index(fields=["started_by", "-started_at"], name="procedures_run_starter"),
        ]

    def __str__(self) -> str:
        return f"{self.procedure} · {self.subject_label}"

    @property
    def status(self) -> str:
        """The company's own word for where the run stands."""
        return words(self.status_zh, self.status_en)

    @property
    def badge(self) -> tuple[str, str]:
        """Group and word for the badge."""
        return self.stage, self.status or str(self.get_stage_display())

    def get_absolute_url(self) -> str:
        return self.subject_url or reverse("procedures:run_chart", args=[self.pk])


class Task(rows.Versioned, subjects.SubjectColumns):
    """One piece of work of a run, once per engine item: for people, or a wait, timer or effect of the program.

    Responsible is `holder`, else whoever holds `post` on the day, else any of the `candidates` until one takes it;
    `delegate` works on behalf of the holder. `due_at` is `due_amount` `due_unit` after `due_from`. `draft` is
    unfinished input, `data` what was submitted, frozen. `wake_at` is the next moment at which the clock has something
    to do here, the first of `nudges`.
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

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="tasks")
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
    post = models.ForeignKey(org.Post, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    holder = models.ForeignKey(org.Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    delegate = models.ForeignKey(org.Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
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
    closed_by = models.ForeignKey(org.Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    on_behalf_of = models.ForeignKey(org.Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.TextField(blank=True)

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

    task = models.ForeignKey(Task, on_delete=models.CASCADE, related_name="candidacies")
    person = models.ForeignKey(org.Person, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "person"], name="procedures_candidate_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.task}"


class Opinion(models.Model):
    """An opinion given in a meeting or by phone and entered by a recorder: counts once its owner confirms it."""

    class Way(models.TextChoices):
        MEETING = "meeting", _("In a meeting")
        PHONE = "phone", _("By phone")
        MESSAGE = "message", _("By message")

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="opinions")
    said_by = models.ForeignKey(org.Person, on_delete=models.PROTECT, related_name="+")
    said_at = models.DateTimeField()
    way = models.CharField(max_length=10, choices=Way)
    entered_by = models.ForeignKey(org.Person, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField()
    outcome = models.CharField(max_length=60, blank=True)
    verdict = models.CharField(max_length=20, blank=True)
    condition = models.TextField(blank=True)
    data = models.JSONField(default=dict)
    confirmed_at = models.DateTimeField(null=True, blank=True)
    rejected_at = models.DateTimeField(null=True, blank=True)
    reason = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task"],
                condition=Q(confirmed_at=None, rejected_at=None),
                name="procedures_opinion_one_waiting",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_at=None) | Q(rejected_at=None), name="procedures_opinion_one_answer"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.said_by} ({self.entered_by})"


class Signature(models.Model):
    """A signature: who, when, holding which post, meaning what, over which content (`digest`).

    Electronic ones were given with the password or the personal PIN. A paper one is a scan (`attachment`) entered by
    a named person: its own kind, never shown as electronic.
    """

    class Way(models.TextChoices):
        PASSWORD = "password", _("Electronic, with password")
        PIN = "pin", _("Electronic, with PIN")
        PAPER = "paper", _("On paper, scanned")

    task = models.ForeignKey(Task, on_delete=models.PROTECT, null=True, blank=True, related_name="signatures")
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, null=True, blank=True, related_name="signatures")
    person = models.ForeignKey(org.Person, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(org.Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    signed_at = models.DateTimeField()
    meaning_zh = models.CharField(max_length=200)
    meaning_en = models.CharField(max_length=200, blank=True)
    post_zh = models.CharField(max_length=200, blank=True)
    post_en = models.CharField(max_length=200, blank=True)
    way = models.CharField(max_length=10, choices=Way)
    digest = models.CharField(max_length=64)
    entered_by = models.ForeignKey(org.Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    entered_at = models.DateTimeField(null=True, blank=True)
    attachment_token = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(task__isnull=False, edition=None) | Q(task=None, edition__isnull=False),
                name="procedures_signature_of_one",
            ),
            models.CheckConstraint(
                condition=(Q(way="paper", entered_by__isnull=False, entered_at__isnull=False) & ~Q(attachment_token=""))
                | (~Q(way="paper") & Q(entered_by=None, entered_at=None, attachment_token="")),
                name="procedures_signature_paper",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.meaning}"

    @property
    def meaning(self) -> str:
        return words(self.meaning_zh, self.meaning_en)

    @property
    def post(self) -> str:
        """The post held when signing, in words of that day."""
        return words(self.post_zh, self.post_en)

    @property
    def is_electronic(self) -> bool:
        return self.way != self.Way.PAPER


class Copy(subjects.SubjectColumns):
    """A run, or one task of it, brought to somebody's notice (抄送)."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="copies")
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


class Reminder(models.Model):
    """A reminder or escalation that was sent for a task: each once per due moment, even if the worker dies."""

    class Kind(models.TextChoices):
        AHEAD = "ahead", _("Reminder")
        OVERDUE = "overdue", _("Overdue")
        ESCALATED = "escalated", _("Told the superior")
        ASKED = "asked", _("Reminder by a person")

    task = models.ForeignKey(Task, on_delete=models.PROTECT, related_name="reminders")
    kind = models.CharField(max_length=10, choices=Kind)
    planned_at = models.DateTimeField()
    sent_at = models.DateTimeField()
    by = models.ForeignKey(org.Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    told = models.JSONField(default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "kind", "planned_at"], name="procedures_reminder_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.task}"


class Move(models.Model):
    """One move of a run, in order, with the facts it saw: playing all of them again gives the run's state."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="log")
    number = models.PositiveIntegerField()
    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    actor_id = models.CharField(max_length=40)
    actor_name = models.CharField(max_length=200)
    move = models.JSONField()
    facts = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "number"], name="procedures_move_number")]

    def __str__(self) -> str:
        return f"{self.number} {self.move.get('move', '')}"
