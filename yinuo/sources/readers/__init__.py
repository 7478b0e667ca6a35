"""Bytes of one file → blocks. One module per format; no Django, no network, no clock."""
