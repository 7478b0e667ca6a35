from yinuo.kit.apps import Room


class CasesConfig(Room):
    name = "yinuo.cases"
    label = "cases"
