from yinuo.kit.apps import Room


class OrgConfig(Room):
    name = "yinuo.org"
    label = "org"
