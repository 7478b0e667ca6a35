"""What procedure steps do with a case by themselves. Each is f(*, subject, run_id, task_id, parameters, data, by, now).

They only translate a step's form into the call of an action; the action asks and writes.
"""

from yinuo.cases.hooks.effects import beginning, ending, handling, progress

__all__ = ["beginning", "ending", "handling", "progress"]
