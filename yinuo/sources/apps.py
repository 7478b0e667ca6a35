"""The room of customers' documents and standards."""

from yinuo.kit.apps import Room


class SourcesConfig(Room):
    name = "yinuo.sources"
    label = "sources"
