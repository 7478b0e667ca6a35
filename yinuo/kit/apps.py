"""Rooms are Django apps that plug themselves into the rooms below when they start."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class Room(AppConfig):
    """Base of every room's app: loads the room's `hooks` (what it plugs in) and `jobs` once all models stand."""

    def ready(self) -> None:
        for shelf in ("hooks", "jobs"):
            if find_spec(f"{self.name}.{shelf}") is not None:
                import_module(f"{self.name}.{shelf}")


class KitConfig(Room):
    name = "yinuo.kit"
    label = "kit"
