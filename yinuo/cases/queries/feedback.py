"""What the customer said afterwards, and the links for it."""

from django.db.models import QuerySet

from yinuo.cases import models


def feedback_link(token: str) -> models.FeedbackLink | None:
    """The link behind a token, if it was ever made."""
    rows = models.FeedbackLink.objects.select_related("case__customer", "made_by")
    return rows.filter(token=token).first()


def links_of(it: models.Case) -> QuerySet[models.FeedbackLink]:
    """The case's feedback links, newest first."""
    return models.FeedbackLink.objects.filter(case=it).select_related("made_by").order_by("-pk")


def feedbacks_of(it: models.Case) -> QuerySet[models.Feedback]:
    """What the customer said, latest first."""
    return models.Feedback.objects.filter(case=it).select_related("recorded_by", "link").order_by("-pk")
