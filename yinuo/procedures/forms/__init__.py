"""Forms: of tasks, made from the procedure's data, and of the moves on a task or run."""
