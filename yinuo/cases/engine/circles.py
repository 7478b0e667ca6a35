"""Which of several circles of people a case is closed to: the innermost. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Innermost:
    """The circle that holds, and those of which it is no part: some of its people do not belong to them."""

    circle: int | None
    apart: tuple[int, ...] = ()


def innermost(circles: Mapping[int, Collection[int]], stays: int | None = None) -> Innermost:
    """The circle that has none of the others inside it. `circles`: the people of each, most telling first.

    Where several have none, for they are not inside one another, `stays` holds as long as it is one of them (a case
    does not go over to other people because somebody was named elsewhere), else the first.
    """
    people = {circle: frozenset(named) for circle, named in circles.items()}
    within = [circle for circle, named in people.items() if not any(other < named for other in people.values())]
    if not within:
        return Innermost(None)
    circle = stays if stays in within else within[0]
    return Innermost(circle, tuple(other for other, named in people.items() if not people[circle] <= named))
