from yinuo.kit.apps import Room


class ComparisonsConfig(Room):
    name = "yinuo.comparisons"
    label = "comparisons"
