"""The room of what customers changed, and of the clock that runs on each change."""

from yinuo.kit.apps import Room


class ChangesConfig(Room):
    name = "yinuo.changes"
    label = "changes"
