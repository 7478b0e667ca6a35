"""Talking with servers of mailboxes. Knows no database and no Django."""
