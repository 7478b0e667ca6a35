from yinuo.kit.apps import Room


class ImportsConfig(Room):
    name = "yinuo.imports"
    label = "imports"
