"""Expected refusals: what an action says when it must not, or cannot, do what was asked."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Refusal(Exception):
    """One clear sentence for the person, naming what is wrong and the way out.

    Raise a subclass named after what cannot be done (`CannotRelease`), with a translatable sentence; pages and the
    API turn it into a message with status 409 (or `status`). `field` names the form field concerned, if one.
    """

    status = 409

    def __init__(self, sentence: "str | Promise" = "", *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence or self.__doc__ or ""
        self.field = field

    def __str__(self) -> str:
        return str(self.sentence)


class NotAllowed(Refusal):
    """The person has no right to do this."""

    status = 403

    def __init__(self, sentence: "str | Promise" = "") -> None:
        super().__init__(sentence or _("You do not have the right to do this."))


class Stale(Refusal):
    """Somebody else changed the row since the person saw it."""

    def __init__(self, sentence: "str | Promise" = "") -> None:
        super().__init__(
            sentence
            or _("Somebody changed this while you had it open. Your input is still here: reload, compare, save again.")
        )
