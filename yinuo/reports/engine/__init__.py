"""Drawing, without Django."""
