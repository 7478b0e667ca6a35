"""Blocks → a tree of clauses, and whatever else is decided without a database."""
