"""The tallies behind every figure, what requests were counted for, and what is asked again and again.

Django looks for a room's tables here; other modules say `models.Tally`.
"""

from yinuo.reports.models.repeats import Apart, Asking, Repeat
from yinuo.reports.models.tallies import Account, Tally

__all__ = ["Account", "Apart", "Asking", "Repeat", "Tally"]
