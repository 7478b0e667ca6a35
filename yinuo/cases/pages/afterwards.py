"""After the work: feedback by link or recorded by us, lessons."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from yinuo.cases import lists, models
from yinuo.cases.actions import closing
from yinuo.cases.forms import afterwards, dialogs
from yinuo.cases.pages import cases
from yinuo.cases.queries import feedback as feedback_queries
from yinuo.cases.queries import lessons as lesson_queries
from yinuo.kit import actors, editing, pages, refusals, undoing, words
from yinuo.kit import lists as kit_lists
from yinuo.org.definition import Permission

HANDLE = Permission.CASES_HANDLE


# Feedback -------------------------------------------------------------------------------------------------------------


def _dead(request: pages.Request, sentence: Any, status: int) -> HttpResponse:
    """Why a link does not open, in both languages."""
    zh, en = words.both(sentence)
    return render(request, "cases/feedback_dead.html", {"sentence_zh": zh, "sentence_en": en}, status=status)


NO_SUCH_LINK = _lazy("This link does not exist. Please check the address, or ask your contact person for a new one.")


@pages.page(pages.PUBLIC, methods=editing.READ_WRITE)
def feedback(request: pages.Request, token: str) -> HttpResponse:
    """The customer's own page: plain, in both languages, without sign-in; says nothing of the case but its title."""
    now = timezone.now()
    link = feedback_queries.feedback_link(token)
    if link is None:
        return _dead(request, NO_SUCH_LINK, 404)
    try:
        closing.require_open_link(link, now)
    except closing.LinkDead as dead:
        return _dead(request, dead.sentence, dead.status)
    data = request.POST if request.method == "POST" else None
    form = afterwards.GiveFeedback(data, initial={"name": link.name})
    if form.is_bound and form.is_valid():
        said = form.cleaned_data
        try:
            closing.answer_link(
                link=link,
                is_satisfied=said["satisfied"] == "yes",
                score=int(said["score"]) if said["score"] else None,
                words=said["words"],
                by=actors.Outsider(said["name"]),
                now=now,
            )
        except closing.LinkDead as dead:
            return _dead(request, dead.sentence, dead.status)
        except refusals.Refusal as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else None, str(refusal))
        else:
            return render(request, "cases/feedback_thanks.html", {"case": link.case})
    return render(request, "cases/feedback.html", {"form": form, "link": link}, status=422 if form.is_bound else 200)


@pages.page(HANDLE, methods=editing.READ_WRITE)
def feedback_record(request: pages.Request, number: str) -> HttpResponse:
    """Record what the customer said by phone, WeChat, visit or mail."""
    case, now = cases.look(request, number), timezone.now()
    form = afterwards.RecordFeedback(*editing.sent(request), initial={"speaker": case.speaker})
    sentence = _("Whoever is not satisfied opens the case again for improvement.")
    if case.is_archived:
        sentence = _("The case is archived: for whoever is not satisfied a case of its own is registered and linked.")

    def create() -> str:
        said = form.cleaned_data
        closing.record_feedback(
            case=case,
            way=said["way"],
            speaker=said["speaker"],
            said_at=said["said_at"],
            is_satisfied=said["satisfied"] == "yes",
            score=int(said["score"]) if said["score"] else None,
            words=said["words"],
            proof=[(file.name, file) for file in said["proof"]],
            no_proof=said["no_proof"],
            by=request.user,
            now=now,
        )
        return f"{case.get_absolute_url()}#feedback"

    return editing.answer(
        request,
        form,
        act=lambda: editing.create_once(request, form, now, create),
        said=_("The feedback is kept."),
        title=_("Record the customer's feedback"),
        verb=_("Save"),
        back=case.get_absolute_url(),
        sentence=sentence,
    )


@pages.page(HANDLE, methods=editing.READ_WRITE)
def feedback_give_up(request: pages.Request, number: str) -> HttpResponse:
    """The customer gives no feedback."""
    case = cases.look(request, number)
    form = dialogs.Reason(*editing.sent(request))

    def act() -> str:
        closing.give_up_feedback(case=case, reason=form.cleaned_data["reason"], by=request.user, now=timezone.now())
        return case.get_absolute_url()

    return editing.answer(
        request, form, act=act, said=_("Kept."), title=_("The customer gives no feedback"), verb=_("Save"),
        back=case.get_absolute_url(),
    )  # fmt: skip


@pages.page(HANDLE, methods=editing.READ_WRITE)
def link_make(request: pages.Request, number: str) -> HttpResponse:
    """Make a feedback link for somebody at the customer."""
    case, now = cases.look(request, number), timezone.now()
    form = afterwards.NewLink(*editing.sent(request), initial={"name": case.speaker})

    def create() -> str:
        closing.make_link(case=case, name=form.cleaned_data["name"], by=request.user, now=now)
        return f"{case.get_absolute_url()}#feedback"

    return editing.answer(
        request,
        form,
        act=lambda: editing.create_once(request, form, now, create),
        said=_("The link is ready to be copied."),
        title=_("Make a feedback link"),
        verb=_("Make"),
        back=case.get_absolute_url(),
    )


@pages.page(HANDLE, methods=("POST",))
def link_revoke(request: pages.Request, number: str, pk: int) -> HttpResponse:
    """A link that went astray."""
    case = cases.look(request, number)
    link = get_object_or_404(models.FeedbackLink.objects.select_related("case"), case=case, pk=pk)
    closing.revoke_link(link=link, by=request.user, now=timezone.now())
    undo = undoing.offer(request.user, "cases.link", case=case.pk, link=link.pk)
    pages.done(request, _("The link no longer opens."), undo)
    return redirect(f"{case.get_absolute_url()}#feedback")


# Lessons --------------------------------------------------------------------------------------------------------------


@pages.page(Permission.CASES_SEE)
def lessons(request: pages.Request) -> HttpResponse:
    """What was learned."""
    page = kit_lists.page_of(lists.LESSONS, lesson_queries.lessons(request.user), request.GET, person=request.user)
    return render(request, "cases/lessons.html", {"page": page})


def _lesson(request: pages.Request, pk: int) -> models.Lesson:
    found = lesson_queries.lessons(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


@pages.page(Permission.CASES_SEE)
def lesson(request: pages.Request, pk: int) -> HttpResponse:
    """One lesson."""
    row = _lesson(request, pk)
    may_change = request.user.may(HANDLE, row.scope_id, row.site_id) and not row.voided_at
    return render(request, "cases/lesson.html", {"lesson": row, "may_change": may_change})


@pages.page(HANDLE, methods=editing.READ_WRITE)
def lesson_write(request: pages.Request, number: str) -> HttpResponse:
    """Keep what a case taught."""
    case, now = cases.look(request, number), timezone.now()
    families = lesson_queries.families_of(list(case.products.all()))
    initial = {"title": case.title, "kind": case.kind, "family": families[0] if families else ""}
    form = afterwards.NewLesson(*editing.sent(request), initial=initial)

    def create() -> str:
        said = {name: value for name, value in form.cleaned_data.items() if name != "once"}
        return closing.write_lesson(case=case, by=request.user, now=now, **said).get_absolute_url()

    return editing.answer(
        request,
        form,
        act=lambda: editing.create_once(request, form, now, create),
        said=_("The lesson is kept."),
        title=_("Write a lesson"),
        verb=_("Save"),
        back=case.get_absolute_url(),
        sentence=_("It is proposed again where its words, nature or product family fit."),
    )


@pages.page(HANDLE, methods=editing.READ_WRITE)
def lesson_change(request: pages.Request, pk: int) -> HttpResponse:
    """Change a lesson."""
    row = _lesson(request, pk)
    names = ("title", "text", "kind", "family", "fits", "version")
    initial = {name: getattr(row, name) for name in names} | {"tags": "、".join(row.tags)}
    form = afterwards.ChangedLesson(*editing.sent(request), initial=initial)

    def act() -> str:
        said: dict[str, Any] = dict(form.cleaned_data)
        expected = said.pop("version")
        closing.change_lesson(lesson=row, by=request.user, now=timezone.now(), expected=expected, **said)
        return row.get_absolute_url()

    return editing.answer(
        request, form, act=act, said=_("Saved."), title=_("Change the lesson"), verb=_("Save"),
        back=row.get_absolute_url(),
    )  # fmt: skip


@pages.page(HANDLE, methods=editing.READ_WRITE)
def lesson_void(request: pages.Request, pk: int) -> HttpResponse:
    """A lesson that no longer holds."""
    row = _lesson(request, pk)
    form = dialogs.VersionedReason(*editing.sent(request), initial={"version": row.version})

    def act() -> str:
        said = form.cleaned_data
        closing.void_lesson(
            lesson=row, reason=said["reason"], by=request.user, now=timezone.now(), expected=said["version"]
        )
        return reverse("cases:lessons")

    return editing.answer(
        request, form, act=act, said=_("Void."), title=_("Void the lesson"), verb=_("Void"),
        back=row.get_absolute_url(), danger=True,
    )  # fmt: skip
