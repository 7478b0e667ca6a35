from yinuo.kit.apps import Room


class SearchConfig(Room):
    name = "yinuo.search"
    label = "search"
