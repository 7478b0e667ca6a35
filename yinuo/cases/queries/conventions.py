"""What the company decided about its cases."""

from yinuo.cases import models
from yinuo.kit import remembering


@remembering.once
def convention() -> models.Convention:
    """What the company decided about its cases; as shipped while it decided nothing."""
    return models.Convention.objects.order_by("pk").first() or models.Convention()
