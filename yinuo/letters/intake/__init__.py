"""Mails from outside → rows: read, judged, taken in once."""
