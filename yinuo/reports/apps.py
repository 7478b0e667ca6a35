from yinuo.kit.apps import Room


class ReportsConfig(Room):
    name = "yinuo.reports"
    label = "reports"
