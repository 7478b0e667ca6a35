"""The room of public pages that are watched for changes."""

from yinuo.kit.apps import Room


class WatchesConfig(Room):
    name = "yinuo.watches"
    label = "watches"
