"""Pure machinery of search: the words of the field, and what a requirement means."""
