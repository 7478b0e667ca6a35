from yinuo.kit.apps import Room


class DeskConfig(Room):
    name = "yinuo.desk"
    label = "desk"
