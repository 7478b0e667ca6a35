"""Pages: procedures and their charts, one task, the moves on it, a run."""
