from yinuo.kit.apps import Room


class RecordsConfig(Room):
    name = "yinuo.records"
    label = "records"
