"""The room of customers, products, projects and portals."""

from yinuo.kit.apps import Room


class CustomersConfig(Room):
    name = "yinuo.customers"
    label = "customers"
