"""Whoever leaves hands over: a column that names a person is something in hand, or the table says why not."""

from django.apps import apps

from yinuo.kit import plugs
from yinuo.org import models as org

# Columns whose rows somebody has in hand, with the board's name of it.
IN_HAND = {
    "cases.Case.owner": "cases.case",
    "cases.Item.owner": "cases.item",
    "cases.Measure.person": "cases.measure",
    "cases.Sample.keeper": "cases.sample",
    "changes.Change.responsible": "changes.change",
    "changes.OwnDocument.responsible": "changes.document",
    "customers.Customer.window": "customers.window",
    "customers.Customer.window_deputy": "customers.window",
    "customers.Member.person": "customers.role",
    "watches.Page.deputy": "watches.page",
    "watches.Page.keeper": "watches.page",
    "watches.Page.others": "watches.page",
    "customers.Portal.deputy": "customers.portal",
    "customers.Portal.keeper": "customers.portal",
    "org.Absence.delegate": "org.cover",
    "org.Holding.person": "org.post",
    "org.Person.superior": "org.report",
    "procedures.Candidate.person": "procedures.task",
    "procedures.Task.candidates": "procedures.task",
    "procedures.Task.holder": "procedures.task",
    "reports.SavedReport.owner": "reports.saved",
}
DONE = "what somebody did stays theirs"
OWN = "about the person alone, and ends with them"
# Why nobody else takes it over.
NOT_IN_HAND = {
    "reports.Apart.by": DONE,
    "cases.Assignment.by": DONE,
    "cases.Assignment.chosen": DONE,
    "cases.Case.priority_by": DONE,
    "cases.Case.registered_by": DONE,
    "cases.Feedback.recorded_by": DONE,
    "cases.FeedbackLink.made_by": DONE,
    "cases.Finding.decided_by": DONE,
    "cases.Finding.reported_by": DONE,
    "cases.Item.analysed_by": DONE,
    "cases.Item.judged_by": DONE,
    "cases.Item.verified_by": DONE,
    "cases.Lesson.written_by": DONE,
    "cases.Link.made_by": DONE,
    "cases.Link.voided_by": DONE,
    "cases.Merge.by": DONE,
    "cases.Merge.undone_by": DONE,
    "cases.Wording.by": DONE,
    "changes.Application.implemented_by": DONE,
    "changes.Application.verified_by": DONE,
    "changes.Change.added_by": DONE,
    "changes.Change.impact_by": DONE,
    "changes.Change.reviewed_by": DONE,
    "changes.OwnDocument.done_by": DONE,
    "customers.Portal.last_check_by": DONE,
    "customers.PortalCheck.by": DONE,
    "customers.PortalCheck.keeper": DONE,
    "watches.Visit.by": DONE,
    "watches.Visit.decided_by": DONE,
    "letters.Dispatch.asked_by": DONE,
    "letters.DraftVersion.by": DONE,
    "letters.Letter.entered_by": "whoever may write changes a draft; it waits for the window, which is handed over",
    "letters.Letter.released_by": DONE,
    "letters.Letter.sent_by": DONE,
    "letters.Mail.brought_by": DONE,
    "letters.ProgressPlan.keeper": "who planned it; once they are gone, it is drafted in the window's name",
    "letters.TemplateEdition.by": DONE,
    "letters.Thread.closed_by": DONE,
    "letters.Thread.opened_by": DONE,
    "letters.Thread.outcome_by": DONE,
    "notify.Choice.person": OWN,
    "notify.Digest.person": OWN,
    "notify.Message.person": OWN,
    "org.Absence.person": OWN,
    "org.Batch.person": DONE,
    "org.FirstView.person": OWN,
    "org.HandOver.by": DONE,
    "org.HandOver.person": DONE,
    "org.HandedOver.to": DONE,
    "org.Invitation.person": OWN,
    "org.PersonSkill.person": OWN,
    "org.Presence.person": OWN,
    "org.RoleGrant.person": "rights are granted, never inherited; leaving ends them",
    "reports.Receiver.person": "to whom figures are sent; whoever leaves gets none",
    "reports.Sending.person": "to whom figures were sent",
    "org.SavedView.owner": "a way of looking at a list; whoever needs it keeps their own",
    "org.ScopeGrant.person": "who may know is decided for each person; leaving ends it",
    "org.Token.person": OWN,
    "sources.Obsolete.by": DONE,
    "sources.Reference.by": DONE,
    "sources.Baseline.opened_by": DONE,
    "sources.Baseline.signed_by": DONE,
    "sources.BaselineRow.by": DONE,
    "sources.Correction.by": DONE,
    "sources.Edition.accepted_by": DONE,
    "sources.Edition.brought_by": DONE,
    "sources.Loading.by": DONE,
    "sources.Judgement.by": DONE,
    "sources.Mapping.by": DONE,
    "sources.Translation.by": DONE,
    "procedures.Copy.by": DONE,
    "procedures.Copy.person": "brought to somebody's notice; nobody waits for it",
    "procedures.Draft.changed_by": DONE,
    "procedures.Draft.started_by": "a draft is shared by all who may publish",
    "procedures.Edition.published_by": DONE,
    "procedures.Opinion.entered_by": DONE,
    "procedures.Opinion.said_by": "waits with its task, and is set aside when that is given away",
    "procedures.Reminder.by": DONE,
    "procedures.Run.started_by": DONE,
    "procedures.Signature.entered_by": DONE,
    "procedures.Signature.on_behalf_of": DONE,
    "procedures.Signature.person": DONE,
    "procedures.Task.closed_by": DONE,
    "procedures.Task.delegate": "the task stays its holder's, who does it alone again",
    "procedures.Task.on_behalf_of": DONE,
    "procedures.Task.returned_by": DONE,
}


def naming_people() -> set[str]:
    """Every column of our models that leads to a person."""
    return {
        f"{model._meta.label}.{field.name}"
        for model in apps.get_models()
        if model.__module__.startswith("yinuo.")
        for field in model._meta.get_fields()
        if field.is_relation and field.concrete and field.related_model is org.Person
    }


def test_everything_that_names_a_person_is_handed_over_or_says_why_not() -> None:
    found = naming_people()
    assert len(found) > 50
    assert sorted(found - set(IN_HAND) - set(NOT_IN_HAND)) == [], "in hand, or done and past? say so in the tables"
    assert sorted((set(IN_HAND) | set(NOT_IN_HAND)) - found) == [], "is gone"
    assert set(IN_HAND) & set(NOT_IN_HAND) == set()


def test_every_duty_covers_a_column_and_can_be_given_away() -> None:
    assert set(IN_HAND.values()) == set(plugs.duties.names())
    for plug in plugs.duties:
        assert callable(plug.about["give"])
        assert plug.about["needs"]
        assert plug.about["sees"]
        assert all("{n}" in words for words in plug.about["counted"])
        assert plug.zh
        assert plug.en
