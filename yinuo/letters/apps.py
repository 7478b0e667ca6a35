"""The room of talks with customers."""

from yinuo.kit.apps import Room


class LettersConfig(Room):
    name = "yinuo.letters"
    label = "letters"
