from yinuo.kit.apps import Room


class ProceduresConfig(Room):
    name = "yinuo.procedures"
    label = "procedures"
