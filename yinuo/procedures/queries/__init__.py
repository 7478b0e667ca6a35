"""Reading procedures: definitions, runs, tasks, people to ask, due moments."""
