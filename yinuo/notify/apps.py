from yinuo.kit.apps import Room


class NotifyConfig(Room):
    name = "yinuo.notify"
    label = "notify"
