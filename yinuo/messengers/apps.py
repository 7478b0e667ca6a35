from yinuo.kit.apps import Room


class MessengersConfig(Room):
    name = "yinuo.messengers"
    label = "messengers"
