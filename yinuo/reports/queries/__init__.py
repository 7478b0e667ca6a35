"""Reading: what rows count for, the figures, time per step, load, and the calendar of deadlines."""
