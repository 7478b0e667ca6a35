from yinuo.kit.apps import Room


class WorkshopConfig(Room):
    name = "tests.kit.workshop"
    label = "workshop"
