"""Rooms are Django apps that plug themselves into the rooms below when they start."""

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class Room(AppConfig):
    """Base of every room's app: loads the room's `hooks` (what it plugs in) and `jobs` once all models stand."""

    # Django takes the one configuration of a module whose default is true: the room's own, not this base beside it.
    default = False

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls.default = True

    def ready(self) -> None:
        for shelf in ("hooks", "jobs"):
            if find_spec(f"{self.name}.{shelf}") is not None:
                import_module(f"{self.name}.{shelf}")


class KitConfig(Room):
    name = "yinuo.kit"
    label = "kit"
