"""Pure decisions about talks: what counts as spoken, what may follow what."""

SPOKEN = frozenset({"phone", "visit", "in_person"})
AWAITS_ANSWER = frozenset({"clarification", "alternative", "feedback"})
CONFIRM_WITHIN_WORKING_DAYS = 3


def is_spoken(way: str) -> bool:
    """Whether words said this way leave nothing in writing, so that the customer should confirm them."""
    return way in SPOKEN


def may_change(state: str) -> bool:
    """Only a draft may still be rewritten; what was released is what goes out."""
    return state == "draft"


def may_release(state: str, text: str) -> bool:
    return state == "draft" and bool(text.strip())


def may_send(state: str) -> bool:
    return state == "released"


def may_withdraw(state: str) -> bool:
    """A letter that did not leave the house yet."""
    return state in ("draft", "released")


def is_waiting_after(purpose: str, direction: str) -> bool:
    """Whether the customer is to answer after this letter went."""
    return direction == "out" and purpose in AWAITS_ANSWER
