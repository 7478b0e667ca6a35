"""The overview, the calendar of deadlines, and the rows behind them."""
