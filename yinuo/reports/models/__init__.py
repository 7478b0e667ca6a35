"""The tallies behind every figure, what requests were counted for, what is asked again, and reports that people keep.

Django looks for a room's tables here; other modules say `models.Tally`.
"""

from yinuo.reports.models.repeats import Apart, Asking, Repeat
from yinuo.reports.models.saved import Receiver, SavedReport, Sending
from yinuo.reports.models.tallies import Account, Tally

__all__ = ["Account", "Apart", "Asking", "Receiver", "Repeat", "SavedReport", "Sending", "Tally"]
